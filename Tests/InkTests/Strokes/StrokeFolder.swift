import Foundation
import Ink
import Testing

/// A folder for files of strokes that goes away with the test.
final class StrokeFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "strokes-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// The recordings in a file of this text.
  func read(_ text: String, limits: StrokeLimits = StrokeLimits()) throws -> [StrokeSample] {
    try StrokeFile.read(try write("strokes", text), limits: limits)
  }

  /// The error that reading a file of these bytes gives.
  func error(
    _ bytes: [UInt8], limits: StrokeLimits = StrokeLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> StrokeError? {
    let file = try write("wrong", bytes)
    return #expect(throws: StrokeError.self, sourceLocation: sourceLocation) {
      try StrokeFile.read(file, limits: limits)
    }
  }

  /// The message of the error that reading a file of this text gives, without the path in front.
  func message(
    _ text: String, limits: StrokeLimits = StrokeLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let error = try error(Array(text.utf8), limits: limits, sourceLocation: sourceLocation)
    let message = error?.description ?? ""
    #expect(message.hasPrefix("\(path)/wrong:"), sourceLocation: sourceLocation)
    return String(message.dropFirst("\(path)/wrong:".count))
  }
}

/// The path of a file beside the tests.
func strokeReference(_ name: String) throws -> String {
  try #require(
    Bundle.module.path(forResource: "References/Strokes/\(name)", ofType: nil), "\(name)")
}

/// The places of all points, stroke after stroke.
func places(_ recording: PenRecording) -> [[[Float]]] {
  recording.strokes.map { $0.points.map { [$0.x, $0.y] } }
}
