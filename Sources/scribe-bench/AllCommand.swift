import ArgumentParser
import Benchmarking
import Tensors

struct AllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Run every benchmark in turn.")

  @Option(help: "Timed training steps of each network, after two to warm up.")
  var steps = 3

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func validate() throws {
    guard steps > 0 else { throw ValidationError("--steps \(steps): expected 1 or more") }
  }

  func run() throws {
    let (threads, repetitions) = (threading.threads, options.repetitions)
    let printer = BenchmarkPrinter(json: options.json)
    for record in PeakCommand.records(threads: Machine.threadCounts, repetitions: repetitions) {
      try printer(record)
    }
    try ProductCommand.forEachRecord(
      ProductShape.large + ProductShape.small, threads: Machine.oneAndAll,
      repetitions: repetitions, printer.callAsFunction)
    try RecurrentCommand.forEachRecord(
      threads: threads, repetitions: repetitions, printer.callAsFunction)
    try ConvolutionCommand.forEachRecord(
      threads: threads, repetitions: repetitions, printer.callAsFunction)
    try CTCCommand.forEachRecord(
      threads: Machine.oneAndAll, repetitions: repetitions, printer.callAsFunction)
    try FeaturesCommand.forEachRecord(repetitions: repetitions, printer.callAsFunction)
    for network in InferCommand.usual {
      try printer(
        InferCommand.record(network, precision: .fp32, threads: 1, repetitions: repetitions))
    }
    for network in NetworkName.allCases {
      try printer(StepCommand.record(network, precision: .fp32, threads: threads, steps: steps))
    }
  }
}
