import Autograd
import Tensors

/// What a decoder starts from: tanh(W m + b), where m is one vector for each memory.
public struct DecoderBridge: Module {
  /// Which vector.
  public let bridge: AttentiveDecoderConfiguration.Bridge
  /// To h of all layers and then to the cells of all layers.
  public var linear: Linear

  /// Weights for a decoder; nil where it starts from zero.
  public init?(
    _ configuration: AttentiveDecoderConfiguration, memorySize: Int, random: inout RandomSource
  ) {
    guard configuration.bridge != .zero else { return nil }
    bridge = configuration.bridge
    let states = configuration.cell == .lstm ? 2 : 1
    linear = Linear(
      inputSize: memorySize,
      outputSize: states * configuration.layerCount * configuration.hiddenSize, random: &random)
  }

  /// Maps memories `[source, batch, memorySize]` to `[batch, states · layerCount · hiddenSize]`.
  ///
  /// - Parameter lengths: The positions of each memory; of one without any, m is zero.
  public func callAsFunction(
    _ memory: Variable, lengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    let shares = lengths.map { length in
      bridge == .last
        ? (range: max(0, length - 1)..<length, share: Float(1))
        : (range: 0..<length, share: 1 / Float(max(1, length)))
    }
    let sums = memory.tensor.weightedSums(shares)
    let summary =
      tape?.record(sums, from: [memory]) { gradient, _ in
        [memory.needsGradient ? gradient.spread(shares, time: memory.shape[0]) : nil]
      } ?? Variable(sums)
    return Activation.tanh(linear(summary, on: tape), on: tape)
  }

  /// Shows the dense layer.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("linear", &linear)
  }
}

/// Some positions of a row of the batch, and what each of them counts.
private typealias PositionShare = (range: Range<Int>, share: Float)

extension Tensor {
  /// `[time, batch, feature]` to `[batch, feature]`: for each row the sum of its positions.
  fileprivate func weightedSums(_ shares: [PositionShare]) -> Tensor {
    let (batch, size) = (shape[1], shape[2])
    return Tensor(unsafeUninitialized: [batch, size]) { out in
      out.update(repeating: 0)
      withUnsafeBufferPointer { x in
        for (row, part) in shares.enumerated() {
          for t in part.range {
            let base = (t * batch + row) * size
            for i in 0..<size { out[row * size + i] += part.share * x[base + i] }
          }
        }
      }
    }
  }

  /// The gradient of ``weightedSums(_:)`` from that of its result.
  fileprivate func spread(_ shares: [PositionShare], time: Int) -> Tensor {
    let (batch, size) = (shape[0], shape[1])
    return Tensor(unsafeUninitialized: [time, batch, size]) { out in
      out.update(repeating: 0)
      withUnsafeBufferPointer { dy in
        for (row, part) in shares.enumerated() {
          for t in part.range {
            let base = (t * batch + row) * size
            for i in 0..<size { out[base + i] = part.share * dy[row * size + i] }
          }
        }
      }
    }
  }
}
