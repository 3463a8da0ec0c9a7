import ArgumentParser
import Benchmarking
import Foundation
import Tensors

struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine",
    abstract: "Describe this machine as a line of results, with its peak on 1, 2, 4, .. threads.")

  func run() throws { print(try ResultsFile.line(Machine.record)) }
}

extension Machine {
  fileprivate static var record: MachineRecord {
    let information = ProcessInfo.processInfo
    let peaks = threadCounts.map { ("\($0)", peak(threads: $0).rounded()) }
    return MachineRecord(
      machine: processorName ?? "unknown processor", cores: WorkerPool.coreCount,
      memoryGibibytes: (Double(information.physicalMemory) / 0x1p30).rounded(),
      system: information.operatingSystemVersionString,
      instructionSet: InstructionSet.active.rawValue,
      date: Date.now.formatted(.iso8601.year().month().day()),
      peakGigaflopsPerSecond: Dictionary(uniqueKeysWithValues: peaks))
  }

  /// The processor in its maker's words.
  private static var processorName: String? {
    #if os(Linux)
      let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = text?.split(separator: "\n").first { $0.hasPrefix("model name") }
      return line?.split(separator: ":", maxSplits: 1).last
        .map { $0.trimmingCharacters(in: .whitespaces) }
    #else
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #endif
  }
}
