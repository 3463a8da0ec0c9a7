import Autograd
import Layers
import TestSupport
import Tensors
import Testing

/// A decoder over small sequences of different lengths, for the tests.
struct DecoderCase: CustomTestStringConvertible, Sendable {
  var kind: AttentionConfiguration.Kind
  var cell = AttentiveDecoderConfiguration.Cell.lstm
  var layerCount = 1
  var bridge = AttentiveDecoderConfiguration.Bridge.mean
  var inputFeeding = true

  var testDescription: String {
    "\(kind) \(cell) \(layerCount) \(bridge)\(inputFeeding ? "" : " without feeding")"
  }

  static let inputSize = 3
  static let lengths = [5, 2, 0, 4]
  static let memoryLengths = [6, 3, 4, 1]

  /// Each kind with each cell, and the other choices once.
  static let all: [DecoderCase] =
    AttentionConfiguration.Kind.allCases.flatMap { kind in
      [DecoderCase(kind: kind), DecoderCase(kind: kind, cell: .gru, layerCount: 2)]
    } + [
      DecoderCase(kind: .general, bridge: .zero),
      DecoderCase(kind: .dot, cell: .gru, bridge: .last),
      DecoderCase(kind: .additive, layerCount: 3, inputFeeding: false),
    ]

  /// A decoder whose sizes are no multiples of a vector; weights from ±0.5.
  func decoder(hiddenSize: Int = 21, random: inout RandomSource) -> AttentiveDecoder {
    var configuration = AttentiveDecoderConfiguration()
    configuration.cell = cell
    configuration.hiddenSize = hiddenSize
    configuration.layerCount = layerCount
    configuration.outputSize = 5
    configuration.inputFeeding = inputFeeding
    configuration.bridge = bridge
    configuration.attention.kind = kind
    configuration.attention.size = 6
    configuration.attention.headCount = 2
    configuration.attention.filterCount = 2
    configuration.attention.filterWidth = 3
    configuration.attention.sharpening = 1.5
    var decoder = AttentiveDecoder(
      configuration, inputSize: Self.inputSize, memorySize: memorySize(hiddenSize),
      random: &random)
    decoder.visitParameters { _, parameter in
      parameter.value = .random(parameter.shape, in: -0.5...0.5, &random)
    }
    return decoder
  }

  func memorySize(_ hiddenSize: Int) -> Int { kind == .dot ? hiddenSize : 7 }

  func inputs(random: inout RandomSource) -> Tensor {
    .random([5, Self.lengths.count, Self.inputSize], &random)
  }

  func memory(hiddenSize: Int = 21, random: inout RandomSource) -> Tensor {
    .random([6, Self.lengths.count, memorySize(hiddenSize)], &random)
  }
}

extension Tensor {
  /// The first vectors of one row of a batch `[time, batch, feature]`.
  func vectors(row: Int, count: Int) -> [[Float]] {
    (0..<count).map { t in (0..<shape[2]).map { self[t, row, $0] } }
  }
}
