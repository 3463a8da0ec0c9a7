#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is subtracted from the targets of a window before a network sees them, and put back into its
/// forecast, so that a level which training has not seen does no harm.
public enum WindowNormalization: String, Codable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// The mean of the context.
  case mean
  /// The last value of the context (Zeng et al. 2023, NLinear).
  case last
  /// The mean of the context; what is left is divided by its deviation (Kim et al. 2022, reversible
  /// instance normalisation, without the learned affine map).
  case standard

  /// Added to the variance before the root.
  private static let epsilon: Float = 1e-5

  /// What is subtracted and what is divided by, from the context of one target.
  func statistics(_ context: some Collection<Float>) -> (offset: Float, scale: Float) {
    let count = Float(max(1, context.count))
    switch self {
    case .none: return (0, 1)
    case .mean: return (context.reduce(0, +) / count, 1)
    case .last: return (context.suffix(1).first ?? 0, 1)
    case .standard:
      let mean = context.reduce(0, +) / count
      let square = context.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, sqrt(square / count + Self.epsilon))
    }
  }
}
