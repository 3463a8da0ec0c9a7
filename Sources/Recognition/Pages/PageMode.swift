/// Whether a picture is taken for a page, which is split into lines, or for one line.
public enum PageMode: String, CaseIterable, Sendable {
  /// As what it looks like.
  case auto
  /// For one line, as it is.
  case line
  /// For a page.
  case page
}
