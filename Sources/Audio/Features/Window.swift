#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The weights of the samples of one frame.
public enum Window: String, Codable, Sendable, CaseIterable {
  /// Raised cosine, periodic: 0.5 - 0.5 cos(2πn/N).
  case hann
  /// Hamming's, periodic: 0.54 - 0.46 cos(2πn/N).
  case hamming
  /// Kaldi's: the symmetric Hann window to the power of 0.85.
  case povey

  /// The weights of a frame of `length` samples.
  public func weights(_ length: Int) -> [Float] {
    (0..<length).map { index in
      let periodic = cos(2 * Double.pi * Double(index) / Double(length))
      switch self {
      case .hann: return Float(0.5 - 0.5 * periodic)
      case .hamming: return Float(0.54 - 0.46 * periodic)
      case .povey:
        guard length > 1 else { return 1 }
        return Float(pow(0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(length - 1)), 0.85))
      }
    }
  }
}
