import Autograd
import Layers
import ModelFiles
import Recognition
import Tensors

/// Learning to listen and to read: signals become features, and the loss is that of CTC.
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
    setup.recognizer.model.setPrecision(recipe.rules.precision)
  }

  /// Shows the parameters of the network.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    setup.recognizer.model.visit(&visitor)
  }

  /// The number of batches; strings of recordings are drawn anew for each epoch.
  public func batchCount(epoch: Int) -> Int { setup.training.epoch(epoch).plan.batches.count }

  /// The batches of an epoch.
  public func batches(epoch: Int, startingAt start: Int) -> BatchLoader<Batch> {
    setup.training.loader(setup.training.epoch(epoch), startingAt: start)
  }

  /// The negative log-likelihood of the transcripts, summed over all alignments.
  public func loss(of batch: Batch, at progress: TrainingProgress, on tape: Tape) -> Variable {
    let (logits, lengths) = setup.recognizer.model(
      Variable(batch.features), frameLengths: batch.frameLengths, on: tape)
    return ctcLoss(
      logits: logits, frameLengths: lengths, targets: batch.targets, infeasible: .zeroed, on: tape
    ).loss
  }

  /// Error rates and loss on the validation set.
  public func score() -> TaskScore? {
    guard let validation = setup.validation else { return nil }
    let result = Evaluation.run(
      recognizer: setup.recognizer, dataset: validation, withLoss: true)
    var measures: [Measure: Double] = [:]
    measures[.cer] = result.characterErrorRate
    measures[.wer] = result.wordErrorRate
    return TaskScore(loss: result.loss, measures: measures)
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
