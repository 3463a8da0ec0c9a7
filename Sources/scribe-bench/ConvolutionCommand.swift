import ArgumentParser
import Autograd
import Benchmarking
import Layers
import Tensors

struct ConvolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolution",
    abstract: """
      Time the convolutions and norms of the line recogniser, layer by layer, and those of a front \
      end for speech.
      """,
    discussion: """
      Rates of products count the valid columns of a batch of lines of slightly different widths; \
      convolutions pool where the network does, and norms end with its rectifier. Rates of memory \
      count what each pass must at least read and write.
      """)

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try Self.forEachRecord(
      threads: threading.threads, repetitions: options.repetitions, printer.callAsFunction)
  }

  static func forEachRecord(
    threads: Int, repetitions: Int, _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    let peak = Machine.peak(threads: threads)
    var widths = Workload.raggedLengths(longest: 1000, count: 16)
    var (channels, height) = (1, LineRecognizer.height)
    for (outputs, isPooled) in LineRecognizer.stages {
      let images = ImageBatch(channels: channels, height: height, widths: widths)
      try images.forEachProduct(
        outputs, LineRecognizer.window, isPooled: isPooled, repetitions: repetitions
      ) {
        try body(
          BenchmarkRecord($0, threads: threads, $1).rate(operations: $2, peak: peak))
      }
      channels = outputs
      if isPooled {
        height /= 2
        widths = widths.map(LineRecognizer.pooling.outputLength)
      }
      let normed = ImageBatch(channels: channels, height: height, widths: widths)
      // Forth, a norm must see its input before it can change it, and back, its sums too.
      let (forth, back) = normed.norm(repetitions: repetitions)
      for (way, measurement, passes) in [("forth", forth, 3.0), ("back", back, 5.0)] {
        let name = "norm \(normed.name) \(way)"
        let record = BenchmarkRecord(name, threads: threads, measurement)
        try body(record.rate(bytes: normed.bytes * passes))
      }
    }
    try frontEnd(threads: threads, repetitions: repetitions, peak: peak, body)
  }

  /// The two convolutions over features and time of Deep Speech 2 (Amodei et al. 2015).
  private static func frontEnd(
    threads: Int, repetitions: Int, peak: Double, _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    var images = ImageBatch(
      channels: 1, height: 161, widths: Workload.raggedLengths(longest: 400, count: 8))
    for (kernel, stride) in [
      (Size2D(height: 41, width: 11), Size2D(2)),
      (Size2D(height: 21, width: 11), Size2D(height: 2, width: 1)),
    ] {
      let window = ImageWindow(
        kernelSize: kernel, stride: stride,
        padding: Size2D(height: kernel.height / 2, width: kernel.width / 2))
      try images.forEachProduct(32, window, isPooled: false, repetitions: repetitions) {
        try body(
          BenchmarkRecord($0, threads: threads, $1).rate(operations: $2, peak: peak))
      }
      images = ImageBatch(
        channels: 32, height: window.outputHeight(images.height),
        widths: images.widths.map(window.outputLength))
    }
  }
}

/// Random images `[batch, channel, height, width]` of these widths.
private struct ImageBatch {
  let channels: Int
  let height: Int
  let widths: [Int]

  private var pixels: Int { channels * height * widths.reduce(0, +) }
  var bytes: Double { Double(pixels * MemoryLayout<Float>.stride) }

  var name: String { "\(channels)x\(height)x\(widths[0])" }

  private func tensor(channels: Int, seed: UInt64) -> Tensor {
    var random = RandomSource(seed: seed)
    let shape: Shape = [widths.count, channels, height, widths[0]]
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape: shape)
  }

  /// Calls `body` with name, times and operations of a convolution and of its gradients.
  func forEachProduct(
    _ outputs: Int, _ window: ImageWindow, isPooled: Bool, repetitions: Int,
    _ body: (_ name: String, _ measurement: Measurement, _ operations: Double) throws -> Void
  ) throws {
    let kernel = window.kernelSize
    let geometry = WindowGeometry(
      vertical: WindowAxis(
        kernel: kernel.height, stride: window.stride.height, padding: window.padding.height),
      horizontal: WindowAxis(
        kernel: kernel.width, stride: window.stride.width, padding: window.padding.width),
      shape: [widths.count, channels, height, widths[0]], widthLengths: widths)
    let product = Convolution(geometry, inputChannels: channels, outputChannels: outputs)
    let x = tensor(channels: channels, seed: 3)
    var random = RandomSource(seed: 5)
    let weight = Convolution2D(
      inputChannels: channels, outputChannels: outputs, window: window, random: &random
    ).weight.value
    let pairs = WindowAxis(kernel: 2, stride: 2, padding: 0)
    let pooling = WindowGeometry(
      vertical: pairs, horizontal: pairs, shape: product.outputShape,
      widthLengths: geometry.outputLengths)
    let gradient: OutputGradient
    if isPooled {
      let (y, choices) = product.halvedOutput(x, weight: weight, bias: nil, pooling)
      gradient = OutputGradient(y, of: choices)
    } else {
      gradient = OutputGradient(product.output(x, weight: weight, bias: nil))
    }
    let columns = geometry.outputLengths.reduce(0, +) * geometry.outputHeight
    let operations = 2 * Double(columns * weight.count)
    let name =
      "\(name) \(kernel.height)x\(kernel.width) to \(outputs)" + (isPooled ? " pooled" : "")
    let forth = measure(repetitions: repetitions) {
      if isPooled {
        _ = product.halvedOutput(x, weight: weight, bias: nil, pooling)
      } else {
        _ = product.output(x, weight: weight, bias: nil)
      }
    }
    try body("convolution \(name) forth", forth, operations)
    let dW = measure(repetitions: repetitions) { _ = product.weightGradient(x, gradient) }
    try body("convolution \(name) dW", dW, operations)
    // The first convolution needs no gradient of the picture.
    guard channels > 1 else { return }
    let dx = measure(repetitions: repetitions) {
      _ = product.inputGradient(gradient, weight: weight)
    }
    try body("convolution \(name) dx", dx, operations)
  }

  /// A norm that ends with a leaky rectifier.
  func norm(repetitions: Int) -> (forth: Measurement, back: Measurement) {
    let layer = BatchNorm2D(channelCount: channels)
    let x = tensor(channels: channels, seed: 6)
    var forth: [Double] = []
    var back: [Double] = []
    for repetition in 0...repetitions {
      let tape = Tape()
      let input = tape.watch(x)
      let clock = ContinuousClock()
      let start = clock.now
      let y = layer(input, widthLengths: widths, activation: .leakyReLU, on: tape)
      let middle = clock.now
      _ = tape.gradients(of: y, seed: y.tensor, withRespectTo: [input])
      let end = clock.now
      guard repetition > 0 else { continue }
      forth.append(seconds(middle - start))
      back.append(seconds(end - middle))
    }
    return (Measurement(forth), Measurement(back))
  }
}
