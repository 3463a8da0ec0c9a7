#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The mean and deviation of a feature over the training set.
public struct FeatureScale: Sendable, Equatable, Codable {
  /// What the feature is called.
  public let name: String
  /// Its mean.
  public let mean: Float
  /// Its standard deviation; 1 where it never changes.
  public let deviation: Float
}

/// How sequences become labels or numbers that a network reads: part of a model.
public enum SequenceEncoder: Sendable, Equatable, Codable {
  /// Tokens, each with a label.
  case tokens(Vocabulary)
  /// Rows of numbers, scaled to mean 0 and deviation 1.
  case numbers([FeatureScale])

  /// The scales of rows of numbers.
  public init(scaling contents: some Sequence<SequenceContent>, features: [String]) {
    var (count, sums, squares) = (0.0, features.map { _ in 0.0 }, features.map { _ in 0.0 })
    for case .rows(let rows) in contents {
      for row in rows {
        count += 1
        for (index, value) in row.enumerated() {
          sums[index] += Double(value)
          squares[index] += Double(value) * Double(value)
        }
      }
    }
    self = .numbers(
      features.indices.map { index in
        let mean = sums[index] / max(1, count)
        let variance = max(0, squares[index] / max(1, count) - mean * mean)
        return FeatureScale(
          name: features[index], mean: Float(mean),
          deviation: variance > 1e-12 * mean * mean ? Float(variance.squareRoot()) : 1)
      })
  }

  /// What the network reads of a sequence.
  ///
  /// - Throws: `SequencesError.input` if it is not what the model was made for, or has no step.
  public func encode(_ content: SequenceContent) throws(SequencesError) -> EncodedSequence {
    let encoded: EncodedSequence
    switch (self, content) {
    case (.tokens(let vocabulary), .text(let text)):
      encoded = .labels(vocabulary.unit.split(text).map { vocabulary.label(of: $0) })
    case (.tokens(let vocabulary), .tokens(let tokens)):
      encoded = .labels(tokens.map { vocabulary.label(of: $0) })
    case (.numbers(let scales), .rows(let rows)):
      if let row = rows.first(where: { $0.count != scales.count }) {
        throw .input(
          found: "a row of \(row.count) numbers",
          expected: "\(scales.count): " + scales.map(\.name).joined(separator: ", "))
      }
      encoded = .frames(
        rows.map { row in zip(row, scales).map { ($0 - $1.mean) / $1.deviation } })
    case (.tokens, .rows): throw .input(found: content.kind, expected: "a text")
    case (.numbers, _): throw .input(found: content.kind, expected: "rows of numbers")
    }
    guard encoded.count > 0 else { throw .input(found: "empty", expected: "one step or more") }
    return encoded
  }
}

/// A sequence as a network reads it.
public enum EncodedSequence: Sendable, Equatable {
  /// A label for each step.
  case labels([Int])
  /// The features of each step.
  case frames([[Float]])

  /// The number of steps.
  public var count: Int {
    switch self {
    case .labels(let labels): labels.count
    case .frames(let frames): frames.count
    }
  }
}
