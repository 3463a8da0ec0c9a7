/// Words that are shown together.
public struct Caption: Sendable, Equatable {
  /// A word on the screen.
  public struct Word: Sendable, Equatable {
    /// Its letters, on one line.
    public var text: String
    /// When it begins, in milliseconds.
    public var start: Int
    /// When it ends, in milliseconds.
    public var end: Int
  }

  /// When it appears, in milliseconds.
  public var start: Int
  /// When it goes, in milliseconds; later than `start`, and never after the next one appears.
  public var end: Int
  /// The words of each line.
  public var lines: [[Word]]

  /// Its lines as text.
  public var text: [String] { lines.map { $0.map(\.text).joined(separator: " ") } }
}
