import Configuration
import Tensors

/// Turns pen strokes into the features that a network sees.
///
/// The strokes are turned level and upright and brought to one size, the ways through the air are
/// filled in by straight lines, everything is resampled to equal distances, and each point is described
/// by the values of ``StrokeFeature``. Place and size of the recording change nothing.
public struct StrokeFeatureExtractor: Sendable {
  /// What is computed.
  public let configuration: StrokeFeatureConfiguration

  /// An extractor for a configuration.
  ///
  /// - Throws: `ConfigurationError` if a value is out of range.
  public init(
    _ configuration: StrokeFeatureConfiguration = StrokeFeatureConfiguration()
  ) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
  }

  /// Values per point.
  public var featureSize: Int { configuration.featureSize }

  /// Returns the features of a recording, whose numbers must be finite.
  ///
  /// - Returns: `[time, featureSize]`; no rows if there is no point, one for a single dot, and never
  ///   more than 33,000.
  /// - Complexity: O(*time* · *window*), the window being the points within the vicinity and the
  ///   columns of the context map.
  public func callAsFunction(_ recording: PenRecording) -> Tensor {
    precondition(
      recording.isFinite, "StrokeFeatureExtractor: got a coordinate that is not finite")
    let trajectory = Trajectory(recording, configuration: configuration)
    let context = OfflineContext(trajectory)
    let xs = trajectory.highPassed(radius: configuration.highPassRadius)
    let width = featureSize
    return Tensor(unsafeUninitialized: [trajectory.count, width]) { target in
      guard let base = target.baseAddress else { return }
      for index in 0..<trajectory.count {
        let row = base + index * width
        row[StrokeFeature.penDown.rawValue] = trajectory.isDown[index] ? 1 : 0
        row[StrokeFeature.hat.rawValue] = trajectory.hasHat[index] ? 1 : 0
        row[StrokeFeature.speed.rawValue] = Float(trajectory.speeds[index])
        row[StrokeFeature.x.rawValue] = Float(xs[index])
        row[StrokeFeature.y.rawValue] = Float(trajectory.ys[index])
        trajectory.heading(at: index, into: row + StrokeFeature.directionCosine.rawValue)
        trajectory.vicinity(
          at: index, radius: configuration.vicinityRadius,
          into: row + StrokeFeature.vicinityAspect.rawValue)
        context.bands(
          at: trajectory.xs[index], radius: Double(configuration.bandRadius),
          into: row + StrokeFeature.above.rawValue)
        context.map(
          x: trajectory.xs[index], y: trajectory.ys[index],
          cell: Double(configuration.contextCell),
          into: row + StrokeFeature.contextUpLeft.rawValue)
      }
    }
  }
}
