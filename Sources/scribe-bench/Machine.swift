import Benchmarking
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this machine can do.
enum Machine {
  /// The fused multiply-adds that `threads` threads do in registers, in GFLOP/s: the fastest of
  /// several runs, because whatever else runs can only slow it down.
  static func peak(threads: Int, repetitions: Int = 5) -> Double {
    WorkerPool.threadCount = threads
    let rounds = 4_000_000
    let operations = runMultiplyAdds(rounds: 1, threads: threads) * Double(rounds)
    let measurement = measure(repetitions: repetitions) {
      _ = runMultiplyAdds(rounds: rounds, threads: threads)
    }
    return operations / measurement.minimum / 1e9
  }

  /// The most memory that this process has held, in MiB.
  static var peakMemory: Double {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) / 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1_048_576
    #endif
  }

  /// One core and all of them.
  static var oneAndAll: [Int] { Array(Set([1, WorkerPool.coreCount])).sorted() }

  /// One, two, four, .. up to twice the cores.
  static var scalingThreadCounts: [Int] {
    threadCounts + [2 * WorkerPool.coreCount]
  }

  /// One, two, four, .. up to all cores.
  static var threadCounts: [Int] {
    var counts = Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < WorkerPool.coreCount })
    counts.append(WorkerPool.coreCount)
    return counts
  }
}
