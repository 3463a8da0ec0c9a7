import Autograd
import Configuration
import Decoding
import Layers
import Pictures
import Recognition
import Synchronization
import Tensors

/// A flag by which another thread asks a training to save and stop.
public final class StopFlag: Sendable {
  private let flag = Atomic(false)

  /// A flag that is not raised.
  public init() {}

  /// Asks for a stop after the step under way.
  public func raise() { flag.store(true, ordering: .releasing) }

  /// Whether a stop was asked for.
  public var isRaised: Bool { flag.load(ordering: .acquiring) }
}

/// Trains a recognizer by a recipe, with checkpoints that it can go on from after any interruption.
///
/// All that a step depends on is drawn from the seed and the step's place, or stands in the
/// checkpoint: the same recipe gives the same bits for any number of threads, and whether or not
/// the training was interrupted.
public final class Trainer {
  /// What is not part of the recipe because it does not change the result.
  public struct Options: Sendable {
    /// Where checkpoints, log and curve are written; made if missing.
    public var outputFolder: String
    /// Whether to go on from the folder's checkpoint.
    public var resume = false
    /// Whether a single unfit sample ends the training before it begins.
    public var strict = false
    /// A model whose weights are taken instead of random ones.
    public var initialModel: String?
    /// What becomes of the characters of that model.
    public var alphabet = AlphabetPolicy.keep
    /// Whether to measure what the time goes into, and to tell after each epoch.
    public var profile = false
    /// The name of the recipe's file, stored in the model.
    public var recipeName: String?

    /// Options for a fresh training.
    public init(outputFolder: String) { self.outputFolder = outputFolder }
  }

  /// How a training ended.
  public enum Outcome: Sendable, Equatable {
    /// All epochs were done, or no better one was to be expected.
    case finished(best: TrainingRecord)
    /// It was asked to stop; the checkpoint knows where to go on.
    case interrupted(epoch: Int, step: Int)
  }

  let recipe: Recipe
  let options: Options
  private let stop: StopFlag
  private var reporter: ProgressReporter
  private let setup: TrainingSetup
  private let schedule: Schedule
  var recognizer: Recognizer
  var optimizer: Optimizer
  var state: TrainingState
  private var log: MetricsLog
  private var framesSeen = 0
  /// The epoch that comes next, as far as its batches are being prepared already.
  private var upcoming: (epoch: Dataset.Epoch, loader: BatchLoader)?
  /// The steps done when the profile was last told.
  private var profiledStep = 0
  private let startTime = ProgressReporter.monotonicSeconds()

  /// Prepares a training: reads and checks the data, builds the model or reads the checkpoint.
  ///
  /// - Throws: `TrainerError` naming what is missing or wrong.
  public init(
    _ recipe: Recipe, options: Options, stop: StopFlag = StopFlag(),
    reporter: consuming ProgressReporter = ProgressReporter()
  ) throws(TrainerError) {
    self.recipe = recipe
    self.options = options
    self.stop = stop
    try mapping(TrainerError.configuration) { () throws(ConfigurationError) in try recipe.validate()
    }
    let folder = TrainingFolder(path: options.outputFolder)
    try folder.prepare(resume: options.resume)
    let checkpoint: Checkpoint? = options.resume ? try Checkpoint(folder, recipe) : nil
    var file = checkpoint?.file
    var shown = reporter
    if file == nil { file = try Self.initialModel(options) { shown.note($0) } }
    setup = try TrainingSetup(
      recipe, strict: options.strict, file: file,
      policy: options.resume ? .keep : options.alphabet
    ) { shown.note($0) }
    SampleReport.show(setup.problems, reporter: &shown)
    recognizer = setup.recognizer
    recognizer.model.setPrecision(recipe.precision)
    state = checkpoint?.state ?? TrainingState()
    if let checkpoint {
      optimizer = try checkpoint.optimizer(for: recognizer.model)
    } else {
      optimizer = Optimizer(recipe.optimizer)
    }
    schedule = Schedule(
      recipe.schedule, learningRate: recipe.optimizer.learningRate,
      totalSteps: recipe.epochs * setup.training.epoch(0).plan.batches.count)
    let resumed = checkpoint.map { (step: $0.state.step, epoch: $0.state.epoch + 1) }
    log = try mapping(TrainerError.reporting) { () throws(ReportingError) in
      try MetricsLog(path: folder.metrics, resumedAt: resumed)
    }
    self.reporter = shown
  }

