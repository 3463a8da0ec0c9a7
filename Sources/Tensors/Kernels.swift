import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The instruction sets that the C kernels are written for, the best first.
///
/// `avx512bf16` and `avxvnni` add dot products of 16-bit and 8-bit numbers to `avx512` and `avx2`.
public enum InstructionSet: String, CaseIterable, Sendable {
  case avx512bf16, avx512, avxvnni, avx2, neon, portable

  /// Whether this machine has it.
  public var isAvailable: Bool { scribe_kernels_named(rawValue) != nil }

  /// The environment variable that forces a set.
  public static let environmentVariable = "SCRIBE_KERNELS"

  /// The set in use: the one that `SCRIBE_KERNELS` names, else the best of the machine.
  public static var active: InstructionSet {
    InstructionSet(rawValue: String(cString: Kernels.active.name)) ?? .portable
  }
}

/// Access to the table of C kernels.
package enum Kernels {
  /// The table in use for the whole process.
  package static let active: scribe_kernels = {
    guard let name = getenv(InstructionSet.environmentVariable) else {
      return scribe_kernels_best().pointee
    }
    guard let forced = scribe_kernels_named(name) else {
      preconditionFailure(
        "\(InstructionSet.environmentVariable)=\(String(cString: name)): this machine has "
          + InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", "))
    }
    return forced.pointee
  }()
}
