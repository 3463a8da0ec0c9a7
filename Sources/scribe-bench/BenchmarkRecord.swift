import Foundation
import Tensors

/// One line of a table, or one object of JSON.
struct BenchmarkRecord: Encodable {
  let benchmark: String
  var network: String?
  let instructionSet = InstructionSet.active.rawValue
  let threads: Int
  let repetitions: Int
  let medianMilliseconds: Double
  let minimumMilliseconds: Double
  let maximumMilliseconds: Double
  /// Of matrix products alone, or of multiply-adds in registers.
  var gigaflopsPerSecond: Double?
  /// ``gigaflopsPerSecond`` over what the same threads do in registers.
  var shareOfPeak: Double?
  /// Of memory read and written.
  var gigabytesPerSecond: Double?
  /// How many sequences, such as lines of handwriting, a second of training handles.
  var sequencesPerSecond: Double?
  /// How many seconds of sound a second of computing handles.
  var audioSecondsPerSecond: Double?
  /// Medians of the parts of a training step, in milliseconds.
  var phases: [String: Double]?
  /// What the time of a training step goes into.
  var profile: ProfileReport?
  var peakMemoryMebibytes: Double?
  /// How often the pool of memory asked the system during the timed steps.
  var systemAllocations: Int?

  init(_ benchmark: String, threads: Int, _ measurement: Measurement) {
    self.benchmark = benchmark
    self.threads = threads
    repetitions = measurement.seconds.count
    medianMilliseconds = rounded(measurement.median * 1e3)
    minimumMilliseconds = rounded(measurement.minimum * 1e3)
    maximumMilliseconds = rounded(measurement.maximum * 1e3)
  }

  /// With the rate of so many floating-point operations in the median time.
  func rate(operations: Double, peak: Double) -> BenchmarkRecord {
    var copy = self
    let rate = operations / medianMilliseconds / 1e6
    copy.gigaflopsPerSecond = rounded(rate)
    copy.shareOfPeak = rounded(rate / peak)
    return copy
  }

  /// With the rate of so many bytes in the median time.
  func rate(bytes: Double) -> BenchmarkRecord {
    var copy = self
    copy.gigabytesPerSecond = rounded(bytes / medianMilliseconds / 1e6)
    return copy
  }

  static var header: String {
    pad("benchmark", 38) + pad("threads", -8) + pad("median ms", -11) + pad("min", -10)
      + pad("max", -10) + pad("GFLOP/s", -9) + pad("of peak", -9)
  }

  var row: String {
    var text = pad(benchmark, 38) + pad("\(threads)", -8) + pad(format(medianMilliseconds), -11)
    text += pad(format(minimumMilliseconds), -10) + pad(format(maximumMilliseconds), -10)
    if let gigaflopsPerSecond { text += pad(format(gigaflopsPerSecond), -9) }
    if let shareOfPeak { text += pad("\(Int((100 * shareOfPeak).rounded())) %", -9) }
    if let gigabytesPerSecond { text += pad(format(gigabytesPerSecond), -9) + " GB/s" }
    if let sequencesPerSecond { text += "  \(format(sequencesPerSecond)) sequences per second" }
    if let audioSecondsPerSecond { text += "  \(Int(audioSecondsPerSecond)) s of audio per second" }
    if let phases {
      let parts = StepPhase.allCases.compactMap { phase in
        phases[phase.rawValue].map { "\(phase.rawValue) \(format($0))" }
      }
      text += "\n  median ms: " + parts.joined(separator: ", ")
    }
    if let peakMemoryMebibytes { text += "\n  peak memory: \(Int(peakMemoryMebibytes)) MiB" }
    if let systemAllocations { text += "; \(systemAllocations) allocations while timed" }
    for line in profile?.lines ?? [] { text += "\n  " + line }
    return text
  }
}

/// Prints records as they come, as a table or as JSON.
struct BenchmarkPrinter {
  let json: Bool

  init(json: Bool) {
    self.json = json
    if !json { print(BenchmarkRecord.header) }
  }

  func callAsFunction(_ record: BenchmarkRecord) throws {
    guard json else { return print(record.row) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(record), as: UTF8.self))
  }
}

/// Four significant digits, or whole numbers from 1000.
private func format(_ value: Double) -> String {
  let digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3
  return value.formatted(.number.precision(.fractionLength(digits)).grouping(.never))
}

private func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }

/// Fills up to a width: text to the left, or to the right where the width is negative.
private func pad(_ text: String, _ width: Int) -> String {
  let fill = String(repeating: " ", count: max(0, abs(width) - text.count))
  return width < 0 ? fill + text : text + fill
}
