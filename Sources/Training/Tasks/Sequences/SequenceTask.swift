import Autograd
import Configuration
import Layers
import ModelFiles
import Sequences
import Tensors

/// Learning which class a sequence belongs to, or the label of each of its steps.
public struct SequenceTask: TrainingTask {
  /// Fewer wrong labels are better.
  public static let criterion: Measure? = .errorRate
  /// Steps of sequences.
  public static let unit = "steps"

  private let recipe: SequenceRecipe
  private let training: EncodedSet
  private let validation: EncodedSet?
  private let classWeights: [Float]?
  private var model: SequenceModel

  /// Sequences beside each other with their targets.
  public struct Batch: TrainingBatch {
    let sequences: SequenceBatch
    let targets: [[Int]]

    /// The labels that are learned.
    public var exampleCount: Int { targets.reduce(0) { $0 + $1.count } }
    /// The steps without padding.
    public var frameCount: Int { sequences.frameLengths.reduce(0, +) }
    /// None: every sequence was read before the training.
    public var dropped: [String] { [] }
  }

  /// Reads the files and makes vocabulary, labels and network, or takes those of the model to begin
  /// with.
  public init(
    _ recipe: SequenceRecipe, start: TrainingStart, note: (String) -> Void
  ) throws(TrainerError) {
    self.recipe = recipe
    let steps = recipe.rules.task == .sequenceLabelling
    let (train, held) = try mapping(TrainerError.sequences) { () throws(SequencesError) in
      (
        try SequenceExamples(reading: recipe.data.train, form: recipe.data.form, steps: steps),
        try SequenceExamples(reading: recipe.data.validation, form: recipe.data.form, steps: steps)
      )
    }
    model = try Self.model(recipe, start, train, steps: steps)
    model.network.setPrecision(recipe.rules.precision)
    let model = model
    (training, validation) = try mapping(TrainerError.sequences) { () throws(SequencesError) in
      (
        EncodedSet(try train.encoded(for: model)),
        held.contents.isEmpty ? nil : EncodedSet(try held.encoded(for: model))
      )
    }
    classWeights = recipe.balanced ? training.balancedWeights(labelCount: model.labels.count) : nil
    note(
      "\(train.contents.count) sequences to learn from, \(held.contents.count) held back, labels "
        + model.labels.joined(separator: " "))
  }

  private static func model(
    _ recipe: SequenceRecipe, _ start: TrainingStart, _ examples: SequenceExamples, steps: Bool
  ) throws(TrainerError) -> SequenceModel {
    if let file = start.file {
      let model = try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
        steps ? try SequenceLabeller(file).model : try SequenceClassifier(file).model
      }
      guard model.configuration == recipe.model else {
        throw .configuration(
          .invalid(
            key: "model", found: "another network than that of \(file.path ?? "the model")",
            expected: "the one that training begins with"))
      }
      return model
    }
    return try mapping(TrainerError.sequences) { () throws(SequencesError) in
      var random = RandomSource(
        seed: UInt64(recipe.rules.seed), RandomPurpose.initialization.rawValue)
      return try SequenceModel(
        recipe.model, encoder: examples.encoder(recipe.input, form: recipe.data.form),
        labels: examples.labelNames, pools: !steps, random: &random)
    }
  }

  /// Shows the parameters of the network.
  public mutating func visit(_ visitor: inout ParameterVisitor) { model.network.visit(&visitor) }

  private func plan(_ epoch: Int) -> BatchPlan {
    BatchPlan(
      lengths: training.lengths, configuration: recipe.rules.batching,
      seed: UInt64(recipe.rules.seed), epoch: epoch)
  }

  /// The number of batches.
  public func batchCount(epoch: Int) -> Int { plan(epoch).batches.count }

  /// The batches of an epoch.
  public func batches(epoch: Int, startingAt start: Int) -> BatchLoader<Batch> {
    let (plan, training) = (plan(epoch), training)
    return BatchLoader(count: plan.batches.count, startingAt: start) { index, _ in
      training.batch(plan.batches[index])
    }
  }

  /// The mean cross-entropy over the labels of a batch.
  public func loss(of batch: Batch, at progress: TrainingProgress, on tape: Tape) -> Variable {
    model.loss(
      batch.sequences, targets: batch.targets, labelSmoothing: recipe.labelSmoothing,
      classWeights: classWeights, on: tape)
  }

  /// The share of wrong labels, and the mean cost of one in nats.
  public func score() -> TaskScore? {
    guard let validation else { return nil }
    var counts = LabelCounts(labels: model.labels)
    var cost = 0.0
    for places in BatchPlan(sorting: validation.lengths, configuration: recipe.rules.batching)
      .batches
    {
      let batch = validation.batch(places)
      cost += model.judge(batch.sequences, targets: batch.targets, counts: &counts)
    }
    return TaskScore(
      loss: cost / Double(max(1, counts.total)), measures: [.errorRate: counts.errorRate])
  }

  /// The classifier or labeller.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    model.pools
      ? try SequenceClassifier(model).modelFile() : try SequenceLabeller(model).modelFile()
  }
}

/// Sequences as the network reads them, with the places of their labels.
private struct EncodedSet: Sendable {
  private let items: [(sequence: EncodedSequence, targets: [Int])]
  let lengths: [Int]

  init(_ items: [(sequence: EncodedSequence, targets: [Int])]) {
    self.items = items
    lengths = items.map(\.sequence.count)
  }

  func batch(_ places: [Int]) -> SequenceTask.Batch {
    SequenceTask.Batch(
      sequences: SequenceBatch(places.map { items[$0].sequence }),
      targets: places.map { items[$0].targets })
  }

  /// The weights with which all labels that occur have the same sum, one on average.
  func balancedWeights(labelCount: Int) -> [Float] {
    var counts = [Int](repeating: 0, count: labelCount)
    for item in items { for target in item.targets { counts[target] += 1 } }
    let total = Float(counts.reduce(0, +)) / Float(max(1, counts.count { $0 > 0 }))
    return counts.map { $0 > 0 ? total / Float($0) : 1 }
  }
}
