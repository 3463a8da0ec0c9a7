import ArgumentParser
import Autograd
import Benchmarking
import Layers
import Tensors

struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Time a training step: forward, CTC, backward and Adam over one batch.",
    discussion: """
      The rate counts a step as three times the matrix products of the way forth, over the whole \
      time of the step.
      """)

  @Option(help: "The network.")
  var network = NetworkName.blstm256

  @Option(help: "fp32 or bf16.")
  var precision = Precision.fp32

  @Option(help: "Timed steps, after two to warm up.")
  var steps = 5

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print what the time goes into as well.")
  var profile = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard steps > 0 else { throw ValidationError("--steps \(steps): expected 1 or more") }
    guard precision != .int8 else {
      throw ValidationError("--precision int8: training runs in fp32 or bf16")
    }
  }

  func run() throws {
    let record = try Self.record(
      network, precision: precision, threads: threading.threads, steps: steps,
      profiles: profile)
    try BenchmarkPrinter(json: json)(record)
  }

  static func record(
    _ name: NetworkName, precision: Precision, threads: Int, steps: Int, profiles: Bool = false
  ) throws -> BenchmarkRecord {
    let peak = Machine.peak(threads: threads)
    var step = TrainingStep(name, precision: precision)
    for _ in 0..<2 { step.run() }
    step.durations = [:]
    let before = StoragePool.statistics.systemAllocations
    if profiles { Profile.start() }
    let measurement = Measurement((0..<steps).map { _ in time { step.run() } })
    let profile = profiles ? Profile.take(steps: steps) : nil
    Profile.stop()
    guard step.loss.isFinite else {
      throw ValidationError("\(name.rawValue): the loss is \(step.loss) after \(steps) steps")
    }
    var record = BenchmarkRecord(
      "step \(name.rawValue)", mode: precision.mode, threads: threads, measurement
    ).rate(operations: step.operations, peak: peak)
    record.network = name.rawValue
    record.sequencesPerSecond = Double(name.workload.batch) / measurement.median
    record.phases = step.medians
    record.profile = profile?.values
    record.profileLines = profile?.lines
    record.peakMemoryMebibytes = Machine.peakMemory
    record.systemAllocations = StoragePool.statistics.systemAllocations - before
    return record
  }
}

/// The parts of a training step.
enum StepPhase: String, CaseIterable {
  case forward, ctc, backward, update
}

/// One batch, trained on again and again.
struct TrainingStep {
  private var network: BenchmarkNetwork
  private var optimizer: Optimizer
  private let features: Tensor
  private let targets: [[Int]]
  private let frameLengths: [Int]

  /// Of the last step.
  private(set) var loss: Float = .nan
  var durations: [StepPhase: [Double]] = [:]

  init(_ name: NetworkName, precision: Precision) {
    let workload = name.workload
    var random = RandomSource(seed: 5)
    network = BenchmarkNetwork(name, random: &random).converted(to: precision)
    var configuration = OptimizerConfiguration()
    configuration.kind = .adam
    configuration.learningRate = 1e-4
    configuration.weightDecay = 0
    optimizer = Optimizer(configuration)
    let shape: Shape = [workload.frames, workload.batch, workload.inputs]
    features = Tensor((0..<shape.count).map { _ in random.normal() }, shape: shape)
    targets = (0..<workload.batch).map { _ in
      (0..<workload.targetLength).map { _ in random.integer(in: 1...workload.labels - 1) }
    }
    frameLengths = workload.frameLengths
  }

  /// A step counts three times the products of the way forth: those, dx and dW.
  var operations: Double {
    3 * network.operations(frameLengths: frameLengths)
  }

  /// In milliseconds.
  var medians: [String: Double] {
    Dictionary(
      uniqueKeysWithValues: durations.map {
        ($0.key.rawValue, (Measurement($0.value).median * 1e7).rounded() / 1e4)
      })
  }

  mutating func run() {
    let tape = Tape()
    let (logits, frames) = timed(.forward) {
      $0.network(Variable($0.features), frameLengths: $0.frameLengths, on: tape)
    }
    let (loss, _) = timed(.ctc) {
      ctcLoss(logits: logits, frameLengths: frames, targets: $0.targets, on: tape)
    }
    let gradients = timed(.backward) { _ in tape.gradients(of: loss).parameters }
    timed(.update) {
      $0.optimizer.update(model: &$0.network, gradients: gradients, learningRate: 1e-4)
    }
    self.loss = loss.tensor.item
  }

  private mutating func timed<Result>(
    _ phase: StepPhase, _ body: (inout TrainingStep) -> Result
  ) -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    let result = body(&self)
    durations[phase, default: []].append(seconds(clock.now - start))
    return result
  }
}
