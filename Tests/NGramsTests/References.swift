import Foundation
import NGrams

/// The files beside `make_reference.py`, which tells how they were made.
enum References {
  static func path(_ name: String) -> String {
    let folder = Bundle.module.resourceURL ?? URL(filePath: "")
    return folder.appending(path: "References/\(name)").path(percentEncoded: false)
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// A sentence as KenLM scored it, the end of the sentence last.
  struct Score: Decodable {
    var sentence: String
    var scores: [Float]
    var lengths: [Int]

    var words: [String] { sentence.split(separator: " ").map(String.init) }
  }

  static func scores() throws -> [String: [Score]] {
    let data = try Data(contentsOf: URL(filePath: path("scores.json")))
    return try JSONDecoder().decode([String: [Score]].self, from: data)
  }
}

/// The numbers of an ARPA file, read in the plainest way: n-gram to log-probability and back-off.
func plainARPA(_ text: String) -> [String: (Float, Float)] {
  var grams: [String: (Float, Float)] = [:]
  var order = 0
  for line in text.split(separator: "\n") {
    if line.hasSuffix("-grams:") { order = Int(line.dropFirst().prefix { $0 != "-" }) ?? 0 }
    let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard order > 0, fields.count > order, let probability = Float(fields[0]) else { continue }
    let backoff = fields.count > order + 1 ? Float(fields[order + 1]) ?? .nan : 0
    grams[fields[1...order].joined(separator: " ")] = (probability, backoff)
  }
  return grams
}

/// A folder that goes with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }

  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}

extension NGramEstimator {
  /// An estimator with these options.
  init(
    _ order: Int, _ unit: NGramUnit = .word, pruning: [Int] = [0], vocabularyLimit: Int? = nil
  ) {
    self.init()
    (self.order, self.unit, self.pruning) = (order, unit, pruning)
    self.vocabularyLimit = vocabularyLimit
  }
}
