/// Decides which steps are skipped because their loss or gradient is not finite, and ends a training
/// in which there are too many.
///
/// Its counts are stored in checkpoints.
public struct NonFiniteGuard: Codable, Sendable, Equatable {
  /// So many skipped steps in a row are accepted.
  public let maximumConsecutive: Int
  /// So many skipped steps in all are accepted.
  public let maximumTotal: Int
  /// The skipped steps since the last that was made.
  public private(set) var consecutive = 0
  /// All skipped steps.
  public private(set) var total = 0

  /// A guard that has seen no step.
  public init(maximumConsecutive: Int = 10, maximumTotal: Int = 200) {
    precondition(
      maximumConsecutive >= 0 && maximumTotal >= 0,
      "NonFiniteGuard: got \(maximumConsecutive) and \(maximumTotal), expected 0 or more")
    self.maximumConsecutive = maximumConsecutive
    self.maximumTotal = maximumTotal
  }

  /// Whether the optimiser may make the step that had this loss and this norm of the gradient.
  ///
  /// - Throws: `TrainingDivergedError` when this step is one too many.
  public mutating func mayStep(
    _ step: Int, loss: Float, gradientNorm: Double
  ) throws(TrainingDivergedError) -> Bool {
    if loss.isFinite, gradientNorm.isFinite {
      consecutive = 0
      return true
    }
    consecutive += 1
    total += 1
    if consecutive > maximumConsecutive || total > maximumTotal {
      throw TrainingDivergedError(
        step: step, consecutive: consecutive, total: total, loss: loss, gradientNorm: gradientNorm)
    }
    return false
  }
}

/// Too many steps had a loss or a gradient that is not finite.
public struct TrainingDivergedError: Error, Equatable, CustomStringConvertible {
  /// The step that was one too many.
  public let step: Int
  /// How many steps in a row were skipped, this one included.
  public let consecutive: Int
  /// How many were skipped in all.
  public let total: Int
  /// The loss of this step.
  public let loss: Float
  /// The norm of this step's gradient.
  public let gradientNorm: Double

  /// What happened, and what may help.
  public var description: String {
    "training diverged at step \(step): loss \(loss), gradient norm \(gradientNorm); "
      + "\(consecutive) steps in a row and \(total) in all were skipped. Lower the learning rate, "
      + "clip the gradient norm, or look for broken recordings and for targets too long for their "
      + "recording; the last good checkpoint is kept"
  }
}
