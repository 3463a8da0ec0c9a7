import ArgumentParser
import Autograd
import Layers
import Tensors

struct ConvolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolution",
    abstract: "Time the convolutions and norms of the line recogniser, layer by layer.",
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
      let ways = images.convolution(outputs, isPooled: isPooled, repetitions: repetitions)
      for (way, measurement) in ways {
        let pooled = isPooled ? " pooled" : ""
        let name = "convolution \(channels)x\(height)x\(widths[0]) to \(outputs)\(pooled) \(way)"
        let record = BenchmarkRecord(name, threads: threads, measurement)
        try body(record.rate(operations: images.operations(outputs), peak: peak))
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
        let name = "norm \(channels)x\(height)x\(widths[0]) \(way)"
        let record = BenchmarkRecord(name, threads: threads, measurement)
        try body(record.rate(bytes: normed.bytes * passes))
      }
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

  func operations(_ outputs: Int) -> Double { 2 * 9 * Double(pixels * outputs) }

  private func tensor(channels: Int, seed: UInt64) -> Tensor {
    var random = RandomSource(seed: seed)
    let shape: Shape = [widths.count, channels, height, widths[0]]
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape: shape)
  }

  func convolution(
    _ outputs: Int, isPooled: Bool, repetitions: Int
  ) -> [(way: String, measurement: Measurement)] {
    let geometry = WindowGeometry(
      vertical: WindowAxis(kernel: 3, stride: 1, padding: 1),
      horizontal: WindowAxis(kernel: 3, stride: 1, padding: 1),
      shape: [widths.count, channels, height, widths[0]], widthLengths: widths)
    let product = Convolution(geometry, inputChannels: channels, outputChannels: outputs)
    let x = tensor(channels: channels, seed: 3)
    var random = RandomSource(seed: 5)
    let weight = Convolution2D(
      inputChannels: channels, outputChannels: outputs, window: LineRecognizer.window,
      random: &random
    ).weight.value
    let pooling = WindowGeometry(
      vertical: WindowAxis(kernel: 2, stride: 2, padding: 0),
      horizontal: WindowAxis(kernel: 2, stride: 2, padding: 0),
      shape: product.outputShape, widthLengths: widths)
    let pooled = product.halvedOutput(x, weight: weight, bias: nil, pooling)
    let gradient =
      isPooled
      ? OutputGradient(pooled.output, of: pooled.choices)
      : OutputGradient(tensor(channels: outputs, seed: 4))
    var result = [
      (
        "forth",
        measure(repetitions: repetitions) {
          if isPooled {
            _ = product.halvedOutput(x, weight: weight, bias: nil, pooling)
          } else {
            _ = product.output(x, weight: weight, bias: nil)
          }
        }
      ),
      ("dW", measure(repetitions: repetitions) { _ = product.weightGradient(x, gradient) }),
    ]
    // The first convolution needs no gradient of the picture.
    guard channels > 1 else { return result }
    let back = measure(repetitions: repetitions) {
      _ = product.inputGradient(gradient, weight: weight)
    }
    result.append(("dx", back))
    return result
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
