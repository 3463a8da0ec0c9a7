/// What was read on a page image: its lines in reading order, with their places and confidences.
///
/// All text is in logical order, the order in which it is read aloud, for every script.
public struct RecognizedPage: Sendable, Equatable, Encodable {
  /// The path of the image, as the output names it.
  public let image: String
  /// The width of the image in pixels.
  public let width: Int
  /// The height of the image in pixels.
  public let height: Int
  /// The lines in reading order.
  public let lines: [RecognizedLine]

  /// A page.
  public init(image: String, width: Int, height: Int, lines: [RecognizedLine]) {
    precondition(
      width > 0 && height > 0, "RecognizedPage: got \(width) × \(height), expected positive")
    (self.image, self.width, self.height, self.lines) = (image, width, height, lines)
  }

  /// The text, a row for each line.
  public var text: String { lines.map(\.text).joined(separator: "\n") }
}

/// A line that was read.
public struct RecognizedLine: Sendable, Equatable, Encodable {
  /// The text.
  public let text: String
  /// How sure the recogniser is, in `0...1`, to four digits.
  public let confidence: Double
  /// Where the line is.
  public let box: PageBox
  /// The outline, where it is known better than by the box.
  public let polygon: [PagePoint]?
  /// The line on which the letters stand, from the left.
  public let baseline: [PagePoint]?
  /// The words in logical order; none where only the text is known.
  public let words: [RecognizedWord]

  /// A line.
  public init(
    text: String, confidence: Double, box: PageBox, polygon: [PagePoint]? = nil,
    baseline: [PagePoint]? = nil, words: [RecognizedWord] = []
  ) {
    let points = (polygon ?? []) + (baseline ?? [])
    precondition(
      points.allSatisfy { abs($0.x) <= PagePoint.limit && abs($0.y) <= PagePoint.limit },
      "RecognizedLine: got points beyond any page, expected finite pixel coordinates")
    self.text = text
    self.confidence = checkedConfidence(confidence)
    (self.box, self.polygon, self.baseline, self.words) = (box, polygon, baseline, words)
  }

  /// The outline: the polygon, or else the corners of the box.
  public var outline: [PagePoint] { polygon ?? box.corners }
}

/// A word that was read.
public struct RecognizedWord: Sendable, Equatable, Encodable {
  /// The letters.
  public let text: String
  /// How sure the recogniser is, in `0...1`, to four digits.
  public let confidence: Double
  /// Where the word is.
  public let box: PageBox
  /// The characters in logical order; none where only the word is known.
  public let characters: [RecognizedCharacter]

  /// A word.
  public init(
    text: String, confidence: Double, box: PageBox, characters: [RecognizedCharacter] = []
  ) {
    self.text = text
    self.confidence = checkedConfidence(confidence)
    (self.box, self.characters) = (box, characters)
  }
}

/// A character that was read: what a reader takes for one, with its accents.
public struct RecognizedCharacter: Sendable, Equatable, Encodable {
  /// The character.
  public let text: String
  /// How sure the recogniser is, in `0...1`, to four digits.
  public let confidence: Double
  /// Where the character is.
  public let box: PageBox

  /// A character.
  public init(text: String, confidence: Double, box: PageBox) {
    (self.text, self.confidence, self.box) = (text, checkedConfidence(confidence), box)
  }
}

private func checkedConfidence(_ value: Double) -> Double {
  precondition(
    (0...1).contains(value), "RecognizedPage: got the confidence \(value), expected 0 to 1")
  return (value * 10_000).rounded() / 10_000
}
