import Configuration
import Layers
import ModelFiles
import Tensors

/// A training as it was stored: model, optimiser, and where it stood.
struct Checkpoint<Recipe: TrainingRecipe> {
  private static var optimizerGroup: String { "optimizer" }

  /// The model, with what belongs to the optimiser.
  let file: ModelFile
  private let recipe: Recipe
  let state: TrainingState

  /// Reads a folder's checkpoint and sees that it belongs to the recipe.
  init(_ folder: TrainingFolder, _ recipe: Recipe) throws(TrainerError) {
    self.recipe = recipe
    let (file, stored) = try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
      let file = try ModelFile(reading: folder.checkpoint)
      return (file, try file.decode(StoredState<Recipe>.self, from: .trainingState))
    }
    let changed = Self.differingKeys(stored.recipe, recipe)
    guard changed.isEmpty else {
      throw .recipeChanged(path: folder.checkpoint, keys: changed)
    }
    self.file = file
    state = stored.state
  }

  /// The optimiser as it was.
  func optimizer(for model: some Module) throws(TrainerError) -> Optimizer {
    let tensors = file.group(Self.optimizerGroup)
    return try mapping(TrainerError.optimizer) { () throws(OptimizerStateError) in
      try Optimizer(
        recipe.rules.optimizer, stepCount: state.updateCount, stateTensors: tensors, for: model)
    }
  }

  /// Writes a checkpoint; the old one stays until the new one is complete.
  static func write(
    _ task: some TrainingTask, optimizer: Optimizer, state: TrainingState, recipe: Recipe,
    to path: String
  ) throws(CheckpointError) {
    var file = try task.modelFile()
    file.setGroup(optimizerGroup, to: optimizer.stateTensors)
    try file.encode(StoredState(recipe: recipe, state: state), as: .trainingState)
    try file.write(to: path)
  }

  /// The keys whose change would make a resumed training another one.
  private static func differingKeys(_ old: Recipe, _ new: Recipe) -> [String] {
    guard old != new, case .object(let old) = members(of: old),
      case .object(let new) = members(of: new)
    else { return [] }
    let free = Set(TrainingRules.CodingKeys.allCases.filter(\.isFreeToChange).map(\.rawValue))
    return Set(old.keys).union(new.keys).subtracting(free).filter { old[$0] != new[$0] }.sorted()
  }

  private static func members(of recipe: Recipe) -> JSONValue {
    do {
      return try JSONValue(parsing: ConfigurationFile.json(of: recipe))
    } catch {
      preconditionFailure("Checkpoint: a recipe that was checked cannot be written: \(error)")
    }
  }
}

private struct StoredState<Recipe: TrainingRecipe>: Codable {
  var recipe: Recipe
  var state: TrainingState
}

extension TrainingRules.CodingKeys {
  /// Whether it says only how long to train and how often to save, and changes no bit of what was
  /// done.
  fileprivate var isFreeToChange: Bool {
    [.epochs, .earlyStopping, .checkpointSteps, .keptEpochs, .languages, .summary].contains(self)
  }
}
