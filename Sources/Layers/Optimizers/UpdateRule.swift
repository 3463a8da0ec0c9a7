import Tensors

/// The formula of one step, with everything that is the same for all parameters worked out.
struct UpdateRule {
  private let configuration: OptimizerConfiguration
  private let learningRate: Float
  private let gradientScale: Float
  /// 1 - βᵗ: the means start at zero and are too small by this factor.
  private let firstCorrection: Double
  private let secondCorrection: Double

  init(
    _ configuration: OptimizerConfiguration, step: Int, learningRate: Float, gradientScale: Float
  ) {
    self.configuration = configuration
    self.learningRate = learningRate
    self.gradientScale = gradientScale
    firstCorrection = 1 - power(Double(configuration.beta1), step)
    secondCorrection = 1 - power(Double(configuration.beta2), step)
  }

  /// Notes in a pass how a value and what is remembered of it will change.
  func note(
    _ value: inout Tensor, gradient: Tensor, state: inout [Tensor], in pass: inout OptimizerPass
  ) {
    let decay = value.shape.rank < 2 ? 0 : configuration.weightDecay
    switch configuration.kind {
    case .sgd:
      pass.add(
        &value, gradient: gradient, velocity: &state[0],
        SGDConstants(
          gradientScale: gradientScale, rate: learningRate, momentum: configuration.momentum,
          decay: decay, nesterov: configuration.nesterov))
    case .adam, .adamW:
      let decoupled = configuration.kind == .adamW
      var second = state.removeLast()
      pass.add(
        &value, gradient: gradient, first: &state[0], second: &second,
        AdamConstants(
          gradientScale: gradientScale, decay: decoupled ? 0 : decay,
          shrink: decoupled ? 1 - learningRate * decay : 1,
          rate: Float(Double(learningRate) / firstCorrection),
          firstShare: Float(1 - Double(configuration.beta1)), beta2: configuration.beta2,
          secondShare: Float(1 - Double(configuration.beta2)),
          secondCorrection: Float(1 / secondCorrection.squareRoot()),
          epsilon: configuration.epsilon))
      state.append(second)
    }
  }
}
