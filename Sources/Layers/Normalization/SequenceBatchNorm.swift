import Autograd
import Tensors

/// Sequence-wise batch normalisation (Ioffe and Szegedy 2015; Amodei et al. 2016, section 3.2).
///
/// Mean and variance of each feature are taken over all frames of all sequences of the batch,
/// padding left out. With a tape the batch's own statistics are used and the running ones updated;
/// without one the running ones are used.
public struct SequenceBatchNorm: Module {
  /// γ `[featureSize]`
  public var weight: Parameter
  /// β `[featureSize]`
  public var bias: Parameter
  /// `[featureSize]`, not trained
  public var runningMean: Parameter
  /// `[featureSize]`, unbiased, not trained
  public var runningVariance: Parameter
  /// The share of the batch in a running statistic: new = (1 − momentum) · old + momentum · batch.
  public var momentum: Float
  /// Added to the variance before its root is taken.
  public var epsilon: Float

  /// A layer that starts with γ = 1, β = 0, and running statistics of a standard normal variate.
  public init(featureSize: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    precondition(
      featureSize > 0 && 0...1 ~= momentum && epsilon > 0,
      "SequenceBatchNorm: got featureSize \(featureSize), momentum \(momentum), epsilon \(epsilon)")
    weight = Parameter(Tensor(repeating: 1, [featureSize]))
    bias = Parameter(Tensor(zeros: [featureSize]))
    runningMean = Parameter(Tensor(zeros: [featureSize]), isTrainable: false)
    runningVariance = Parameter(Tensor(repeating: 1, [featureSize]), isTrainable: false)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The size of the last axis.
  public var featureSize: Int { weight.shape[0] }

  /// Normalises `[time, batch, featureSize]`; padding becomes zero.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    precondition(
      x.shape.rank == 3 && x.shape[2] == featureSize,
      "SequenceBatchNorm: got \(x.shape), expected [time, batch, \(featureSize)]")
    let grid = FrameGrid(x.shape, frameLengths: frameLengths, of: "SequenceBatchNorm")
    guard let tape else {
      let statistics = BatchStatistics(
        mean: runningMean.value.scalars, variance: runningVariance.value.scalars)
      return Variable(normalise(x.tensor, statistics, grid))
    }
    let rows = grid.validRows
    let statistics = BatchStatistics(of: x.tensor, rows: rows)
    updateRunning(statistics, on: tape)
    return tape.record(normalise(x.tensor, statistics, grid), from: [x]) {
      [self] gradient, gradients in
      let sums = x.tensor.columnGradientMoments(gradient, ofRows: rows, shift: statistics.mean)
      let map = statistics.pullback(sums, self, into: &gradients)
      guard x.needsGradient else { return [nil] }
      return [x.tensor.affineColumnsPullback(gradient, map, isValid: grid.isValid)]
    }
  }

  private func normalise(
    _ x: Tensor, _ statistics: BatchStatistics, _ grid: FrameGrid
  ) -> Tensor {
    x.affineColumns(
      mean: statistics.mean, scale: statistics.scale(weight.value, epsilon: epsilon),
      shift: bias.value.scalars, isValid: grid.isValid)
  }

  /// Shows γ, β and the running statistics.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.parameter("runningMean", &runningMean)
    visitor.parameter("runningVariance", &runningVariance)
  }
}
