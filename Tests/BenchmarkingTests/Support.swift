import Benchmarking
import Foundation

/// A record with these times around `median`.
func record(
  _ benchmark: String, _ median: Double, threads: Int = 2, library: String = "Scribe",
  mode: String = "float32", rate: Double? = nil, peak: Double? = nil
) -> BenchmarkRecord {
  var record = BenchmarkRecord(
    benchmark, mode: mode, threads: threads,
    Measurement([0.8, 0.9, 1, 1.1, 1.2].map { $0 * median / 1e3 }))
  record.library = library
  record.version = library == "Scribe" ? nil : "1.2"
  record.gigaflopsPerSecond = rate
  record.peakGigaflopsPerSecond = peak
  return record
}

/// Two rounds: Scribe is twice as fast as PyTorch in training, and slower in one product.
func results() throws -> ResultsFile {
  let machine = MachineRecord(
    machine: "Model 7", cores: 2, memoryGibibytes: 16, system: "Linux", instructionSet: "avx2",
    date: "2026-01-31", peakGigaflopsPerSecond: ["1": 100, "2": 200])
  let round = [
    record("step blstm256", 100, rate: 160, peak: 200),
    record("step blstm256", 200, library: "PyTorch", rate: 80),
    record("step blstm256", 150, library: "PyTorch", mode: "autocast"),
    record("product 16x256x1024", 3, threads: 1),
    record("product 16x256x1024", 1.5, threads: 1, library: "PyTorch"),
  ]
  // The second round ran on a machine half as fast.
  let slow = round.map { fast in
    record(
      fast.benchmark, 2 * fast.medianMilliseconds, threads: fast.threads, library: fast.library,
      mode: fast.mode, rate: fast.gigaflopsPerSecond, peak: fast.peakGigaflopsPerSecond)
  }
  let lines = try [ResultsFile.line(machine)] + (round + slow).map(ResultsFile.line)
  return try ResultsFile(lines.joined(separator: "\n") + "\n", name: "results")
}

/// A folder that is removed when the test ends.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/benchmarking-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
