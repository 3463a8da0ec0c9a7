extension StrokeFeatureExtractor {
  /// Where the points that the features describe lie in the recording, in its own coordinates: one
  /// place for each row of the features.
  ///
  /// - Precondition: All numbers of the recording are finite.
  public func places(of recording: PenRecording) -> [(x: Float, y: Float)] {
    precondition(
      recording.isFinite, "StrokeFeatureExtractor: got a coordinate that is not finite")
    let trajectory = Trajectory(recording, configuration: configuration)
    let back = trajectory.map.inverse
    return zip(trajectory.xs, trajectory.ys).map {
      let (x, y) = back($0, $1)
      return (Float(x), Float(y))
    }
  }
}

extension AffineMap {
  /// The map that leads back; a map that flattens the plane leads to one point.
  fileprivate var inverse: AffineMap {
    let determinant = a * d - b * c
    guard determinant != 0 else { return AffineMap(a: 0, b: 0, c: 0, d: 0) }
    let (p, q, r, s) = (d / determinant, -b / determinant, -c / determinant, a / determinant)
    return AffineMap(a: p, b: q, c: r, d: s, e: -(p * e + q * f), f: -(r * e + s * f))
  }
}
