import ArgumentParser
import Benchmarking
import Tensors

struct PeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peak",
    abstract: "Measure the fused multiply-adds that the cores do in registers.")

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    try Self.records(threads: [threading.threads], repetitions: options.repetitions)
      .forEach(BenchmarkPrinter(json: options.json).callAsFunction)
  }

  static func records(threads: [Int], repetitions: Int) -> [BenchmarkRecord] {
    threads.map { threads in
      WorkerPool.threadCount = threads
      let rounds = 4_000_000
      let operations = runMultiplyAdds(rounds: 1, threads: threads) * Double(rounds)
      let measurement = measure(repetitions: repetitions) {
        _ = runMultiplyAdds(rounds: rounds, threads: threads)
      }
      let record = BenchmarkRecord("multiply-adds in registers", threads: threads, measurement)
      return record.rate(operations: operations, peak: operations / measurement.minimum / 1e9)
    }
  }
}
