/// What one program measured about one piece of work: a line of results, as JSON.
///
/// The programs under `bench/` write the same keys for other libraries.
package struct BenchmarkRecord: Codable, Equatable, Sendable {
  /// What was timed; the same words for every library.
  package var benchmark: String
  /// The network, where the work is one of a whole network.
  package var network: String?
  /// Who did the work.
  package var library: String
  /// The release of the library.
  package var version: String?
  /// The precision or another setting of the library.
  package var mode: String
  /// The instruction set that the kernels used.
  package var instructionSet: String?
  /// Threads that worked.
  package var threads: Int
  /// How often the work was timed.
  package var repetitions: Int
  /// The run in the middle.
  package var medianMilliseconds: Double
  /// The fastest run.
  package var minimumMilliseconds: Double
  /// The slowest run.
  package var maximumMilliseconds: Double
  /// What a quarter of the runs did not exceed.
  package var lowerQuartileMilliseconds: Double
  /// What three quarters of the runs did not exceed.
  package var upperQuartileMilliseconds: Double
  /// Of matrix products alone, or of multiply-adds in registers.
  package var gigaflopsPerSecond: Double?
  /// What the same threads did in registers in the same run.
  package var peakGigaflopsPerSecond: Double?
  /// ``gigaflopsPerSecond`` over ``peakGigaflopsPerSecond``.
  package var shareOfPeak: Double?
  /// Of memory read and written.
  package var gigabytesPerSecond: Double?
  /// How many sequences, such as lines of handwriting, a second of training handles.
  package var sequencesPerSecond: Double?
  /// How many seconds of sound a second of computing handles.
  package var audioSecondsPerSecond: Double?
  /// How many tokens of the target language a second of training or translating handles.
  package var tokensPerSecond: Double?
  /// How many times as fast as one thread, the median over paired runs.
  package var speedup: Double?
  /// Medians of the parts of a training step, in milliseconds.
  package var phases: [String: Double]?
  /// Milliseconds of each kind of work in a training step.
  package var profile: [String: Double]?
  /// The same as a table, which is not part of the results.
  package var profileLines: [String]?
  /// The most memory that the process has held.
  package var peakMemoryMebibytes: Double?
  /// How often the pool of memory asked the system during the timed steps.
  package var systemAllocations: Int?

  /// Scribe's record of these durations.
  package init(
    _ benchmark: String, mode: String = "float32", threads: Int, _ measurement: Measurement
  ) {
    self.benchmark = benchmark
    library = Self.scribe
    self.mode = mode
    self.threads = threads
    repetitions = measurement.seconds.count
    medianMilliseconds = rounded(measurement.median * 1e3)
    minimumMilliseconds = rounded(measurement.minimum * 1e3)
    maximumMilliseconds = rounded(measurement.maximum * 1e3)
    lowerQuartileMilliseconds = rounded(measurement.quantile(0.25) * 1e3)
    upperQuartileMilliseconds = rounded(measurement.quantile(0.75) * 1e3)
  }

  /// The name of this library in results.
  package static let scribe = "Scribe"

  /// With the rate of so many floating-point operations in the median time.
  package func rate(operations: Double, peak: Double) -> BenchmarkRecord {
    var copy = self
    let rate = operations / medianMilliseconds / 1e6
    copy.gigaflopsPerSecond = rounded(rate)
    copy.peakGigaflopsPerSecond = rounded(peak)
    copy.shareOfPeak = rounded(rate / peak)
    return copy
  }

  /// With the rate of so many bytes in the median time.
  package func rate(bytes: Double) -> BenchmarkRecord {
    var copy = self
    copy.gigabytesPerSecond = rounded(bytes / medianMilliseconds / 1e6)
    return copy
  }
}

/// To four decimals, or to six digits below one, which a microsecond in milliseconds needs.
private func rounded(_ value: Double) -> Double {
  let scale = value < 1 ? 1e7 : 1e4
  return (value * scale).rounded() / scale
}
