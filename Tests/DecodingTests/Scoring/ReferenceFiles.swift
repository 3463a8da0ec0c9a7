import Foundation

/// What jiwer and sclite say; `make_reference.py` beside the files tells how they were made.
enum ScoringReferences {
  struct JiwerPair: Decodable {
    var reference: String
    var hypothesis: String
    /// Hits, substitutions, deletions and insertions.
    var words: [Int]
    var characters: [Int]
    var wer: Double?
    var cer: Double?
  }

  struct Jiwer: Decodable {
    var pairs: [JiwerPair]
    var wer: Double
    var cer: Double
  }

  struct SclitePair: Decodable {
    var reference: String
    var hypothesis: String
    /// Correct, substituted, deleted and inserted words.
    var scores: [Int]
    /// The reference, the hypothesis and the letters under them.
    var lines: [String]
  }

  struct Sclite: Decodable {
    var plain: [SclitePair]
    var marked: [SclitePair]
    var table: [String]
  }

  static func jiwer() throws -> Jiwer { try read("jiwer.json") }
  static func sclite() throws -> Sclite { try read("sclite.json") }

  private static func read<Value: Decodable>(_ name: String) throws -> Value {
    let folder = Bundle.module.resourceURL ?? URL(filePath: "")
    let file = folder.appending(path: "References/\(name)")
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
  }
}

/// A folder that goes with the value.
final class ScratchFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}
