import Configuration
import Layers
import ModelFiles
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A trained classifier: what it reads, its network, and how its answers are called.
public struct Classifier: Sendable {
  /// What an example was taken for.
  public struct Answer: Sendable, Equatable {
    /// The class, an index of the classes.
    public var label: Int
    /// The probability of each class; nil for a perceptron, which knows none.
    public var probabilities: [Float]?
    /// The score of each class: logits of a net, sums of a perceptron.
    public var scores: [Float]

    /// The classes from the likeliest to the least likely, at most so many.
    public func ranking(_ count: Int) -> [Int] {
      let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
      return Array(order.prefix(count))
    }
  }

  /// The network and its sizes.
  public let configuration: ClassifierConfiguration
  /// What it reads and tells.
  public let input: ClassifierInput
  /// The network.
  public var network: ClassifierNetwork

  /// A classifier of these parts.
  public init(
    configuration: ClassifierConfiguration, input: ClassifierInput, network: ClassifierNetwork
  ) {
    (self.configuration, self.input, self.network) = (configuration, input, network)
  }

  /// The features of examples as the network takes them, `[example, featureCount]`.
  public func features(_ examples: Examples, _ range: Range<Int>) -> Tensor {
    var features = examples.features(range)
    input.statistics?.standardize(&features)
    return features
  }

  /// What the network puts out for examples, `[example, output]`; numbers are those of the data.
  public func outputs(_ examples: Examples) -> Tensor {
    precondition(
      examples.featureCount == input.featureCount,
      "Classifier: got \(examples.featureCount) features, expected \(input.featureCount)")
    var rows: [Float] = []
    rows.reserveCapacity(examples.count * input.outputCount)
    for start in stride(from: 0, to: examples.count, by: Self.batchSize) {
      let end = min(start + Self.batchSize, examples.count)
      rows += network.outputs(features(examples, start..<end)).scalars
    }
    var outputs = Tensor(rows, shape: [examples.count, input.outputCount])
    input.targetStatistics?.restore(&outputs)
    return outputs
  }

  /// The class of each example.
  public func answers(_ examples: Examples) -> [Answer] {
    precondition(!input.isRegression, "Classifier.answers: the model predicts numbers")
    let outputs = outputs(examples)
    let scores = outputs.scalars
    let hasProbabilities = configuration.kind == .feedForward
    let logarithms = hasProbabilities ? outputs.logSoftmax().scalars : []
    let size = input.outputCount
    return (0..<examples.count).map { row in
      let range = row * size..<(row + 1) * size
      let own = Array(scores[range])
      let label = own.indices.max { (own[$0], -$0) < (own[$1], -$1) } ?? 0
      return Answer(
        label: label,
        probabilities: hasProbabilities ? logarithms[range].map { exp($0) } : nil,
        scores: own)
    }
  }

  /// How examples of known classes were classified.
  public func confusion(_ examples: Examples) -> ConfusionMatrix {
    precondition(
      examples.labels.count == examples.count, "Classifier.confusion: examples without labels")
    var matrix = ConfusionMatrix(classes: input.classes)
    for (label, answer) in zip(examples.labels, answers(examples)) {
      matrix.add(label: label, answer: answer.label)
    }
    return matrix
  }

  /// The root of the mean squared error of each predicted number, and the share of its variance that
  /// is explained (R²).
  public func regressionErrors(
    _ examples: Examples
  ) -> [(name: String, rootMeanSquare: Double, explained: Double)] {
    let size = input.targets.count
    precondition(
      size > 0 && examples.targets.count == examples.count * size,
      "Classifier.regressionErrors: examples without targets")
    let outputs = outputs(examples).scalars
    return input.targets.enumerated().map { column, name in
      var (mean, squares, total) = (0.0, 0.0, 0.0)
      for row in 0..<examples.count { mean += Double(examples.targets[row * size + column]) }
      mean /= Double(max(1, examples.count))
      for row in 0..<examples.count {
        let target = Double(examples.targets[row * size + column])
        let error = Double(outputs[row * size + column]) - target
        squares += error * error
        total += (target - mean) * (target - mean)
      }
      let root = (squares / Double(max(1, examples.count))).squareRoot()
      return (name, root, total > 0 ? 1 - squares / total : 0)
    }
  }

  private static let batchSize = 1000

}
