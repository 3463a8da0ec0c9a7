import ArgumentParser
import Autograd
import Benchmarking
import Layers
import Tensors

struct ConvolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolution",
    abstract: "Time the convolutions, poolings and norms of the line recogniser, layer by layer.",
    discussion: """
      Rates of products count the valid columns of a batch of lines of slightly different widths. \
      Rates of memory count what each pass must at least read and write.
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
      for (way, measurement) in images.convolution(outputs, repetitions: repetitions) {
        let name = "convolution \(channels)x\(height)x\(widths[0]) to \(outputs) \(way)"
        let record = BenchmarkRecord(name, threads: threads, measurement)
        try body(record.rate(operations: images.operations(outputs), peak: peak))
      }
      channels = outputs
      for pass in MemoryPass.allCases where pass != .pooling || isPooled {
        let images = ImageBatch(channels: channels, height: height, widths: widths)
        let (forth, back) = images.passing(pass, repetitions: repetitions)
        for (way, measurement) in [("forth", forth), ("back", back)] {
          let name = "\(pass.rawValue) \(channels)x\(height)x\(widths[0]) \(way)"
          let record = BenchmarkRecord(name, threads: threads, measurement)
          try body(record.rate(bytes: images.bytes * (way == "forth" ? pass.forth : pass.back)))
        }
        guard pass == .pooling else { continue }
        height /= 2
        widths = widths.map(LineRecognizer.pooling.outputLength)
      }
    }
  }
}

/// The layers between convolutions, which are limited by memory.
private enum MemoryPass: String, CaseIterable {
  case pooling, norm, activation

  /// How often the input's bytes pass, at least: forth it is read and the result written, and a
  /// norm must see the input before it can change it.
  var forth: Double {
    switch self {
    case .pooling: 1.25
    case .norm: 3
    case .activation: 2
    }
  }

  /// The same for the gradient.
  var back: Double {
    switch self {
    case .pooling: 1.25
    case .norm: 5
    case .activation: 3
    }
  }

  func callAsFunction(_ x: Variable, widths: [Int], on tape: Tape) -> Variable {
    switch self {
    case .pooling:
      MaxPool2D(window: LineRecognizer.pooling)(x, widthLengths: widths, on: tape).output
    case .norm: BatchNorm2D(channelCount: x.shape[1])(x, widthLengths: widths, on: tape)
    case .activation: Activation.leakyReLU(x, on: tape)
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
    _ outputs: Int, repetitions: Int
  ) -> [(way: String, measurement: Measurement)] {
    let geometry = WindowGeometry(
      vertical: WindowAxis(kernel: 3, stride: 1, padding: 1),
      horizontal: WindowAxis(kernel: 3, stride: 1, padding: 1),
      shape: [widths.count, channels, height, widths[0]], widthLengths: widths)
    let product = Convolution(geometry, inputChannels: channels, outputChannels: outputs)
    let (x, gradient) = (tensor(channels: channels, seed: 3), tensor(channels: outputs, seed: 4))
    var random = RandomSource(seed: 5)
    let weight = Convolution2D(
      inputChannels: channels, outputChannels: outputs, window: LineRecognizer.window,
      random: &random
    ).weight.value
    return [
      (
        "forth",
        measure(repetitions: repetitions) { _ = product.output(x, weight: weight, bias: nil) }
      ),
      (
        "dx",
        measure(repetitions: repetitions) { _ = product.inputGradient(gradient, weight: weight) }
      ),
      ("dW", measure(repetitions: repetitions) { _ = product.weightGradient(x, gradient) }),
    ]
  }

  func passing(
    _ pass: MemoryPass, repetitions: Int
  ) -> (forth: Measurement, back: Measurement) {
    let x = tensor(channels: channels, seed: 6)
    var forth: [Double] = []
    var back: [Double] = []
    for repetition in 0...repetitions {
      let tape = Tape()
      let input = tape.watch(x)
      let clock = ContinuousClock()
      let start = clock.now
      let y = pass(input, widths: widths, on: tape)
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
