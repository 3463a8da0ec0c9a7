import Configuration
import Tensors

/// Mean and variance of every feature over a training set, in double precision.
///
/// Updated and merged by the formulas of Chan, Golub and LeVeque 1983, which do not lose digits.
public struct FeatureStatistics: Sendable, Codable, Equatable {
  /// The frames seen.
  public private(set) var frameCount = 0
  /// The mean of every feature.
  public private(set) var mean: [Double]
  /// The sum of squared deviations from the mean of every feature.
  public private(set) var squaredDeviations: [Double]

  /// A feature that varies less than this, digital silence for one, is not blown up.
  static let smallestDeviation = 1e-5

  /// Statistics of nothing yet.
  public init(featureSize: Int) {
    mean = [Double](repeating: 0, count: featureSize)
    squaredDeviations = mean
  }

  /// The number of features.
  public var featureSize: Int { mean.count }

  /// The standard deviation of every feature (of the population); 1e-5 at least.
  public var standardDeviation: [Double] {
    squaredDeviations.map {
      max(Self.smallestDeviation, ($0 / Double(max(1, frameCount))).squareRoot())
    }
  }

  /// Takes in the frames of one recording, `[time, feature]`.
  public mutating func add(_ features: Tensor) {
    merge(FeatureStatistics(of: features))
  }

  /// The statistics of one recording, `[time, feature]`.
  public init(of features: Tensor) {
    precondition(
      features.shape.rank == 2,
      "FeatureStatistics: got shape \(features.shape), expected [time, feature]")
    let (rows, size) = (features.shape[0], features.shape[1])
    self.init(featureSize: size)
    guard rows > 0 else { return }
    frameCount = rows
    features.withUnsafeBufferPointer { values in
      for row in 0..<rows {
        for column in 0..<size { mean[column] += Double(values[row * size + column]) }
      }
      for column in 0..<size { mean[column] /= Double(rows) }
      for row in 0..<rows {
        for column in 0..<size {
          let deviation = Double(values[row * size + column]) - mean[column]
          squaredDeviations[column] += deviation * deviation
        }
      }
    }
  }

  /// Takes in other statistics of the same features.
  public mutating func merge(_ other: FeatureStatistics) {
    precondition(
      other.featureSize == featureSize,
      "FeatureStatistics.merge: got \(other.featureSize) features, expected \(featureSize)")
    guard other.frameCount > 0 else { return }
    let (mine, theirs) = (Double(frameCount), Double(other.frameCount))
    let total = mine + theirs
    for index in mean.indices {
      let distance = other.mean[index] - mean[index]
      mean[index] += distance * theirs / total
      squaredDeviations[index] +=
        other.squaredDeviations[index] + distance * distance * mine * theirs / total
    }
    frameCount += other.frameCount
  }

  /// Subtracts the mean from every feature and divides by the standard deviation.
  public func normalize(_ features: inout Tensor) {
    precondition(
      features.shape.rank == 2 && features.shape[1] == featureSize,
      "FeatureStatistics.normalize: got \(features.shape), expected [time, \(featureSize)]")
    let rows = features.shape[0]
    let normalizer = Normalizer(self)
    features.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in 0..<rows { normalizer.apply(base + row * featureSize) }
    }
  }

  /// Checks statistics that were read from a file.
  public func validate() throws(ConfigurationError) {
    guard mean.count == squaredDeviations.count, frameCount >= 0,
      mean.allSatisfy(\.isFinite), squaredDeviations.allSatisfy({ $0.isFinite && $0 >= 0 })
    else {
      throw .invalid(
        key: "statistics",
        found: "\(mean.count) means, \(squaredDeviations.count) deviations, \(frameCount) frames",
        expected: "as many finite means as finite deviations of 0 or more")
    }
  }
}

/// Statistics in the form in which frames are normalised.
struct Normalizer: Sendable {
  private let mean: [Float]
  private let scale: [Float]

  init(_ statistics: FeatureStatistics) {
    mean = statistics.mean.map { Float($0) }
    scale = statistics.standardDeviation.map { Float(1 / $0) }
  }

  /// Normalises one frame in place.
  func apply(_ row: UnsafeMutablePointer<Float>) {
    mean.withUnsafeBufferPointer { mean in
      scale.withUnsafeBufferPointer { scale in
        for index in 0..<mean.count { row[index] = (row[index] - mean[index]) * scale[index] }
      }
    }
  }
}
