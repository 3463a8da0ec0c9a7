import Layers
import Recognition
import Tensors
import Testing

/// Small networks of every kind that a recipe can ask for.
struct ModelVariant: Sendable, CustomTestStringConvertible {
  static let inputSize = 6
  static let labelCount = 5

  var testDescription: String
  var configuration: ModelConfiguration

  func model(seed: UInt64 = 5) -> any SequenceModel {
    var random = RandomSource(seed: seed)
    return configuration.makeModel(
      inputSize: Self.inputSize, labelCount: Self.labelCount, random: &random)
  }

  static let all: [ModelVariant] =
    [deepSpeech]
    + DeepSpeech2Configuration.Cell.allCases.flatMap { cell in
      [false, true].map { isNormalized in
        deepSpeech2("\(cell.rawValue), \(isNormalized ? "" : "not ")normalised") {
          $0.cell = cell
          $0.batchNorm = isNormalized
          $0.recurrentActivation = .tanh
        }
      }
    } + [
      deepSpeech2("spliced, every third frame") {
        $0.contextSize = 2
        $0.frameStride = 3
      },
      deepSpeech2("forward with lookahead") {
        $0.cell = .gru
        $0.direction = .forward
        $0.lookahead = 3
      },
      deepSpeech2("backward, one layer") {
        $0.direction = .backward
        $0.layerCount = 1
      },
      deepSpeech2("peepholes, directions summed") {
        $0.peepholes = true
        $0.merge = .sum
      },
      deepSpeech2("convolutions") {
        $0.cell = .gru
        $0.convolutions = [
          ConvolutionConfiguration(
            channels: 3, kernel: Size2D(height: 3, width: 5), stride: Size2D(2)),
          ConvolutionConfiguration(
            channels: 2, kernel: Size2D(3), stride: Size2D(height: 2, width: 1)),
        ]
      },
      deepSpeech2("even kernels, splicing, convolutions and lookahead") {
        $0.contextSize = 1
        $0.frameStride = 2
        $0.lookahead = 2
        $0.convolutions = [
          ConvolutionConfiguration(
            channels: 2, kernel: Size2D(4), stride: Size2D(height: 3, width: 3))
        ]
      },
    ]
    + [
      convolutionalRecurrent("pooled and normalised") {
        $0.convolutions = [
          ImageStageConfiguration(channels: 3, pool: Size2D(2)),
          ImageStageConfiguration(channels: 2),
        ]
      },
      convolutionalRecurrent("GRU, strided, pooled in height, not normalised") {
        $0.cell = .gru
        var strided = ImageStageConfiguration(channels: 3)
        (strided.kernel, strided.stride) = (
          Size2D(height: 3, width: 5), Size2D(height: 1, width: 2)
        )
        var pooled = ImageStageConfiguration(channels: 4, pool: Size2D(height: 3, width: 1))
        (strided.batchNorm, pooled.batchNorm) = (false, false)
        $0.convolutions = [strided, pooled]
      },
      convolutionalRecurrent("plain recurrent, no convolution") {
        $0.cell = .rnn
        $0.convolutions = []
      },
    ]

  static var deepSpeech: ModelVariant {
    var configuration = DeepSpeechConfiguration()
    configuration.contextSize = 2
    configuration.hiddenSize = 7
    configuration.dropout = 0
    return ModelVariant(
      testDescription: "Deep Speech", configuration: .deepSpeech(configuration))
  }

  private static func convolutionalRecurrent(
    _ name: String, _ change: (inout ConvolutionalRecurrentConfiguration) -> Void
  ) -> ModelVariant {
    var configuration = ConvolutionalRecurrentConfiguration()
    (configuration.layerCount, configuration.hiddenSize, configuration.dropout) = (2, 4, 0)
    change(&configuration)
    return ModelVariant(
      testDescription: "convolutional recurrent: \(name)",
      configuration: .convolutionalRecurrent(configuration))
  }

  static func deepSpeech2(
    _ name: String, _ change: (inout DeepSpeech2Configuration) -> Void
  ) -> ModelVariant {
    var configuration = DeepSpeech2Configuration()
    configuration.convolutions = []
    configuration.layerCount = 2
    configuration.hiddenSize = 4
    change(&configuration)
    return ModelVariant(
      testDescription: "Deep Speech 2: \(name)", configuration: .deepSpeech2(configuration))
  }
}
