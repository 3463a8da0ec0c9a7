import Autograd
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RecurrentLayer {
  /// The plain recurrent layer h_t = f(W x_t + U h_{t−1} + b) (Elman 1990).
  public static func rnn(
    _ activation: RecurrentActivation = .tanh, inputSize: Int, hiddenSize: Int,
    direction: RecurrentDirection = .forward, merge: DirectionMerge = .concatenate,
    random: inout RandomSource
  ) -> RecurrentLayer {
    RecurrentLayer(
      .rnn(activation), inputSize: inputSize, hiddenSize: hiddenSize, direction: direction,
      merge: merge, random: &random)
  }
}

/// One step of a plain recurrent layer: the definition that the fused kernels are tested against.
public struct RNNCell {
  /// The parameters.
  public let weights: RecurrentWeights
  /// f.
  public let activation: RecurrentActivation

  /// A cell with these parameters.
  public init(_ weights: RecurrentWeights, activation: RecurrentActivation) {
    self.weights = weights
    self.activation = activation
  }

  /// Maps x_t and h of the step before to the new h.
  public func step(_ x: [Float], h: [Float]) -> [Float] {
    let z = affine(weights.inputWeight.value, x, weights.bias?.value)
    let r = affine(weights.recurrentWeight.value, h)
    return zip(z, r).map { input, recurrent in
      let sum = input + recurrent
      return switch activation {
      case .tanh: Float(tanhOf(sum))
      case .relu: Float(max(0, sum))
      case .clippedReLU: Float(min(max(0, sum), 20))
      }
    }
  }
}

/// W x (+ b) in double precision, for the cells.
func affine(_ weight: Tensor, _ x: [Float], _ bias: Tensor? = nil) -> [Double] {
  let (rows, columns) = (weight.shape[0], weight.shape[1])
  return weight.withUnsafeBufferPointer { w in
    (0..<rows).map { row in
      (0..<columns).reduce(Double(bias?[row] ?? 0)) {
        $0 + Double(w[row * columns + $1]) * Double(x[$1])
      }
    }
  }
}

func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

func tanhOf(_ x: Double) -> Double { tanh(x) }
