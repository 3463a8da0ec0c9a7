import ArgumentParser
import Benchmarking
import Tensors

struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Time a training step of the translator of configs/en-de.yaml, and translating.",
    discussion: """
      A training step is 64 pairs of 16 tokens on average: forward, cross-entropy with label \
      smoothing, backward, clipping and Adam. Translating is 256 sentences of 16 tokens, 160 rows at \
      once, into translations of fixed length. Tokens per second are those of the target language.
      """)

  @Option(help: "fp32 or bf16; may be repeated.")
  var precision: [Precision] = [.fp32, .bf16]

  @Option(help: "Timed training steps, after two to warm up; 0 leaves training out.")
  var steps = 10

  @Option(help: "The width of a beam; may be repeated. 1 is the most probable token each time.")
  var beam = [1, 5]

  @Flag(help: "Leave translating out.")
  var onlyTraining = false

  @Flag(help: "Print what the time goes into as well.")
  var profile = false

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func validate() throws {
    guard steps >= 0 else { throw ValidationError("--steps \(steps): expected 0 or more") }
    guard beam.allSatisfy({ 1...100 ~= $0 }) else {
      throw ValidationError("--beam \(beam): expected 1 to 100")
    }
    guard !precision.contains(.int8) else {
      throw ValidationError("--precision int8: expected fp32 or bf16")
    }
  }

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    WorkerPool.threadCount = threading.threads
    for precision in precision {
      if steps > 0 { try printer(training(precision)) }
      for width in onlyTraining ? [] : beam { try printer(translating(precision, width)) }
    }
  }

  private func training(_ precision: Precision) throws -> BenchmarkRecord {
    var step = TranslationTrainingStep(precision)
    for _ in 0..<2 { step.run() }
    let before = StoragePool.statistics.systemAllocations
    if profile { Profile.start() }
    let measurement = Measurement((0..<steps).map { _ in time { step.run() } })
    let report = profile ? Profile.take(steps: steps) : nil
    Profile.stop()
    guard step.loss.isFinite else {
      throw ValidationError("translate: the loss is \(step.loss) after \(steps) steps")
    }
    var record = BenchmarkRecord(
      "translate, training step", mode: precision.mode, threads: threading.threads, measurement)
    record.tokensPerSecond = (Double(step.tokenCount) / measurement.median).rounded()
    record.profile = report?.values
    record.profileLines = report?.lines
    record.peakMemoryMebibytes = Machine.peakMemory
    record.systemAllocations = StoragePool.statistics.systemAllocations - before
    return record
  }

  private func translating(_ precision: Precision, _ width: Int) throws -> BenchmarkRecord {
    let work = TranslationSearchWork(precision, beamWidth: width)
    let found = work.run()
    guard found == work.tokenCount else {
      throw ValidationError("translate: \(found) tokens, expected \(work.tokenCount)")
    }
    if profile { Profile.start() }
    let measurement = measure(repetitions: options.repetitions) { _ = work.run() }
    let report = profile ? Profile.take(steps: options.repetitions + 2) : nil
    Profile.stop()
    var record = BenchmarkRecord(
      width == 1 ? "translate, greedy" : "translate, beam of \(width)", mode: precision.mode,
      threads: threading.threads, measurement)
    record.tokensPerSecond = (Double(work.tokenCount) / measurement.median).rounded()
    record.profile = report?.values
    record.profileLines = report?.lines
    return record
  }
}
