import Autograd
import Layers
import ModelFiles
import Recognition
import Tensors

/// Learning to listen and to read: signals become features, and the loss is that of CTC, or its
/// weighted sum with that of an attentive decoder.
public struct RecognitionTask: TrainingTask {
  /// Fewer wrong characters are better.
  public static let criterion: Measure? = .cer

  var setup: TrainingSetup

  /// Reads manifests, checks every sample, and builds alphabet, statistics and network.
  public init(
    _ recipe: RecognitionRecipe, start: TrainingStart, note: (String) -> Void
  ) throws(TrainerError) {
    setup = try TrainingSetup(
      recipe, strict: start.strict, file: start.file,
      policy: start.resumes ? .keep : start.alphabet, progress: note)
    SampleReport.show(setup.problems, note: note)
    setup.recognizer.setPrecision(recipe.rules.precision)
  }

  /// Shows the parameters of the networks.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    setup.recognizer.network.visit(&visitor)
  }

  /// The number of batches; strings of recordings are drawn anew for each epoch.
  public func batchCount(epoch: Int) -> Int { setup.training.epoch(epoch).plan.batches.count }

  /// The batches of an epoch.
  public func batches(epoch: Int, startingAt start: Int) -> BatchLoader<Batch> {
    setup.training.loader(setup.training.epoch(epoch), startingAt: start)
  }

  /// The negative log-likelihood of the transcripts; see `RecognitionNetwork.loss`.
  public func loss(of batch: Batch, at progress: TrainingProgress, on tape: Tape) -> Variable {
    setup.recognizer.network.loss(
      Variable(batch.features), frameLengths: batch.frameLengths, targets: batch.targets, on: tape)
  }

  /// Error rates and loss on the validation set.
  public func score() -> TaskScore? {
    guard let validation = setup.validation else { return nil }
    let result = Self.evaluate(setup.recognizer, on: validation)
    var measures: [Measure: Double] = [:]
    measures[.cer] = result.characterErrorRate
    measures[.wer] = result.wordErrorRate
    return TaskScore(loss: result.loss, measures: measures)
  }

  /// Reads the validation set by the decoder that the recipe names.
  private static func evaluate(_ recognizer: Recognizer, on validation: Dataset)
    -> EvaluationResult
  {
    var recognizer = recognizer
    guard let decoder = recognizer.spellingDecoder() else {
      return Evaluation.run(recognizer: recognizer, dataset: validation, withLoss: true)
    }
    recognizer.givesStates = true
    return Evaluation.run(
      recognizer: recognizer, decoder: decoder, dataset: validation, withLoss: true)
  }

  /// The recogniser.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    try setup.recognizer.modelFile()
  }
}

extension Batch: TrainingBatch {
  /// The number of samples.
  public var exampleCount: Int { count }
}

/// Tells which samples were left out, and why.
enum SampleReport {
  /// How many are named for each reason.
  private static let examples = 3

  static func show(_ problems: [SampleProblem], note: (String) -> Void) {
    guard !problems.isEmpty else { return }
    note("left out \(problems.count) samples:")
    let groups = Dictionary(grouping: problems) { $0.reason.heading }
    for (group, members) in groups.sorted(by: { $0.key < $1.key }) {
      note("  \(group): \(members.count)")
      for problem in members.prefix(examples) { note("    \(problem)") }
      if members.count > examples { note("    ...") }
    }
  }
}
