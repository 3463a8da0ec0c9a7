import Configuration
import Layers
import Tensors

/// The sizes of ``DeepSpeech2``.
public struct DeepSpeech2Configuration: Configuration {
  /// The recurrent cell.
  public enum Cell: String, Codable, CaseIterable, Sendable {
    case rnn, lstm, gru
  }

  /// The network's name in recipes.
  public private(set) var kind = ModelConfiguration.Kind.deepSpeech2
  /// Frames joined on each side of a frame before anything else.
  public var contextSize = 0
  /// Every so many-th window of joined frames is kept.
  public var frameStride = 1
  /// Convolutions over features and time before the recurrent layers; may be empty.
  public var convolutions = [
    ConvolutionConfiguration(
      channels: 32, kernel: Size2D(height: 41, width: 11), stride: Size2D(2)),
    ConvolutionConfiguration(
      channels: 32, kernel: Size2D(height: 21, width: 11), stride: Size2D(height: 2, width: 1)),
  ]
  /// The cell of the recurrent layers.
  public var cell = Cell.lstm
  /// The nonlinearity of plain recurrent layers.
  public var recurrentActivation = RecurrentActivation.clippedReLU
  /// The number of recurrent layers.
  public var layerCount = 3
  /// Units of each direction of a recurrent layer.
  public var hiddenSize = 256
  /// The order in which the layers read.
  public var direction = RecurrentDirection.bidirectional
  /// How two directions become one.
  public var merge = DirectionMerge.concatenate
  /// Whether an LSTM's gates see the cell state.
  public var peepholes = false
  /// Whether the input products of the recurrent layers are batch-normalised.
  public var batchNorm = true
  /// Future frames that a lookahead convolution sees above the last recurrent layer; 0 is none.
  public var lookahead = 0
  /// The share of units that is dropped above each recurrent layer in training.
  public var dropout: Float = 0
  /// Whether what is dropped stays dropped for all frames of a sequence.
  public var variationalDropout = true

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, contextSize, frameStride, convolutions, cell, recurrentActivation, layerCount,
      hiddenSize
    case direction, merge, peepholes, batchNorm, lookahead, dropout, variationalDropout
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.contextSize, into: &contextSize)
    try container.read(.frameStride, into: &frameStride)
    try container.read(.convolutions, into: &convolutions)
    try container.read(.cell, into: &cell)
    try container.read(.recurrentActivation, into: &recurrentActivation)
    try container.read(.layerCount, into: &layerCount)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.direction, into: &direction)
    try container.read(.merge, into: &merge)
    try container.read(.peepholes, into: &peepholes)
    try container.read(.batchNorm, into: &batchNorm)
    try container.read(.lookahead, into: &lookahead)
    try container.read(.dropout, into: &dropout)
    try container.read(.variationalDropout, into: &variationalDropout)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require((0...50).contains(contextSize), "contextSize", contextSize, "0 to 50")
    try require((1...8).contains(frameStride), "frameStride", frameStride, "1 to 8")
    try require(convolutions.count <= 5, "convolutions", convolutions.count, "at most 5")
    for (index, convolution) in convolutions.enumerated() {
      try convolution.validate(under: "convolutions.\(index)")
    }
    try require((1...20).contains(layerCount), "layerCount", layerCount, "1 to 20")
    try require((1...16_384).contains(hiddenSize), "hiddenSize", hiddenSize, "1 to 16384")
    try require((0...200).contains(lookahead), "lookahead", lookahead, "0 to 200")
    try require(dropout >= 0 && dropout < 1, "dropout", dropout, "0 or more, below 1")
    try require(
      !peepholes || cell == .lstm, "peepholes", peepholes, "false, unless cell is lstm")
  }

  var recurrenceKind: RecurrenceKind {
    switch cell {
    case .rnn: .rnn(recurrentActivation)
    case .lstm: .lstm
    case .gru: .gru
    }
  }
}
