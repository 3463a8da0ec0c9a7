import Autograd
import Tensors

extension RecurrentLayer {
  /// Gated recurrent unit (Cho et al. 2014), with the reset gate applied after the recurrent
  /// product, as cuDNN and PyTorch compute it.
  public static func gru(
    inputSize: Int, hiddenSize: Int, direction: RecurrentDirection = .forward,
    merge: DirectionMerge = .concatenate, random: inout RandomSource
  ) -> RecurrentLayer {
    RecurrentLayer(
      .gru, inputSize: inputSize, hiddenSize: hiddenSize, direction: direction, merge: merge,
      random: &random)
  }
}

/// One step of a GRU in plain words: the definition that the fused kernels are tested against.
public struct GRUCell {
  /// The parameters.
  public let weights: RecurrentWeights

  /// A cell with these parameters.
  public init(_ weights: RecurrentWeights) { self.weights = weights }

  /// Maps x_t and h of the step before to the new h.
  public func step(_ x: [Float], h: [Float]) -> [Float] {
    let size = h.count
    let z = affine(weights.inputWeight.value, x, weights.bias?.value)
    let r = affine(weights.recurrentWeight.value, h)
    return (0..<size).map { j in
      let reset = logistic(z[j] + r[j])
      let update = logistic(z[size + j] + r[size + j])
      let product = r[2 * size + j] + Double(weights.candidateBias?.value[j] ?? 0)
      let candidate = tanhOf(z[2 * size + j] + reset * product)
      return Float((1 - update) * candidate + update * Double(h[j]))
    }
  }
}
