/// How far times are from the known ones.
public struct TimeErrors: Codable, Sendable, Equatable {
  /// The number of times.
  public let count: Int
  /// The median of the absolute differences, in seconds.
  public let median: Double
  /// The mean of the absolute differences.
  public let mean: Double
  /// What 95 % of the absolute differences do not exceed.
  public let percentile95: Double
  /// The median of the differences, time less known time: over 0 where times are late.
  public let bias: Double

  /// The errors of times, each less the known time; all 0 for none.
  public init(_ differences: [Double]) {
    count = differences.count
    let sizes = differences.map(abs).sorted()
    median = Self.quantile(0.5, sizes)
    mean = sizes.reduce(0, +) / Double(max(1, count))
    percentile95 = Self.quantile(0.95, sizes)
    bias = Self.quantile(0.5, differences.sorted())
  }

  /// The quantile of sorted values, with linear interpolation between neighbours.
  static func quantile(_ fraction: Double, _ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let position = fraction * Double(values.count - 1)
    let index = Int(position)
    let next = min(index + 1, values.count - 1)
    return values[index] + (position - Double(index)) * (values[next] - values[index])
  }
}
