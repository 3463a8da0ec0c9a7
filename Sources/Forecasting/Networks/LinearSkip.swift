import Autograd
import Layers
import Tensors

/// A linear map of a target's context to its horizon, the same for all targets (Zeng et al. 2023).
///
/// It starts at zero, so that with a normalisation by window the first forecast is the naive one.
struct LinearSkip: Module {
  private var linear: Linear

  init(contextLength: Int, predictionLength: Int, random: inout RandomSource) {
    linear = Linear(inputSize: contextLength, outputSize: predictionLength, random: &random)
    linear.weight.value = Tensor(zeros: linear.weight.shape)
    linear.bias.value = Tensor(zeros: linear.bias.shape)
  }

  /// Maps `[context, batch, target]` to `[prediction, batch, target]`.
  func callAsFunction(_ past: Tensor, on tape: Tape?) -> Variable {
    let (batch, targets) = (past.shape[1], past.shape[2])
    let rows = past.reshaped([past.shape[0], batch * targets]).axesSwapped()
    let forecast = axesSwapped(linear(Variable(rows), on: tape), on: tape)
    return reshaped(forecast, [linear.outputSize, batch, targets], on: tape)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.module("linear", &linear) }
}
