import Autograd
import Classification
import Layers
import ModelFiles
import Tensors

/// Learning to tell classes apart, or to predict numbers, from tables and pictures.
///
/// A perceptron is trained by its own rule: an epoch is a pass over the examples, and one without a
/// mistake is the last.
public struct ClassificationTask: TrainingTask {
  /// Fewer wrong classes are better; predicted numbers are judged by the loss.
  public static let criterion: Measure? = .errorRate
  /// Rows of a table, or pictures.
  public static let unit = "examples"

  private let recipe: ClassificationRecipe
  private let training: Examples
  /// Nil if nothing is held back.
  private let validation: Examples?
  private let distorter: Distorter?
  /// All training examples as a perceptron sees them; nil for other networks.
  private let perceptronExamples: PerceptronExamples?
  /// The network with what it reads.
  public private(set) var classifier: Classifier

  /// Reads and checks the examples, and makes the network or takes that of the file.
  public init(
    _ recipe: ClassificationRecipe, start: TrainingStart, note: (String) -> Void
  ) throws(TrainerError) {
    self.recipe = recipe
    let (training, validation, input) = try mapping(TrainerError.classification) {
      () throws(ClassificationError) in try Self.examples(recipe)
    }
    var random = RandomSource(
      seed: UInt64(recipe.rules.seed), RandomPurpose.initialization.rawValue)
    var network = ClassifierNetwork(recipe.model, input: input, random: &random)
    if let file = start.file {
      try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
        try file.expect(kind: recipe.model.kind.rawValue)
        try file.load(into: &network)
      }
    }
    network.setPrecision(recipe.rules.precision)
    classifier = Classifier(configuration: recipe.model, input: input, network: network)
    distorter = input.pictures.flatMap { format in
      recipe.distortion.map { Distorter($0, width: format.width, height: format.height) }
    }
    perceptronExamples =
      recipe.model.kind == .perceptron
      ? PerceptronExamples(
        features: classifier.features(training, 0..<training.count), labels: training.labels)
      : nil
    (self.training, self.validation) = (training, validation)
    for line in overview { note(line) }
  }

  private static func examples(
    _ recipe: ClassificationRecipe
  ) throws(ClassificationError) -> (Examples, Examples?, ClassifierInput) {
    let (all, reader) = try ExampleReader.training(recipe.data, pictures: recipe.pictures)
    var (training, validation) = try recipe.heldBack(all, seed: UInt64(recipe.rules.seed))
    if let source = recipe.validation { validation = try reader.labelled(source) }
    var input = reader.input
    if recipe.standardize {
      input.statistics = ColumnStatistics(
        of: training.features(0..<training.count).scalars, columnCount: training.featureCount)
    }
    if input.isRegression {
      input.targetStatistics = ColumnStatistics(
        of: training.targets, columnCount: input.targets.count)
    }
    return (training, validation, input)
  }

  private var overview: [String] {
    let input = classifier.input
    let held = validation.map { ", \($0.count) held back" } ?? ""
    let output =
      input.isRegression
      ? "predicted: " + input.targets.joined(separator: ", ")
      : "\(input.classes.count) classes"
    return [
      "\(training.count) examples of \(input.featureCount) features\(held); \(output)",
      validation == nil ? "nothing is held back: the error is that of the training examples" : "",
    ].filter { !$0.isEmpty }
  }

  /// Shows the parameters of the network.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    classifier.network.visit(&visitor)
  }

  // MARK: - Batches

  /// The number of batches.
  public func batchCount(epoch: Int) -> Int {
    (training.count + recipe.rules.batching.size - 1) / recipe.rules.batching.size
  }

  /// The examples in an order of the epoch's own, cut into batches.
  public func batches(
    epoch: Int, startingAt start: Int
  ) -> BatchLoader<ClassificationBatch> {
    let (seed, size) = (UInt64(recipe.rules.seed), recipe.rules.batching.size)
    var random = RandomSource(seed: seed, RandomPurpose.batching.rawValue, epoch)
    var order = Array(0..<training.count)
    order.shuffle(using: &random)
    let (training, distorter, input) = (self.training, self.distorter, classifier.input)
    return BatchLoader(
      count: batchCount(epoch: epoch), startingAt: start
    ) { [order] index, _ in
      let indices = Array(order[index * size..<min(training.count, (index + 1) * size)])
      var features = training.features(
        indices, distortedBy: distorter, seed: seed, epoch: epoch)
      input.statistics?.standardize(&features)
      return ClassificationBatch(
        features: features, labels: training.labels(of: indices),
        targets: training.targets(of: indices, standardizedBy: input.targetStatistics),
        isFirst: index == 0)
    }
  }

  /// The cross-entropy of the classes, the error of the numbers, or the share of a perceptron's
  /// mistakes.
  public func loss(
    of batch: ClassificationBatch, at progress: TrainingProgress, on tape: Tape
  ) -> Variable {
    switch classifier.network {
    case .perceptron(let perceptron):
      return perceptron.trainingStep(
        batch.features, labels: batch.labels, isFirst: batch.isFirst,
        examples: perceptronExamples, on: tape)
    case .feedForward(let net):
      let outputs = net(Variable(batch.features), on: tape)
      guard let targets = batch.targets else {
        return crossEntropy(
          logits: outputs, targets: batch.labels, labelSmoothing: recipe.labelSmoothing, on: tape
        ).loss
      }
      return regressionLoss(outputs, targets, on: tape)
    }
  }

  private func regressionLoss(
    _ outputs: Variable, _ targets: Tensor, on tape: Tape?
  ) -> Variable {
    switch recipe.regressionLoss {
    case .squared: squaredError(prediction: outputs, target: targets, on: tape)
    case .absolute: absoluteError(prediction: outputs, target: targets, on: tape)
    case .huber: huberLoss(prediction: outputs, target: targets, on: tape)
    }
  }

  // MARK: - Results

  /// Error rate and loss on the examples held back, or on those trained if none are.
  public func score() -> TaskScore? {
    let examples = validation ?? training
    var outputs = classifier.outputs(examples)
    if classifier.input.isRegression {
      classifier.input.targetStatistics?.standardize(&outputs)
      let targets = examples.targets(
        of: Array(0..<examples.count), standardizedBy: classifier.input.targetStatistics)
      let errors = classifier.regressionErrors(examples).map { $0.rootMeanSquare }
      let mean = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
      let loss = regressionLoss(
        Variable(outputs), targets ?? Tensor(zeros: outputs.shape), on: nil)
      return TaskScore(loss: Double(loss.tensor.item), measures: [.mse: mean])
    }
    let wrong = outputs.wrongCount(examples.labels)
    let rate = Double(wrong) / Double(examples.count)
    guard case .feedForward = classifier.network else {
      return TaskScore(loss: rate, measures: [.errorRate: rate])
    }
    let loss = crossEntropy(logits: Variable(outputs), targets: examples.labels).loss
    return TaskScore(loss: Double(loss.tensor.item), measures: [.errorRate: rate])
  }

  /// A perceptron has learned all it can when it made no mistake.
  public func isComplete(afterLoss loss: Double, score: TaskScore?) -> Bool {
    perceptronExamples != nil && loss == 0
  }

  /// What a perceptron's mistakes mean, beside what theory says of them.
  public func conclusion(epochs: Int) -> [String] {
    guard case .perceptron(let perceptron) = classifier.network, let perceptronExamples else {
      return []
    }
    return PerceptronReport(
      passCount: epochs, mistakes: perceptron.counts.mistakes,
      lastMistakes: perceptron.counts.mistakesOfPass,
      separation: LinearSeparation(
        perceptronExamples, classCount: classifier.input.classes.count,
        weights: perceptron.weight.value)
    ).lines
  }

  /// The classifier.
  public func modelFile() throws(CheckpointError) -> ModelFile { try classifier.modelFile() }
}

