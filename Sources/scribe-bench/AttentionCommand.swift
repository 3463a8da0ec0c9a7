import ArgumentParser
import Autograd
import Benchmarking
import Layers
import Tensors

struct AttentionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: "Time training steps of an attentive decoder: forward, backward and Adam.",
    discussion: """
      A decoder of 256 over 20 steps of 64 sequences, with memories of 20 positions of 512 (256 for \
      dot, which projects nothing). The gradient of the attentional states is given. The rate counts \
      a step as three times the products of the way forth.
      """)

  @Option(help: "Only scores of this kind: additive, general, dot, multiHead or location.")
  var kind: AttentionConfiguration.Kind?

  @Option(help: "lstm or gru.")
  var cell = AttentiveDecoderConfiguration.Cell.lstm

  @Option(help: "fp32 or bf16.")
  var precision = Precision.fp32

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  @Flag(help: "Print what the time goes into as well.")
  var profile = false

  func validate() throws {
    guard precision != .int8 else {
      throw ValidationError("--precision int8: training runs in fp32 or bf16")
    }
  }

  func run() throws {
    let peak = Machine.peak(threads: threading.threads)
    let printer = BenchmarkPrinter(json: options.json)
    for kind in kind.map({ [$0] }) ?? AttentionConfiguration.Kind.allCases {
      var step = AttentionStep(kind, cell, precision: precision)
      for _ in 0..<2 { step.run() }
      if profile { Profile.start() }
      let measurement = Measurement((0..<options.repetitions).map { _ in time { step.run() } })
      let found = profile ? Profile.take(steps: options.repetitions) : nil
      Profile.stop()
      var record = BenchmarkRecord(
        "attention \(kind.rawValue) \(cell.rawValue)", mode: precision.mode,
        threads: threading.threads, measurement
      ).rate(operations: step.operations, peak: peak)
      record.sequencesPerSecond = Double(AttentionStep.batch) / measurement.median
      record.profile = found?.values
      record.profileLines = found?.lines
      try printer(record)
    }
  }
}

extension AttentionConfiguration.Kind: ExpressibleByArgument {}
extension AttentiveDecoderConfiguration.Cell: ExpressibleByArgument {}

/// One batch, trained on again and again.
private struct AttentionStep {
  static let (batch, source, time, size) = (64, 20, 20, 256)
  private let memorySize: Int
  private var decoder: AttentiveDecoder
  private var optimizer: Optimizer
  private let inputs, memory, gradient: Tensor

  init(
    _ kind: AttentionConfiguration.Kind, _ cell: AttentiveDecoderConfiguration.Cell,
    precision: Precision
  ) {
    var configuration = AttentiveDecoderConfiguration()
    configuration.cell = cell
    configuration.hiddenSize = Self.size
    configuration.outputSize = Self.size
    configuration.bridge = .zero
    configuration.attention.kind = kind
    configuration.attention.size = Self.size
    memorySize = kind == .dot ? Self.size : 2 * Self.size
    var random = RandomSource(seed: 5)
    decoder = AttentiveDecoder(
      configuration, inputSize: Self.size, memorySize: memorySize, random: &random)
    decoder.setPrecision(precision)
    var adam = OptimizerConfiguration()
    adam.kind = .adam
    optimizer = Optimizer(adam)
    func tensor(_ shape: Shape, _ scale: Float) -> Tensor {
      Tensor((0..<shape.count).map { _ in scale * random.normal() }, shape: shape)
    }
    inputs = tensor([Self.time, Self.batch, Self.size], 1)
    memory = tensor([Self.source, Self.batch, memorySize], 1)
    gradient = tensor([Self.time, Self.batch, Self.size], 0.01)
  }

  /// A step counts three times the products of the way forth: those, dx and dW.
  var operations: Double {
    var (perStep, perPosition) = (0, 0)
    for (path, parameter) in decoder.namedParameters where parameter.shape.rank == 2 {
      if path.hasSuffix("key_weight") || path.hasSuffix("value_weight") {
        perPosition += parameter.value.count
      } else if !path.contains("location") {
        perStep += parameter.value.count
      }
    }
    let context = decoder.output.inputSize - Self.size
    let scores = Self.source * (Self.size + context)
    return 6 * Double(Self.batch)
      * Double(Self.time * (perStep + scores) + Self.source * perPosition)
  }

  mutating func run() {
    let tape = Tape()
    let (x, positions) = (tape.watch(inputs), tape.watch(memory))
    let (states, _) = decoder(
      x, memory: positions, memoryLengths: Array(repeating: Self.source, count: Self.batch),
      lengths: Array(repeating: Self.time, count: Self.batch), on: tape)
    let (gradients, _) = tape.gradients(
      of: states, seed: gradient, withRespectTo: [x, positions])
    optimizer.update(model: &decoder, gradients: gradients, learningRate: 1e-4)
  }
}
