import Autograd
import Tensors

/// Batch normalisation of images per channel (Ioffe and Szegedy 2015).
///
/// Mean and variance of each channel are taken over all rows and valid columns of all images of the
/// batch. With a tape the batch's own statistics are used and the running ones updated; without one
/// the running ones are used.
public struct BatchNorm2D: Module, BatchNormalization {
  /// γ `[channelCount]`
  public var weight: Parameter
  /// β `[channelCount]`
  public var bias: Parameter
  /// `[channelCount]`, not trained
  public var runningMean: Parameter
  /// `[channelCount]`, unbiased, not trained
  public var runningVariance: Parameter
  /// The share of the batch in a running statistic: new = (1 − momentum) · old + momentum · batch.
  public var momentum: Float
  /// Added to the variance before its root is taken.
  public var epsilon: Float

  /// A layer that starts with γ = 1, β = 0, and running statistics of a standard normal variate.
  public init(channelCount: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    precondition(
      channelCount > 0 && 0...1 ~= momentum && epsilon > 0,
      "BatchNorm2D: got channelCount \(channelCount), momentum \(momentum), epsilon \(epsilon)")
    weight = Parameter(Tensor(repeating: 1, [channelCount]))
    bias = Parameter(Tensor(zeros: [channelCount]))
    runningMean = Parameter(Tensor(zeros: [channelCount]), isTrainable: false)
    runningVariance = Parameter(Tensor(repeating: 1, [channelCount]), isTrainable: false)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The number of channels.
  public var channelCount: Int { weight.shape[0] }

  /// Normalises `[batch, channelCount, height, width]` and applies an activation; columns beyond an
  /// image's width become zero.
  ///
  /// Rectifiers of all kinds cost nothing: they are applied, and their gradient is taken, in the
  /// norm's own passes over the images.
  public func callAsFunction(
    _ x: Variable, widthLengths: [Int], activation: Activation = .identity, on tape: Tape? = nil
  ) -> Variable {
    checkImages(x.shape, widthLengths: widthLengths, of: "BatchNorm2D")
    precondition(
      x.shape[1] == channelCount,
      "BatchNorm2D: got \(x.shape), expected \(channelCount) channels")
    guard let rectifier = activation.rectifier else {
      return activation(self(x, widthLengths: widthLengths, on: tape), on: tape)
    }
    guard let tape else {
      let statistics = BatchStatistics(
        mean: runningMean.value.scalars, variance: runningVariance.value.scalars)
      return Variable(
        x.tensor.affineChannels(map(statistics, rectifier), widthLengths: widthLengths))
    }
    let statistics = BatchStatistics(x.tensor.channelMoments(widthLengths: widthLengths))
    updateRunning(statistics, on: tape)
    let map = map(statistics, rectifier)
    let y = x.tensor.affineChannels(map, widthLengths: widthLengths)
    return tape.record(y, from: [x]) { [self] gradient, gradients in
      let sums = x.tensor.channelGradientMoments(gradient, map, widthLengths: widthLengths)
      let pullback = statistics.pullback(sums, self, into: &gradients)
      guard x.needsGradient else { return [nil] }
      return [
        x.tensor.affineChannelsPullback(gradient, map, pullback, widthLengths: widthLengths)
      ]
    }
  }

  private func map(_ statistics: BatchStatistics, _ rectifier: Rectifier) -> ChannelMap {
    ChannelMap(
      mean: statistics.mean, scale: statistics.scale(weight.value, epsilon: epsilon),
      shift: bias.value.scalars, rectifier: rectifier)
  }

  /// Shows γ, β and the running statistics.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.parameter("runningMean", &runningMean)
    visitor.parameter("runningVariance", &runningVariance)
  }
}
