import Ink

/// What is wrong with the strokes of a row.
struct StrokeRowError: Error {
  let found: String
  let expected: String
}

extension PenRecording {
  private static let most = 1_000_000

  /// Reads strokes as a manifest writes them; see ``JSONLinesManifest``.
  init(manifestValue value: JSONValue) throws(StrokeRowError) {
    guard case .array(let strokes) = value else {
      throw StrokeRowError(found: "'strokes' = \(value.kind)", expected: "a list of strokes")
    }
    var read: [Stroke] = []
    var count = 0
    for (index, stroke) in strokes.enumerated() {
      let place = "stroke \(index + 1)"
      guard case .array(let points) = stroke, !points.isEmpty else {
        throw StrokeRowError(
          found: "\(place) = \(stroke.kind)", expected: "a list of one point or more")
      }
      count += points.count
      guard count <= Self.most else {
        throw StrokeRowError(found: "more than \(Self.most) points", expected: "fewer")
      }
      var line: [StrokePoint] = []
      for (number, point) in points.enumerated() {
        line.append(try Self.point(point, "point \(number + 1) of \(place)"))
      }
      read.append(Stroke(points: line))
    }
    guard !read.isEmpty else {
      throw StrokeRowError(found: "no stroke", expected: "one stroke or more")
    }
    self.init(strokes: read)
  }

  private static func point(
    _ value: JSONValue, _ place: String
  ) throws(StrokeRowError) -> StrokePoint {
    guard case .array(let members) = value, (2...4).contains(members.count) else {
      throw StrokeRowError(
        found: "\(place) = \(value.kind)",
        expected: "[x, y], with milliseconds and pressure if known")
    }
    var numbers: [Float] = []
    for member in members {
      guard case .number(let number) = member, Float(number).isFinite else {
        throw StrokeRowError(
          found: "\(member.kind) in \(place)", expected: "a finite number")
      }
      numbers.append(Float(number))
    }
    return StrokePoint(
      x: numbers[0], y: numbers[1], time: numbers.count > 2 ? numbers[2] / 1000 : nil,
      pressure: numbers.count > 3 ? numbers[3] : nil)
  }
}
