#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The learning rate as a function of the place in the training.
///
/// It has no state of its own: the same place gives the same rate, so a resumed training goes on as
/// if nothing had happened.
public struct Schedule: Sendable, Equatable {
  /// The form of the curve.
  public let configuration: ScheduleConfiguration
  /// The rate that the curve is a multiple of.
  public let learningRate: Float
  /// The steps of the whole training.
  public let totalSteps: Int

  /// A schedule for a training of `totalSteps`, unless the configuration says another number.
  public init(_ configuration: ScheduleConfiguration, learningRate: Float, totalSteps: Int) {
    self.configuration = configuration
    self.learningRate = learningRate
    self.totalSteps = configuration.totalSteps ?? totalSteps
  }

  /// The rate of one step.
  ///
  /// - Parameters:
  ///   - step: How many steps were made before.
  ///   - epoch: How many epochs were finished before.
  ///   - plateau: What was seen of the validation so far.
  public func learningRate(
    step: Int, epoch: Int, plateau: PlateauState = PlateauState()
  ) -> Float {
    precondition(step >= 0 && epoch >= 0, "Schedule: got step \(step), epoch \(epoch)")
    switch configuration.kind {
    case .constant: return learningRate
    case .exponential: return reduced(times: epoch)
    case .plateau: return reduced(times: plateau.reductions)
    case .warmupCosine: return Float(Double(learningRate) * warmupCosine(step))
    }
  }

  private func reduced(times: Int) -> Float {
    let rate = Float(Double(learningRate) * power(Double(configuration.factor), times))
    return max(rate, min(learningRate, configuration.minimumLearningRate))
  }

  private func warmupCosine(_ step: Int) -> Double {
    let warmup = configuration.warmupSteps
    if step < warmup { return Double(step + 1) / Double(warmup) }
    let progress = min(1, Double(step - warmup) / Double(max(1, totalSteps - warmup)))
    let last = Double(configuration.finalFraction)
    return last + (1 - last) * 0.5 * (1 + cos(.pi * progress))
  }
}

/// What a plateau schedule has seen of the validation; stored in checkpoints.
public struct PlateauState: Codable, Sendable, Equatable {
  /// The lowest value so far.
  public private(set) var best: Float?
  /// The epochs since then, or since the last reduction.
  public private(set) var epochsWithoutImprovement = 0
  /// How often the rate was reduced.
  public private(set) var reductions = 0

  /// Nothing was seen yet.
  public init() {}

  /// Notes the result of one validation, of which less is better; NaN is no improvement.
  public mutating func record(_ value: Float, patience: Int) {
    if !value.isNaN, best.map({ value < $0 }) ?? true {
      best = value
      epochsWithoutImprovement = 0
      return
    }
    epochsWithoutImprovement += 1
    if epochsWithoutImprovement > patience {
      reductions += 1
      epochsWithoutImprovement = 0
    }
  }
}
