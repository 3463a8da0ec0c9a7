import Autograd
import Configuration
import Layers
import Tensors

/// One convolution of a front end.
public struct ConvolutionConfiguration: Configuration {
  /// Output channels.
  public var channels = 32
  /// Height over features, width over time.
  public var kernel = Size2D(height: 41, width: 11)
  /// The distance of neighbouring windows in features and in time.
  public var stride = Size2D(2)

  /// The first convolution of Deep Speech 2.
  public init() {}

  /// A convolution of these sizes.
  public init(channels: Int, kernel: Size2D, stride: Size2D) {
    (self.channels, self.kernel, self.stride) = (channels, kernel, stride)
  }

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable { case channels, kernel, stride }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.channels, into: &channels)
    try container.read(.kernel, into: &kernel)
    try container.read(.stride, into: &stride)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require((1...1024).contains(channels), "channels", channels, "1 to 1024")
    for (name, size, range) in [("kernel", kernel, 1...101), ("stride", stride, 1...8)] {
      let text = "\(range.lowerBound) to \(range.upperBound)"
      try require(range.contains(size.height), "\(name).height", size.height, text)
      try require(range.contains(size.width), "\(name).width", size.width, text)
    }
  }

  /// Half a kernel of zeros on each side, so that only the stride shortens.
  var window: ImageWindow {
    ImageWindow(
      kernelSize: kernel, stride: stride,
      padding: Size2D(height: kernel.height / 2, width: kernel.width / 2))
  }
}

/// Convolutions over features and time, each batch-normalised and clipped to 0...20, that shorten a
/// sequence before its recurrent layers (Amodei et al. 2015, section 3.5).
struct ConvolutionalFrontEnd: Module {
  private struct Stage: Module {
    let window: ImageWindow
    var convolution: Convolution2D
    var normalization: BatchNorm2D

    func callAsFunction(
      _ image: Variable, widthLengths: [Int], on tape: Tape?
    ) -> (Variable, widthLengths: [Int]) {
      let (image, lengths) = convolution(image, widthLengths: widthLengths, on: tape)
      return (
        normalization(image, widthLengths: lengths, activation: .clippedReLU, on: tape), lengths
      )
    }

    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.module("convolution", &convolution)
      visitor.module("normalization", &normalization)
    }
  }

  private var stages: [Stage] = []
  /// The features of a frame that goes out.
  let outputSize: Int

  init(_ configurations: [ConvolutionConfiguration], inputSize: Int, random: inout RandomSource) {
    var (channels, height) = (1, inputSize)
    for configuration in configurations {
      let window = configuration.window
      stages.append(
        Stage(
          window: window,
          convolution: Convolution2D(
            inputChannels: channels, outputChannels: configuration.channels, window: window,
            bias: false, random: &random),
          normalization: BatchNorm2D(channelCount: configuration.channels)))
      (channels, height) = (configuration.channels, window.outputHeight(height))
    }
    outputSize = channels * height
  }

  /// How many frames become one.
  var frameStride: Int { stages.reduce(1) { $0 * $1.window.stride.width } }

  func outputLength(_ frames: Int) -> Int {
    stages.reduce(frames) { $1.window.outputLength($0) }
  }

  /// Maps `[time, batch, feature]` to `[time', batch, channel · height]`.
  func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (output: Variable, frameLengths: [Int]) {
    guard !stages.isEmpty else { return (x, frameLengths) }
    var image = SequenceToImage()(x, frameLengths: frameLengths, on: tape)
    var lengths = frameLengths
    for stage in stages {
      (image, lengths) = stage(image, widthLengths: lengths, on: tape)
    }
    return (ImageToSequence()(image, widthLengths: lengths, on: tape), lengths)
  }

  /// The window of each convolution.
  var windows: [ImageWindow] { stages.map(\.window) }

  /// One convolution over one sequence, for inference: `[time, 1, channel · height]` to
  /// `[time', 1, channel' · height']`.
  func run(stage index: Int, _ frames: Tensor) -> Tensor {
    let (time, size) = (frames.shape[0], frames.shape[2])
    let channels = stages[index].convolution.inputChannels
    let image = SequenceToImage()(Variable(frames), frameLengths: [time]).tensor
      .reshaped([1, channels, size / channels, time])
    let (output, lengths) = stages[index](Variable(image), widthLengths: [time], on: nil)
    return ImageToSequence()(output, widthLengths: lengths).tensor
  }

  /// The features of a frame behind each convolution, for one of `inputSize` features.
  func sizes(inputSize: Int) -> [Int] {
    var height = inputSize
    return stages.map {
      height = $0.window.outputHeight(height)
      return $0.convolution.outputChannels * height
    }
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("stages", &stages)
  }
}
