import Autograd
import Tensors

extension RecurrentLayer {
  /// Long short-term memory (Hochreiter and Schmidhuber 1997) with forget gate (Gers et al. 2000)
  /// and, on request, peepholes (Gers et al. 2002).
  public static func lstm(
    inputSize: Int, hiddenSize: Int, direction: RecurrentDirection = .forward,
    merge: DirectionMerge = .concatenate, peepholes: Bool = false, forgetBias: Float = 1,
    random: inout RandomSource
  ) -> RecurrentLayer {
    RecurrentLayer(
      .lstm, inputSize: inputSize, hiddenSize: hiddenSize, direction: direction, merge: merge,
      peepholes: peepholes, forgetBias: forgetBias, random: &random)
  }
}

/// One step of an LSTM in plain words: the definition that the fused kernels are tested against.
public struct LSTMCell {
  /// The parameters.
  public let weights: RecurrentWeights

  /// A cell with these parameters.
  public init(_ weights: RecurrentWeights) { self.weights = weights }

  /// Maps x_t, h and c of the step before to the new h and c.
  public func step(_ x: [Float], h: [Float], c: [Float]) -> (h: [Float], c: [Float]) {
    let size = h.count
    let z = affine(weights.inputWeight.value, x, weights.bias?.value)
    let r = affine(weights.recurrentWeight.value, h)
    func peephole(_ gate: Int, _ unit: Int) -> Double {
      weights.peepholes.map { Double($0.value[gate, unit]) } ?? 0
    }
    var (newH, newC) = (h, c)
    for j in 0..<size {
      let pre = (0..<4).map { z[$0 * size + j] + r[$0 * size + j] }
      let input = logistic(pre[0] + peephole(0, j) * Double(c[j]))
      let forget = logistic(pre[1] + peephole(1, j) * Double(c[j]))
      let cell = forget * Double(c[j]) + input * tanhOf(pre[2])
      let output = logistic(pre[3] + peephole(2, j) * cell)
      newC[j] = Float(cell)
      newH[j] = Float(output * tanhOf(cell))
    }
    return (newH, newC)
  }
}
