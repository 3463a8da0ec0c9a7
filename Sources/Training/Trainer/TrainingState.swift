import Layers

/// Where a training stands, besides its tensors: enough to go on with the same bits.
struct TrainingState: Codable, Equatable {
  /// The epoch under way, from 0.
  var epoch = 0
  /// The batches of this epoch that are done.
  var batchIndex = 0
  /// The steps that were tried in all.
  var step = 0
  /// The updates that the optimiser made.
  var updateCount = 0
  /// What the plateau schedule has seen.
  var plateau = PlateauState()
  /// What was skipped.
  var nonFinite = NonFiniteGuard()
  /// Samples that could not be loaded.
  var droppedCount = 0
  /// The sum of losses and the number of samples in this epoch.
  var lossSum = 0.0
  var lossCount = 0
  /// The best validation so far.
  var best: TrainingRecord?
  /// Whether the task has nothing left to learn.
  var isComplete = false
  /// Epochs since the best validation.
  var epochsWithoutImprovement = 0

  /// Whether another epoch may begin.
  func isFinished(_ rules: TrainingRules) -> Bool {
    if isComplete || epoch >= rules.epochs { return true }
    return rules.earlyStopping.map { epochsWithoutImprovement >= $0 } ?? false
  }

  /// The mean loss per sample in this epoch; NaN before the first.
  var meanLoss: Double { lossCount > 0 ? lossSum / Double(lossCount) : .nan }
}
