/// How much of an XML file is held at a time; whatever the file, memory stays below a few times these.
public struct MarkupLimits: Sendable, Equatable {
  /// Elements inside each other, at most.
  public var depth: Int
  /// UTF-8 bytes of one tag with its attributes, of a comment or of a declaration, at most.
  ///
  /// The parser compares each attribute of a tag with each: the time grows with the square.
  public var tagBytes: Int
  /// UTF-8 bytes of one ``MarkupEvent/text(_:)``, at least 4; a longer text comes in several.
  public var pieceBytes: Int
  /// UTF-8 bytes of a text that is asked for as a whole, at most.
  public var textBytes: Int

  /// Limits that no sane file of strokes or of transcribed pages meets.
  public init(
    depth: Int = 256, tagBytes: Int = 1 << 18, pieceBytes: Int = 1 << 16, textBytes: Int = 1 << 20
  ) {
    precondition(
      depth > 0 && tagBytes > 0 && pieceBytes >= 4 && textBytes >= 0,
      "MarkupLimits: got \(depth), \(tagBytes), \(pieceBytes), \(textBytes), expected positive, the third at least 4"
    )
    (self.depth, self.tagBytes) = (depth, tagBytes)
    (self.pieceBytes, self.textBytes) = (pieceBytes, textBytes)
  }
}