  /// The number of trained values.
  public var parameterCount: Int { recognizer.model.parameterCount }

  /// Trains until the last epoch, an early stop, or an interruption.
  ///
  /// - Throws: `TrainerError` if files cannot be written or the training diverges; the last good
  ///   checkpoint is kept.
  public func run() throws(TrainerError) -> Outcome {
    if options.profile { Profile.start() }
    defer { if options.profile { Profile.stop() } }
    profiledStep = state.step
    defer { upcoming?.loader.finish() }
    reporter.begin(step: state.step)
    while !state.isFinished(recipe) {
      guard try runEpoch() else {
        try saveCheckpoint()
        reporter.finish()
        _ = takeProfile()
        return .interrupted(epoch: state.epoch + 1, step: state.step)
      }
      try finishEpoch()
    }
    reporter.finish()
    guard let best = state.best else { throw .nothingLearned(path: options.outputFolder) }
    return .finished(best: best)
  }

  /// Goes through the rest of the epoch; false if asked to stop.
  private func runEpoch() throws(TrainerError) -> Bool {
    let (epoch, loader) = takeBatches()
    defer { loader.finish() }
    while let batch = loader.next() {
      try step(batch)
      show(epoch)
      if stop.isRaised { return false }
      if state.step % recipe.checkpointSteps == 0 { try saveCheckpoint() }
    }
    // The first batches of the next epoch are prepared while the validation set is read.
    if state.epoch + 1 < recipe.epochs { upcoming = batches(of: state.epoch + 1) }
    return true
  }

  /// The rest of the epoch's batches, of which some may be under way since the last one ended.
  private func takeBatches() -> (epoch: Dataset.Epoch, loader: BatchLoader) {
    defer { upcoming = nil }
    if let upcoming, upcoming.epoch.index == state.epoch { return upcoming }
    return batches(of: state.epoch, startingAt: state.batchIndex)
  }

  /// Plans an epoch and begins to prepare its batches.
  private func batches(
    of index: Int, startingAt start: Int = 0
  ) -> (epoch: Dataset.Epoch, loader: BatchLoader) {
    let span = Profile.open(.waiting)
    defer { span.close() }
    let epoch = setup.training.epoch(index)
    return (epoch, setup.training.loader(epoch, startingAt: start))
  }

  /// One step: forward, loss, backward, update.
  private func step(_ batch: Batch) throws(TrainerError) {
    defer {
      state.batchIndex += 1
      state.step += 1
      state.droppedCount += batch.dropped.count
    }
    for problem in batch.dropped { reporter.note("left out: \(problem)") }
    guard !batch.isEmpty else { return }
    let tape = Tape(
      random: RandomSource(
        seed: UInt64(recipe.seed), RandomPurpose.step.rawValue, state.step))
    let (logits, lengths) = recognizer.model(
      Variable(batch.features), frameLengths: batch.frameLengths, on: tape)
    let loss = ctcLoss(
      logits: logits, frameLengths: lengths, targets: batch.targets, infeasible: .zeroed, on: tape)
    let gradients = tape.gradients(of: loss.loss).parameters
    let norm = recognizer.model.gradientNorm(gradients)
    let value = loss.loss.tensor.item
    framesSeen += batch.frameCount
    let mayStep = try mapping(TrainerError.diverged) { () throws(TrainingDivergedError) in
      try state.nonFinite.mayStep(state.step, loss: value, gradientNorm: norm)
    }
    guard mayStep else { return reporter.note("step \(state.step): not finite, skipped") }
    state.lossSum += Double(value) * Double(batch.count)
    state.lossCount += batch.count
    optimizer.update(
      model: &recognizer.model, gradients: gradients, learningRate: learningRate,
      gradientScale: clippingScale(norm: norm, maximum: recipe.maximumGradientNorm))
    recognizer.model.apply(tape.updates)
    state.updateCount += 1
    try logStep(norm: norm)
  }

