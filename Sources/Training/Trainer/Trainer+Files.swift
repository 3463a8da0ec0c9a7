import Autograd
import Layers
import ModelFiles
import Recognition
import Tensors

extension Trainer {
  /// Stores everything that the training needs to go on, unless the weights have become useless:
  /// then the checkpoint from before stays, and leads to the same bits.
  ///
  /// - Parameter validationLoss: What these very weights have shown, if they were tried.
  func saveCheckpoint(validationLoss: Double? = nil) throws(TrainerError) {
    let span = Profile.open(.files)
    defer { span.close() }
    let isSound = validationLoss?.isFinite ?? (state.nonFinite.consecutive == 0)
    guard isSound, recognizer.model.isFinite else { return }
    let path = TrainingFolder(path: options.outputFolder).checkpoint
    try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
      try Checkpoint.write(
        recognizer, optimizer: optimizer, state: state, recipe: recipe, to: path)
    }
  }

  /// Stores the model without what only training needs.
  func saveBest(_ record: TrainingRecord) throws(TrainerError) {
    let span = Profile.open(.files)
    defer { span.close() }
    let path = TrainingFolder(path: options.outputFolder).best
    try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
      var file = try recognizer.modelFile()
      try file.encode(record, as: .trainingRecord)
      file[.languages] = recipe.languages.joined(separator: ",")
      file[.summary] = recipe.summary
      file[.recipe] = options.recipeName
      try file.write(to: path)
    }
  }

  /// The model to begin with, if the options name one; 8-bit weights become floats.
  static func initialModel(
    _ options: Options, note: (String) -> Void
  ) throws(TrainerError) -> ModelFile? {
    guard let path = options.initialModel else { return nil }
    let file = try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
      try ModelFile(reading: path)
    }
    guard file.isQuantized else { return file }
    note(
      "\(path) holds 8-bit weights: the training begins with their rounded values and writes 32-bit "
        + "weights; the model that it was made from is the better start")
    return file.dequantized
  }
}

extension SequenceModel {
  /// Whether every value of every parameter is a finite number.
  var isFinite: Bool {
    namedParameters.allSatisfy { _, parameter in
      parameter.value.withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) }
    }
  }

  /// Stores the new values of parameters that are not trained.
  mutating func apply(_ updates: [Parameter.Identity: Tensor]) {
    let span = Profile.open(.optimizer)
    defer { span.close() }
    guard !updates.isEmpty else { return }
    visitParameters { _, parameter in
      if let value = updates[parameter.identity] { parameter.value = value }
    }
  }
}

/// Tells which samples were left out, and why.
enum SampleReport {
  /// How many are named for each reason.
  private static let examples = 3

  static func show(_ problems: [SampleProblem], reporter: inout ProgressReporter) {
    guard !problems.isEmpty else { return }
    reporter.note("left out \(problems.count) samples:")
    let groups = Dictionary(grouping: problems) { $0.reason.heading }
    for (group, members) in groups.sorted(by: { $0.key < $1.key }) {
      reporter.note("  \(group): \(members.count)")
      for problem in members.prefix(examples) { reporter.note("    \(problem)") }
      if members.count > examples { reporter.note("    ...") }
    }
  }
}
