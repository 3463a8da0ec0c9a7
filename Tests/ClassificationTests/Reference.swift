import Foundation
import Tensors

/// Numbers made by an independent implementation: `References/<name>.json`, written by the script
/// `References/make_references.py`.
struct Reference {
  private struct Entry: Decodable {
    var shape: [Int]
    var values: [Float]
  }

  private struct MissingEntry: Error {
    var name: String
  }

  private let entries: [String: Entry]

  init(_ name: String) throws {
    guard
      let url = Bundle.module.url(
        forResource: name, withExtension: "json", subdirectory: "References")
    else { throw MissingEntry(name: name) }
    entries = try JSONDecoder().decode([String: Entry].self, from: Data(contentsOf: url))
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let entry = entries[name] else { throw MissingEntry(name: name) }
    return Tensor(entry.values, shape: Shape(entry.shape))
  }
}
