import Benchmarking
import Foundation
import Tensors

/// Prints records as they come, as a table or as JSON.
struct BenchmarkPrinter {
  let json: Bool

  init(json: Bool) {
    self.json = json
    if !json { print(BenchmarkRecord.header) }
  }

  func callAsFunction(_ record: BenchmarkRecord) throws {
    guard json else { return print(record.row) }
    var record = record
    record.profileLines = nil
    record.instructionSet = InstructionSet.active.rawValue
    print(try ResultsFile.line(record))
  }
}

extension BenchmarkRecord {
  fileprivate static var header: String {
    pad("benchmark", 44) + pad("threads", -8) + pad("median ms", -11) + pad("quartiles", -16)
      + pad("min", -9) + pad("max", -9) + pad("GFLOP/s", -9) + pad("of peak", -9)
  }

  fileprivate var row: String {
    let name = mode == "float32" ? benchmark : "\(benchmark), \(mode)"
    let quartiles = "\(format(lowerQuartileMilliseconds))-\(format(upperQuartileMilliseconds))"
    var text = pad(name, 44) + pad("\(threads)", -8) + pad(format(medianMilliseconds), -11)
    text += pad(quartiles, -16)
    text += pad(format(minimumMilliseconds), -9) + pad(format(maximumMilliseconds), -9)
    if let gigaflopsPerSecond { text += pad(format(gigaflopsPerSecond), -9) }
    if let shareOfPeak { text += pad("\(Int((100 * shareOfPeak).rounded())) %", -9) }
    if let gigabytesPerSecond { text += pad(format(gigabytesPerSecond), -9) + " GB/s" }
    if let speedup { text += "  \(format(speedup)) times one thread" }
    if let sequencesPerSecond { text += "  \(format(sequencesPerSecond)) sequences per second" }
    if let audioSecondsPerSecond { text += "  \(Int(audioSecondsPerSecond)) s of audio per second" }
    if let tokensPerSecond { text += "  \(Int(tokensPerSecond)) tokens per second" }
    if let phases {
      let parts = StepPhase.allCases.compactMap { phase in
        phases[phase.rawValue].map { "\(phase.rawValue) \(format($0))" }
      }
      text += "\n  median ms: " + parts.joined(separator: ", ")
    }
    for line in profileLines ?? [] { text += "\n  " + line }
    if let peakMemoryMebibytes { text += "\n  peak memory: \(Int(peakMemoryMebibytes)) MiB" }
    if let systemAllocations { text += "; \(systemAllocations) allocations while timed" }
    return text
  }
}

/// Four significant digits, or whole numbers from 1000.
private func format(_ value: Double) -> String {
  let digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : value >= 0.1 ? 3 : 4
  return value.formatted(.number.precision(.fractionLength(digits)).grouping(.never))
}

/// Fills up to a width: text to the left, or to the right where the width is negative.
private func pad(_ text: String, _ width: Int) -> String {
  let fill = String(repeating: " ", count: max(width > 0 ? 1 : 0, abs(width) - text.count))
  return width < 0 ? fill + text : text + fill
}
