import ArgumentParser

/// What the numbers of a network's products are.
enum Precision: String, CaseIterable, ExpressibleByArgument {
  case float32, bfloat16, int8

  /// What training steps can be timed in.
  static let trained: Set<Precision> = [.float32]
  /// What inference can be timed in.
  static let inferred: Set<Precision> = [.float32]

  /// Refuses a precision that is not among `known`.
  func check(in known: Set<Precision>, for work: String) throws {
    guard known.contains(self) else {
      let names = Self.allCases.filter(known.contains).map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--precision \(rawValue): \(work) runs in \(names)")
    }
  }
}

extension BenchmarkNetwork {
  /// Brings a network to a precision; every benchmark of whole networks passes here.
  func converted(to precision: Precision) -> BenchmarkNetwork {
    switch precision {
    case .float32: self
    case .bfloat16, .int8: preconditionFailure("Precision: \(precision) was not refused")
    }
  }
}
