import Autograd
import Configuration
import Layers
import Pictures
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

/// What is not part of the recipe because it does not change the result.
public struct TrainerOptions: Sendable {
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
public enum TrainingOutcome: Sendable, Equatable {
  /// All epochs were done, or no better one was to be expected.
  case finished(best: TrainingRecord)
  /// It was asked to stop; the checkpoint knows where to go on.
  case interrupted(epoch: Int, step: Int)
}

/// Trains the network of a task by a recipe, with checkpoints that it can go on from after any
/// interruption.
///
/// All that a step depends on is drawn from the seed and the step's place, or stands in the
/// checkpoint: the same recipe gives the same bits for any number of threads, and whether or not
/// the training was interrupted.
public final class Trainer<Task: TrainingTask> {
  let recipe: Task.Recipe
  let options: TrainerOptions
  private let stop: StopFlag
  private var reporter: ProgressReporter
  private let schedule: Schedule
  private let totalSteps: Int
  var task: Task
  var optimizer: Optimizer
  var state: TrainingState
  private var log: MetricsLog
  private var framesSeen = 0
  /// The epoch that comes next, as far as its batches are being prepared already.
  private var upcoming: (epoch: Int, loader: BatchLoader<Task.Batch>)?
  /// The steps done when the profile was last told.
  private var profiledStep = 0
  private let startTime = ProgressReporter.monotonicSeconds()

  /// Prepares a training: reads and checks the data, builds the model or reads the checkpoint.
  ///
  /// - Throws: `TrainerError` naming what is missing or wrong.
  public init(
    _ recipe: Task.Recipe, options: TrainerOptions, stop: StopFlag = StopFlag(),
    reporter: consuming ProgressReporter = ProgressReporter()
  ) throws(TrainerError) {
    self.recipe = recipe
    self.options = options
    self.stop = stop
    try mapping(TrainerError.configuration) { () throws(ConfigurationError) in try recipe.validate()
    }
    let folder = TrainingFolder(path: options.outputFolder)
    try folder.prepare(resume: options.resume)
    let checkpoint = options.resume ? try Checkpoint(folder, recipe) : nil
    var shown = reporter
    shown.unit = Task.unit
    var start = TrainingStart()
    start.strict = options.strict
    start.alphabet = options.alphabet
    start.resumes = options.resume
    start.file = checkpoint?.file
    if start.file == nil { start.file = try initialTrainingModel(options) { shown.note($0) } }
    task = try Task(recipe, start: start) { shown.note($0) }
    state = checkpoint?.state ?? TrainingState()
    if let checkpoint {
      optimizer = try checkpoint.optimizer(for: task)
    } else {
      optimizer = Optimizer(recipe.rules.optimizer)
    }
    totalSteps = recipe.rules.epochs * task.batchCount(epoch: 0)
    schedule = Schedule(
      recipe.rules.schedule, learningRate: recipe.rules.optimizer.learningRate,
      totalSteps: totalSteps)
    let resumed = checkpoint.map { (step: $0.state.step, epoch: $0.state.epoch + 1) }
    log = try mapping(TrainerError.reporting) { () throws(ReportingError) in
      try MetricsLog(path: folder.metrics, resumedAt: resumed)
    }
    self.reporter = shown
  }

  /// The number of trained values.
  public var parameterCount: Int { task.parameterCount }

  /// Trains until the last epoch, an early stop, or an interruption.
  ///
  /// - Throws: `TrainerError` if files cannot be written or the training diverges; the last good
  ///   checkpoint is kept.
  public func run() throws(TrainerError) -> TrainingOutcome {
    if options.profile { Profile.start() }
    defer { if options.profile { Profile.stop() } }
    profiledStep = state.step
    defer { upcoming?.loader.finish() }
    reporter.begin(step: state.step)
    while !state.isFinished(recipe.rules) {
      guard try runEpoch() else {
        try saveCheckpoint()
        reporter.finish()
        _ = takeProfile()
        return .interrupted(epoch: state.epoch + 1, step: state.step)
      }
      try finishEpoch()
    }
    reporter.finish()
    for line in task.conclusion(epochs: state.epoch) { reporter.note(line) }
    guard let best = state.best else { throw .nothingLearned(path: options.outputFolder) }
    return .finished(best: best)
  }

