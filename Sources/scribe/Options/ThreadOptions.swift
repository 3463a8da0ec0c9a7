import ArgumentParser
import Tensors

/// How many cores may be used.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads that work at once; all cores by default.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads), expected 1 or more.")
    }
  }

  /// Sets the size of the pool for the whole program.
  func apply() {
    if let threads { WorkerPool.threadCount = threads }
  }
}
