/// A pattern for the names of tensors, in which `*` stands for any characters, also none.
public struct NamePattern: Sendable, Equatable {
  /// The pattern as it was given.
  public let text: String
  private let pieces: [Substring]

  /// A pattern; without `*` it is a name.
  public init(_ text: String) {
    self.text = text
    pieces = text.split(separator: "*", omittingEmptySubsequences: false)
  }

  /// Whether a whole name is of this form.
  ///
  /// The pieces between the stars are looked for from left to right, each as early as it can stand.
  public func matches(_ name: String) -> Bool {
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else {
      return name == text
    }
    guard name.count >= first.count + last.count, name.hasPrefix(first), name.hasSuffix(last) else {
      return false
    }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let place = Self.find(piece, in: rest) else { return false }
      rest = rest[place...].dropFirst(piece.count)
    }
    return true
  }

  private static func find(_ piece: Substring, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(piece) }
  }
}
