import Configuration
import Layers
import Tensors

/// One convolution of ``ConvolutionalRecurrent`` with what follows it.
public struct ImageStageConfiguration: Configuration {
  /// Output channels.
  public var channels = 32
  /// The extent of the kernel; half of it is added as zeros on each side.
  public var kernel = Size2D(3)
  /// The distance of neighbouring windows.
  public var stride = Size2D(1)
  /// Of so many rows and columns the greatest value is kept; 1 × 1 keeps all.
  public var pool = Size2D(1)
  /// Whether each channel is normalised over the batch.
  public var batchNorm = true

  /// A 3 × 3 convolution.
  public init() {}

  /// A 3 × 3 convolution to so many channels, pooled.
  public init(channels: Int, pool: Size2D = Size2D(1)) {
    (self.channels, self.pool) = (channels, pool)
  }

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case channels, kernel, stride, pool, batchNorm
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.channels, into: &channels)
    try container.read(.kernel, into: &kernel)
    try container.read(.stride, into: &stride)
    try container.read(.pool, into: &pool)
    try container.read(.batchNorm, into: &batchNorm)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require((1...1024).contains(channels), "channels", channels, "1 to 1024")
    for (name, size, last) in [("kernel", kernel, 31), ("stride", stride, 8), ("pool", pool, 8)] {
      try require((1...last).contains(size.height), "\(name).height", size.height, "1 to \(last)")
      try require((1...last).contains(size.width), "\(name).width", size.width, "1 to \(last)")
    }
  }

  var window: ImageWindow {
    ImageWindow(
      kernelSize: kernel, stride: stride,
      padding: Size2D(height: kernel.height / 2, width: kernel.width / 2))
  }
}

/// The sizes of ``ConvolutionalRecurrent``.
public struct ConvolutionalRecurrentConfiguration: Configuration {
  /// The network's name in recipes.
  public private(set) var kind = ModelConfiguration.Kind.convolutionalRecurrent
  /// The convolutions, from the picture upwards; may be empty.
  public var convolutions = [
    ImageStageConfiguration(channels: 16, pool: Size2D(2)),
    ImageStageConfiguration(channels: 32, pool: Size2D(2)),
    ImageStageConfiguration(channels: 48, pool: Size2D(2)),
    ImageStageConfiguration(channels: 64),
    ImageStageConfiguration(channels: 80),
  ]
  /// The recurrent cell.
  public var cell = DeepSpeech2Configuration.Cell.lstm
  /// The number of recurrent layers.
  public var layerCount = 3
  /// Units of each direction of a recurrent layer.
  public var hiddenSize = 256
  /// The order in which the layers read.
  public var direction = RecurrentDirection.bidirectional
  /// How two directions become one.
  public var merge = DirectionMerge.concatenate
  /// The share of values that is dropped from the columns in training.
  public var columnDropout: Float = 0
  /// The share of units that is dropped above each recurrent layer in training.
  public var dropout: Float = 0.5
  /// Whether what is dropped stays dropped for all frames of a line.
  public var variationalDropout = false

  /// Five convolutions and three layers, after Puigcerver (2017).
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, convolutions, cell, layerCount, hiddenSize, direction, merge, columnDropout, dropout
    case variationalDropout
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.convolutions, into: &convolutions)
    try container.read(.cell, into: &cell)
    try container.read(.layerCount, into: &layerCount)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.direction, into: &direction)
    try container.read(.merge, into: &merge)
    try container.read(.columnDropout, into: &columnDropout)
    try container.read(.dropout, into: &dropout)
    try container.read(.variationalDropout, into: &variationalDropout)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require(convolutions.count <= 20, "convolutions", convolutions.count, "at most 20")
    for (index, stage) in convolutions.enumerated() {
      try stage.validate(under: "convolutions.\(index)")
    }
    try require((1...20).contains(layerCount), "layerCount", layerCount, "1 to 20")
    try require((1...16_384).contains(hiddenSize), "hiddenSize", hiddenSize, "1 to 16384")
    for (key, share) in [("columnDropout", columnDropout), ("dropout", dropout)] {
      try require(share >= 0 && share < 1, key, share, "0 or more, below 1")
    }
  }

  var recurrenceKind: RecurrenceKind {
    switch cell {
    case .rnn: .rnn(.tanh)
    case .lstm: .lstm
    case .gru: .gru
    }
  }
}
