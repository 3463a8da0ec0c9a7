/// A page image whose lines somebody outlined, and perhaps transcribed.
public struct GroundTruthPage: Sendable, Equatable {
  /// Where the image should be: what the file names, seen from the file's folder.
  public var imagePath: String
  /// The width of the image in pixels, if the file tells.
  public var width: Int?
  /// The height of the image in pixels, if the file tells.
  public var height: Int?
  /// The lines in reading order.
  public var lines: [GroundTruthLine]
  /// What could not be used, and why.
  public var problems: [GroundTruthProblem]

  /// A page.
  public init(
    imagePath: String, width: Int? = nil, height: Int? = nil, lines: [GroundTruthLine] = [],
    problems: [GroundTruthProblem] = []
  ) {
    (self.imagePath, self.width, self.height) = (imagePath, width, height)
    (self.lines, self.problems) = (lines, problems)
  }
}

/// An outlined line of a page.
public struct GroundTruthLine: Sendable, Equatable {
  /// The name that the file gives to the line, or its number on the page.
  public var id: String
  /// The outline, in pixels of the page image.
  public var polygon: [PagePoint]
  /// The line on which the letters stand.
  public var baseline: [PagePoint]?
  /// The transcript, in logical order; nil where there is none.
  public var text: String?

  /// A line.
  public init(
    id: String, polygon: [PagePoint], baseline: [PagePoint]? = nil, text: String? = nil
  ) {
    (self.id, self.polygon, self.baseline, self.text) = (id, polygon, baseline, text)
  }
}

/// Why a line of a page, or a part of it, is left out.
public struct GroundTruthProblem: Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line in the file.
  public let line: Int
  /// The line of writing.
  public let id: String
  /// What was found.
  public let found: String
  /// What was expected.
  public let expected: String

  /// One line of words.
  public var description: String {
    "\(file):\(line): line '\(id)': found \(found), expected \(expected)"
  }
}

extension GroundTruthLine {
  /// A transcript without the spaces and line ends that come from the file's layout; nil if empty.
  static func transcript(_ text: String) -> String? {
    let words = text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
      .map { $0.trimmingLayout() }.filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  fileprivate func trimmingLayout() -> String {
    let isLayout = { (character: Character) in character == " " || character == "\t" }
    let head = drop(while: isLayout)
    guard let last = head.lastIndex(where: { !isLayout($0) }) else { return "" }
    return String(head[...last])
  }
}
