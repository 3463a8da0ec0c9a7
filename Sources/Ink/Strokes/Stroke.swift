/// One place that the pen went through.
public struct StrokePoint: Sendable, Hashable {
  /// To the right, in the unit of the recording.
  public var x: Float
  /// Downwards, in the unit of the recording.
  public var y: Float
  /// Seconds since some moment that is common to the recording.
  public var time: Float?
  /// How hard the pen pressed, 0...1.
  public var pressure: Float?

  /// A point, with or without its time and pressure.
  public init(x: Float, y: Float, time: Float? = nil, pressure: Float? = nil) {
    (self.x, self.y, self.time, self.pressure) = (x, y, time, pressure)
  }

  /// Whether every number is neither infinite nor NaN.
  public var isFinite: Bool {
    x.isFinite && y.isFinite && time?.isFinite ?? true && pressure?.isFinite ?? true
  }
}

/// What the pen wrote between touching the paper and leaving it.
public struct Stroke: Sendable, Hashable {
  /// The points in the order of writing.
  public var points: [StrokePoint]

  /// A stroke through these points.
  public init(points: [StrokePoint]) { self.points = points }
}

/// The movements of a pen: strokes in the order of writing.
public struct PenRecording: Sendable, Hashable {
  /// The strokes in the order of writing.
  public var strokes: [Stroke]

  /// A recording of these strokes.
  public init(strokes: [Stroke] = []) { self.strokes = strokes }

  /// How many points there are in all strokes.
  public var pointCount: Int { strokes.reduce(0) { $0 + $1.points.count } }

  /// Whether every number is neither infinite nor NaN.
  public var isFinite: Bool { strokes.allSatisfy { $0.points.allSatisfy(\.isFinite) } }

  /// Whether every point has a time.
  public var hasTimes: Bool { strokes.allSatisfy { $0.points.allSatisfy { $0.time != nil } } }

  /// The smallest upright rectangle around all points; nil if there are none.
  public var bounds: StrokeBounds? {
    var bounds: StrokeBounds?
    for stroke in strokes {
      for point in stroke.points { bounds = bounds?.extended(to: point) ?? StrokeBounds(point) }
    }
    return bounds
  }

  /// The recording with every point replaced.
  public func mapPoints(_ transform: (StrokePoint) -> StrokePoint) -> PenRecording {
    PenRecording(strokes: strokes.map { Stroke(points: $0.points.map(transform)) })
  }
}

/// An upright rectangle.
public struct StrokeBounds: Sendable, Hashable {
  /// The left edge.
  public var minimumX: Float
  /// The upper edge.
  public var minimumY: Float
  /// The right edge.
  public var maximumX: Float
  /// The lower edge.
  public var maximumY: Float

  /// The rectangle that holds just one point.
  public init(_ point: StrokePoint) {
    (minimumX, maximumX) = (point.x, point.x)
    (minimumY, maximumY) = (point.y, point.y)
  }

  /// From the left to the right edge.
  public var width: Float { maximumX - minimumX }
  /// From the upper to the lower edge.
  public var height: Float { maximumY - minimumY }

  func extended(to point: StrokePoint) -> StrokeBounds {
    var copy = self
    copy.minimumX = min(minimumX, point.x)
    copy.maximumX = max(maximumX, point.x)
    copy.minimumY = min(minimumY, point.y)
    copy.maximumY = max(maximumY, point.y)
    return copy
  }
}
