import Autograd
import Tensors

/// Row convolution (Wang et al. 2016; Amodei et al. 2016, section 3.7): every feature of a frame
/// becomes a weighted sum of itself and of the same feature in the next frames.
///
/// It lends a forward recurrence a little of the future at a fixed delay.
public struct LookaheadConvolution: Module {
  /// `[contextSize + 1, featureSize]`: row j weighs the frame j steps ahead.
  public var weight: Parameter

  /// A layer that looks `contextSize` frames ahead, with weights drawn uniformly from
  /// ±1/√(contextSize + 1).
  public init(featureSize: Int, contextSize: Int, random: inout RandomSource) {
    precondition(
      featureSize > 0 && contextSize >= 0,
      "LookaheadConvolution: got featureSize \(featureSize), contextSize \(contextSize)")
    weight = Parameter(
      .uniform([contextSize + 1, featureSize], fanIn: contextSize + 1, random: &random))
  }

  /// The size of the last axis.
  public var featureSize: Int { weight.shape[1] }
  /// How many frames after the present one are seen.
  public var contextSize: Int { weight.shape[0] - 1 }

  /// Maps `[time, batch, featureSize]` to the same shape. Frames beyond a sequence's length count
  /// as zeros, and become zero.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    precondition(
      x.shape.rank == 3 && x.shape[2] == featureSize,
      "LookaheadConvolution: got \(x.shape), expected [time, batch, \(featureSize)]")
    _ = FrameGrid(x.shape, frameLengths: frameLengths, of: "LookaheadConvolution")
    let y = x.tensor.lookahead(weight: weight.value, frameLengths: frameLengths)
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [x]) { [self] gradient, gradients in
      gradients.add(
        x.tensor.lookaheadWeightGradient(
          gradient, taps: contextSize + 1, frameLengths: frameLengths), to: weight)
      guard x.needsGradient else { return [nil] }
      return [gradient.lookahead(weight: weight.value, frameLengths: frameLengths, reversed: true)]
    }
  }

  /// Shows the weight.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
  }
}