  /// Goes through the rest of the epoch; false if asked to stop.
  private func runEpoch() throws(TrainerError) -> Bool {
    let loader = takeBatches()
    defer { loader.finish() }
    while let batch = loader.next() {
      try step(batch)
      show()
      if stop.isRaised { return false }
      if state.step % recipe.rules.checkpointSteps == 0 { try saveCheckpoint() }
    }
    // The first batches of the next epoch are prepared while the validation set is read.
    if state.epoch + 1 < recipe.rules.epochs {
      upcoming = (state.epoch + 1, batches(of: state.epoch + 1))
    }
    return true
  }

  /// The rest of the epoch's batches, of which some may be under way since the last one ended.
  private func takeBatches() -> BatchLoader<Task.Batch> {
    defer { upcoming = nil }
    if let upcoming, upcoming.epoch == state.epoch { return upcoming.loader }
    return batches(of: state.epoch, startingAt: state.batchIndex)
  }

  /// Plans an epoch and begins to prepare its batches.
  private func batches(of epoch: Int, startingAt start: Int = 0) -> BatchLoader<Task.Batch> {
    let span = Profile.open(.waiting)
    defer { span.close() }
    return task.batches(epoch: epoch, startingAt: start)
  }

  /// One step: forward, loss, backward, update.
  private func step(_ batch: Task.Batch) throws(TrainerError) {
    let dropped = batch.dropped
    defer {
      state.batchIndex += 1
      state.step += 1
      state.droppedCount += dropped.count
    }
    for problem in dropped { reporter.note("left out: \(problem)") }
    guard batch.exampleCount > 0 else { return }
    let tape = Tape(
      random: RandomSource(
        seed: UInt64(recipe.rules.seed), RandomPurpose.step.rawValue, state.step))
    let progress = TrainingProgress(epoch: state.epoch, step: state.step, totalSteps: totalSteps)
    let loss = task.loss(of: batch, at: progress, on: tape)
    let gradients = tape.gradients(of: loss).parameters
    let norm = task.gradientNorm(gradients)
    let value = loss.tensor.item
    framesSeen += batch.frameCount
    let mayStep = try mapping(TrainerError.diverged) { () throws(TrainingDivergedError) in
      try state.nonFinite.mayStep(state.step, loss: value, gradientNorm: norm)
    }
    guard mayStep else { return reporter.note("step \(state.step): not finite, skipped") }
    state.lossSum += Double(value) * Double(batch.exampleCount)
    state.lossCount += batch.exampleCount
    optimizer.update(
      model: &task, gradients: gradients, learningRate: learningRate,
      gradientScale: clippingScale(norm: norm, maximum: recipe.rules.maximumGradientNorm))
    task.apply(tape.updates)
    state.updateCount += 1
    try logStep(norm: norm)
  }

  private var learningRate: Float {
    schedule.learningRate(step: state.step, epoch: state.epoch, plateau: state.plateau)
  }

  /// Validates, remembers the best model, and stores the checkpoint from which the next epoch begins.
  private func finishEpoch() throws(TrainerError) {
    var record = TrainingRecord(epoch: state.epoch + 1, step: state.step, loss: state.meanLoss)
    let score = try task.score()
    record.validationLoss = score?.loss
    record.measures = score?.measures ?? [:]
    state.isComplete = task.isComplete(afterLoss: record.loss, score: score)
    try report(record)
    try saveEpoch(record)
    state.plateau.record(
      Float(record.validationLoss ?? record.loss), patience: recipe.rules.schedule.patience)
    if record.isBetter(than: state.best, by: Task.criterion) {
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

  private func show() {
    reporter.update(
      ProgressReporter.State(
        epoch: state.epoch + 1, epochCount: recipe.rules.epochs, step: state.step,
        stepCount: totalSteps, loss: state.meanLoss, frames: framesSeen))
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
    record.measures = result.measures
    reporter.epochFinished(record, epochCount: recipe.rules.epochs)
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
