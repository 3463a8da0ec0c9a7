import Autograd
import Layers
import Tensors

/// The sizes that a network is made for.
struct ForecastSizes {
  let contextLength: Int
  let predictionLength: Int
  let targetCount: Int
  let pastCount: Int
  let knownCount: Int
  /// Numbers that are said about each value.
  let width: Int
  /// How many of them lie where the value lies, and move with it.
  let moved: Int
  /// Rows of the table of groups, of which the first stands for unknown ones.
  let groupCount: Int

  init(_ configuration: ForecasterConfiguration, groupCount: Int) {
    (contextLength, predictionLength) = (
      configuration.contextLength, configuration.predictionLength
    )
    targetCount = configuration.data.targets.count
    pastCount = configuration.data.pastCovariates.count
    knownCount = configuration.data.knownCount
    width = configuration.output.width
    moved = configuration.output.kind == .gaussian ? 1 : width
    self.groupCount = groupCount + 1
  }
}

/// A learned vector for each series, repeated over time.
struct GroupEmbedding: Module {
  private var embedding: Embedding?

  /// The number of features, 0 for none.
  let size: Int

  init(size: Int, groupCount: Int, random: inout RandomSource) {
    self.size = size
    if size > 0 {
      embedding = Embedding(count: groupCount, size: size, padding: 0, random: &random)
    }
  }

  /// `[time, batch, size]`, the same at each time; nil without features.
  func callAsFunction(_ groups: [Int], time: Int, on tape: Tape?) -> Variable? {
    guard let embedding else { return nil }
    let labels = (0..<time).flatMap { _ in groups }
    return embedding(labels, shape: [time, groups.count], on: tape)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
  }
}
