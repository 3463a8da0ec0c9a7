import Autograd
import Layers
import ModelFiles
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Trainer {
  /// Stores everything that the training needs to go on, unless the weights have become useless:
  /// then the checkpoint from before stays, and leads to the same bits.
  ///
  /// - Parameter validationLoss: What these very weights have shown, if they were tried.
  func saveCheckpoint(validationLoss: Double? = nil) throws(TrainerError) {
    let span = Profile.open(.files)
    defer { span.close() }
    let isSound = validationLoss?.isFinite ?? (state.nonFinite.consecutive == 0)
    guard isSound, task.isFinite else { return }
    let path = TrainingFolder(path: options.outputFolder).checkpoint
    try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
      try Checkpoint.write(
        task, optimizer: optimizer, state: state, recipe: recipe, to: path)
    }
  }

  /// Stores the model without what only training needs.
  func saveBest(_ record: TrainingRecord) throws(TrainerError) {
    try saveModel(record, to: TrainingFolder(path: options.outputFolder).best)
  }

  /// Stores the model of an epoch if the recipe wants it kept, and removes the one that is too old.
  func saveEpoch(_ record: TrainingRecord) throws(TrainerError) {
    let kept = recipe.rules.keptEpochs
    guard kept > 0 else { return }
    let folder = TrainingFolder(path: options.outputFolder)
    try saveModel(record, to: folder.epoch(record.epoch))
    // It need not be there; and a file too many does no harm.
    if record.epoch > kept { unlink(folder.epoch(record.epoch - kept)) }
  }

  private func saveModel(_ record: TrainingRecord, to path: String) throws(TrainerError) {
    let span = Profile.open(.files)
    defer { span.close() }
    try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
      var file = try task.modelFile().withoutTrainingState
      try file.encode(record, as: .trainingRecord)
      file[.languages] = recipe.rules.languages.joined(separator: ",")
      file[.summary] = recipe.rules.summary
      file[.recipe] = options.recipeName
      try file.write(to: path)
    }
  }
}

/// The model to begin with, if the options name one; 8-bit weights become floats.
func initialTrainingModel(
  _ options: TrainerOptions, note: (String) -> Void
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

extension Module {
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