  private var learningRate: Float {
    schedule.learningRate(step: state.step, epoch: state.epoch, plateau: state.plateau)
  }

  /// Validates, remembers the best model, and stores the checkpoint from which the next epoch begins.
  private func finishEpoch() throws(TrainerError) {
    var record = TrainingRecord(epoch: state.epoch + 1, step: state.step, loss: state.meanLoss)
    if let validation = setup.validation {
      let result = Evaluation.run(recognizer: recognizer, dataset: validation, withLoss: true)
      record.validationLoss = result.loss
      record.cer = result.characterErrorRate
      record.wer = result.wordErrorRate
    }
    try report(record)
    state.plateau.record(
      Float(record.validationLoss ?? record.loss), patience: recipe.schedule.patience)
    if record.isBetter(than: state.best) {
      state.best = record
      state.epochsWithoutImprovement = 0
      try saveBest(record)
    } else {
      state.epochsWithoutImprovement += 1
    }
    state.epoch += 1
    state.batchIndex = 0
    (state.lossSum, state.lossCount) = (0, 0)
    try saveCheckpoint(validationLoss: record.validationLoss)
  }

  private func show(_ epoch: Dataset.Epoch) {
    let perEpoch = epoch.plan.batches.count
    reporter.update(
      ProgressReporter.State(
        epoch: state.epoch + 1, epochCount: recipe.epochs, step: state.step,
        stepCount: recipe.epochs * perEpoch, loss: state.meanLoss, frames: framesSeen))
  }

  private func logStep(norm: Double) throws(TrainerError) {
    guard state.updateCount % 20 == 0 else { return }
    var record = measurements(
      MetricsRecord(kind: .step, epoch: state.epoch + 1, step: state.step + 1))
    record.gradientNorm = norm
    try append(record)
  }

  private func report(_ result: TrainingRecord) throws(TrainerError) {
    var record = measurements(MetricsRecord(kind: .epoch, epoch: result.epoch, step: result.step))
    record.validationLoss = result.validationLoss
    record.cer = result.cer
    record.wer = result.wer
    reporter.epochFinished(record, epochCount: recipe.epochs)
    record.profile = takeProfile()?.values
    try append(record)
    let span = Profile.open(.files)
    defer { span.close() }
    let folder = TrainingFolder(path: options.outputFolder)
    let records = try mapping(TrainerError.reporting) { () throws(ReportingError) in
      try MetricsLog.read(folder.metrics)
    }
    try mapping(TrainerError.picture) { () throws(PictureError) in
      _ = try CurvePicture.write(records, title: folder.name, to: folder.curve)
    }
  }

  private func measurements(_ record: MetricsRecord) -> MetricsRecord {
    var record = record
    let seconds = ProgressReporter.monotonicSeconds() - startTime
    record.loss = state.meanLoss
    record.learningRate = Double(learningRate)
    record.seconds = seconds
    record.framesPerSecond = Double(framesSeen) / max(seconds, 1e-9)
    record.skippedSteps = state.nonFinite.total
    record.droppedSamples = state.droppedCount
    return record
  }

  /// Tells what the time since the last call went into; nil if it is not measured.
  private func takeProfile() -> ProfileReport? {
    guard options.profile else { return nil }
    let report = Profile.take(steps: state.step - profiledStep)
    profiledStep = state.step
    for line in report.lines { reporter.note(line) }
    return report
  }

  private func append(_ record: MetricsRecord) throws(TrainerError) {
    let span = Profile.open(.files)
    defer { span.close() }
    try mapping(TrainerError.reporting) { () throws(ReportingError) in try log.append(record) }
  }
}
