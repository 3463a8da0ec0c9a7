import ArgumentParser
import Autograd
import Benchmarking
import Tensors

struct InferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer",
    abstract: "Time the way forth over one sequence of 1,000 frames.",
    discussion: "A frame counts as 10 ms of sound.")

  @Option(help: "The network; may be repeated. All recurrent ones of speech unless given.")
  var network: [NetworkName] = Self.usual

  @Option(help: "fp32, bf16 or int8.")
  var precision = Precision.fp32

  @Option(help: "Threads; may be repeated.")
  var threads = [1]

  @OptionGroup var options: BenchmarkOptions

  static let usual: [NetworkName] = [.blstm512, .bgru512, .deepspeech1]
  private static let frames = 1000

  func validate() throws {
    for count in threads { try ThreadOptions.check(count) }
  }

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    for name in network {
      for count in threads {
        let record = Self.record(
          name, precision: precision, threads: count, repetitions: options.repetitions)
        try printer(record)
      }
    }
  }

  static func record(
    _ name: NetworkName, precision: Precision, threads: Int, repetitions: Int
  ) -> BenchmarkRecord {
    let peak = Machine.peak(threads: threads)
    var random = RandomSource(seed: 5)
    let network = BenchmarkNetwork(name, random: &random).converted(to: precision)
    let shape: Shape = [frames, 1, name.workload.inputs]
    let features = Variable(Tensor((0..<shape.count).map { _ in random.normal() }, shape: shape))
    let measurement = measure(repetitions: repetitions) {
      _ = network(features, frameLengths: [frames], on: nil)
    }
    var record = BenchmarkRecord(
      "infer \(name.rawValue)", mode: precision.mode, threads: threads, measurement
    ).rate(operations: network.operations(frameLengths: [frames]), peak: peak)
    record.network = name.rawValue
    record.audioSecondsPerSecond = (Double(frames) / 100 / measurement.median).rounded()
    record.peakMemoryMebibytes = Machine.peakMemory
    return record
  }
}
