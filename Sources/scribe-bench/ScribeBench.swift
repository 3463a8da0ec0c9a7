import ArgumentParser
import Tensors

@main
struct ScribeBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scribe-bench",
    abstract: "Time kernels and training steps on this machine.",
    discussion: """
      Times are medians over repetitions, with quartiles and extremes beside them. Rates are \
      compared with the fused multiply-adds that the same threads reach in registers, measured \
      just before. SCRIBE_KERNELS forces an instruction set.
      """,
    subcommands: [
      KernelsCommand.self, PeakCommand.self, ProductCommand.self, RecurrentCommand.self,
      ConvolutionCommand.self, CTCCommand.self, DecodeCommand.self, FeaturesCommand.self,
      StepCommand.self, AttentionCommand.self, InferCommand.self, TranslateCommand.self,
      ScalingCommand.self, AllCommand.self, MachineCommand.self,
      ReportCommand.self,
    ])
}

/// What every benchmark can be told.
struct BenchmarkOptions: ParsableArguments {
  @Option(help: "How often each measurement is repeated.")
  var repetitions = 7

  @Flag(help: "Print JSON, one object for each line of the table.")
  var json = false

  func validate() throws {
    guard repetitions > 0 else {
      throw ValidationError("--repetitions \(repetitions): expected 1 or more")
    }
  }
}

/// How many threads work.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads; the machine's cores unless given.")
  var threads = WorkerPool.coreCount

  func validate() throws { try Self.check(threads) }

  static func check(_ threads: Int) throws {
    guard (1...WorkerPool.coreCount).contains(threads) else {
      throw ValidationError(
        "--threads \(threads): expected 1 to \(WorkerPool.coreCount), the cores of this machine")
    }
  }
}
