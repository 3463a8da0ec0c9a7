/// What could not be used of a page, gathered while it is read.
struct ProblemList {
  private(set) var list: [GroundTruthProblem] = []
  private var lineCount = 0

  /// The most lines that a page may have.
  static let lineLimit = 100_000

  /// Counts a line of the page; returns its number, from 1.
  mutating func countLine(_ xml: DocumentReader) throws(DocumentError) -> Int {
    lineCount += 1
    guard lineCount <= Self.lineLimit else {
      throw .tooManyLines(file: xml.name, line: xml.line, limit: Self.lineLimit)
    }
    return lineCount
  }

  mutating func add(_ file: String, _ line: Int, _ id: String, found: String, expected: String) {
    list.append(
      GroundTruthProblem(file: file, line: line, id: id, found: found, expected: expected))
  }

  /// Reads the coordinates of an outline or a baseline; nil, with a problem noted, if they are bad.
  mutating func points(
    _ text: String, least: Int, of part: String, at place: (file: String, line: Int, id: String)
  ) -> [PagePoint]? {
    let found: String
    switch PagePoint.list(text) {
    case .success(let points) where points.count >= least: return points
    case .success(let points): found = "\(points.count) points in '\(part)'"
    case .failure(let error): found = "\(error.found) in '\(part)'"
    }
    add(
      place.file, place.line, place.id, found: found,
      expected: "at least \(least) points of finite pixel coordinates")
    return nil
  }
}
