/// The machine that results come from: the first line of a file of results.
package struct MachineRecord: Codable, Equatable, Sendable {
  /// The name of the processor.
  package var machine: String
  /// The cores that the process may use.
  package var cores: Int
  /// The memory of the machine.
  package var memoryGibibytes: Double
  /// The operating system.
  package var system: String
  /// The instruction set that Scribe's kernels use there.
  package var instructionSet: String
  /// The day of the measurement, as 2026-01-31.
  package var date: String
  /// Fused multiply-adds in registers by number of threads, in GFLOP/s.
  package var peakGigaflopsPerSecond: [String: Double]

  /// A machine with these properties.
  package init(
    machine: String, cores: Int, memoryGibibytes: Double, system: String, instructionSet: String,
    date: String, peakGigaflopsPerSecond: [String: Double]
  ) {
    (self.machine, self.cores, self.memoryGibibytes) = (machine, cores, memoryGibibytes)
    (self.system, self.instructionSet, self.date) = (system, instructionSet, date)
    self.peakGigaflopsPerSecond = peakGigaflopsPerSecond
  }
}