/// Examples of one step of a classifier.
public struct ClassificationBatch: TrainingBatch {
  /// `[example, featureCount]`
  public let features: Tensor
  /// The class of each; empty if numbers are predicted.
  public let labels: [Int]
  /// The numbers that belong to each, standardised, `[example, number]`; nil for classes.
  public let targets: Tensor?
  /// Whether an epoch begins with it.
  public let isFirst: Bool

  /// The number of rows.
  public var exampleCount: Int { features.shape[0] }
  /// The number of rows.
  public var frameCount: Int { exampleCount }
  /// Nothing: examples are checked before the training.
  public var dropped: [String] { [] }
}

extension Examples {
  fileprivate func labels(of indices: [Int]) -> [Int] {
    labels.isEmpty ? [] : indices.map { labels[$0] }
  }

  fileprivate func targets(
    of indices: [Int], standardizedBy statistics: ColumnStatistics?
  ) -> Tensor? {
    guard !targets.isEmpty else { return nil }
    let size = targets.count / count
    var rows = Tensor(
      indices.flatMap { targets[$0 * size..<($0 + 1) * size] }, shape: [indices.count, size])
    statistics?.standardize(&rows)
    return rows
  }
}

extension Tensor {
  /// The rows whose greatest element, the first of equal ones, is not the label's.
  fileprivate func wrongCount(_ labels: [Int]) -> Int {
    let size = shape[1]
    return withUnsafeBufferPointer { values in
      var wrong = 0
      for (row, label) in labels.enumerated() {
        var best = 0
        for column in 1..<size where values[row * size + column] > values[row * size + best] {
          best = column
        }
        if best != label { wrong += 1 }
      }
      return wrong
    }
  }
}
