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
  /// Epochs since the best validation.
  var epochsWithoutImprovement = 0

  /// Whether another epoch may begin.
  func isFinished(_ recipe: Recipe) -> Bool {
    if epoch >= recipe.epochs { return true }
    return recipe.earlyStopping.map { epochsWithoutImprovement >= $0 } ?? false
  }

  /// The mean loss per sample in this epoch; NaN before the first.
  var meanLoss: Double { lossCount > 0 ? lossSum / Double(lossCount) : .nan }
}

/// What is known of how a model was made, stored inside it.
public struct TrainingRecord: Codable, Sendable, Equatable {
  /// The epoch after which these weights were stored, from 1.
  public var epoch: Int
  /// The steps until then.
  public var step: Int
  /// The mean loss per sample of that epoch, in nats.
  public var loss: Double
  /// The mean loss per sample of the validation set.
  public var validationLoss: Double?
  /// The character error rate on the validation set.
  public var cer: Double?
  /// The word error rate on the validation set.
  public var wer: Double?

  /// Whether this is better than another: fewer character errors, then less loss. Without a finite
  /// loss nothing is better than anything.
  func isBetter(than other: TrainingRecord?) -> Bool {
    guard loss.isFinite, validationLoss?.isFinite ?? true else { return false }
    guard let other else { return true }
    let (mine, theirs) = (cer ?? 0, other.cer ?? 0)
    if mine != theirs { return mine < theirs }
    return (validationLoss ?? loss) < (other.validationLoss ?? other.loss)
  }
}
