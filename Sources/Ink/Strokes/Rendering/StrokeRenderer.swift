import Configuration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Draws strokes as the image of a line, black on white, for models that read images.
///
/// The pen has round ends, and its width follows pressure, speed and direction. A pixel is as dark as
/// its centre lies inside of the pen's way, with a soft edge of one pixel.
public struct StrokeRenderer: Sendable {
  /// How strokes are drawn.
  public let configuration: StrokeRenderingConfiguration

  /// Wider recordings are drawn smaller.
  public static let maximumWidth = 1 << 15

  /// A renderer for a configuration.
  ///
  /// - Throws: `ConfigurationError` if a value is out of range.
  public init(
    _ configuration: StrokeRenderingConfiguration = StrokeRenderingConfiguration()
  ) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
  }

  /// Returns the image of a recording, whose numbers must be finite.
  ///
  /// The strokes fill the height between the margins; a recording without points gives an empty
  /// image as wide as it is high.
  ///
  /// - Complexity: O(*pixels* + *points* + *length of the way in pixels* · *penWidth*²).
  public func callAsFunction(_ recording: PenRecording) -> GrayImage {
    precondition(recording.isFinite, "StrokeRenderer: got a coordinate that is not finite")
    guard let bounds = recording.bounds else {
      return GrayImage(width: configuration.height, height: configuration.height)
    }
    let layout = Layout(configuration, recording, bounds)
    var canvas = Canvas(width: layout.width, height: configuration.height)
    let pace = Pen.meanSpeed(of: recording)
    for stroke in recording.strokes where !stroke.points.isEmpty {
      let pen = Pen(stroke, layout: layout, configuration: configuration, meanSpeed: pace)
      pen.draw(on: &canvas)
    }
    return canvas.image
  }

  /// Where the recording goes on the image.
  struct Layout {
    let width: Int
    let scale: Double
    let left: Double
    let top: Double
    /// The mean radius of the pen, in pixels.
    let radius: Double

    init(
      _ configuration: StrokeRenderingConfiguration, _ recording: PenRecording,
      _ bounds: StrokeBounds
    ) {
      let coreHeight = StrokeNormalizer.coreHeight(of: recording)
      let boxWidth = Double(bounds.maximumX) - Double(bounds.minimumX)
      let boxHeight = Double(bounds.maximumY) - Double(bounds.minimumY)
      let margin = Double(configuration.margin)
      let room = Double(configuration.height) - 2 * margin
      // The pen itself needs room; flat recordings are as high as their core.
      let pen = Double(configuration.penWidth)
      let widest = Double(StrokeRenderer.maximumWidth) - 2 * margin
      let size = max(boxHeight, coreHeight) + pen * coreHeight
      scale = min(room / size, widest / (boxWidth + pen * coreHeight))
      radius = max(0.6, pen * coreHeight * scale / 2)
      width = max(
        1,
        min(
          StrokeRenderer.maximumWidth,
          Int((boxWidth * scale + 2 * radius + 2 * margin).rounded(.up))))
      left = margin + radius - Double(bounds.minimumX) * scale
      let middle = (Double(bounds.minimumY) + Double(bounds.maximumY)) / 2
      top = Double(configuration.height) / 2 - middle * scale
    }
  }
}

/// The way of the pen over the image: places and radii, in pixels.
private struct Pen {
  private var xs: [Double] = []
  private var ys: [Double] = []
  private var radii: [Double] = []

  /// The way is cut into pieces of about this many pixels, so that each touches few of them.
  private static let pieceLength = 1.5
  private static let smoothingRounds = 6

  init(
    _ stroke: Stroke, layout: StrokeRenderer.Layout,
    configuration: StrokeRenderingConfiguration, meanSpeed: Double
  ) {
    var knots: [(x: Double, y: Double)] = []
    var widths: [Double] = []
    for (index, point) in stroke.points.enumerated() {
      let place = (
        Double(point.x) * layout.scale + layout.left, Double(point.y) * layout.scale + layout.top
      )
      if let last = knots.last, last == place { continue }
      knots.append(place)
      widths.append(
        Self.pressureFactor(point, configuration)
          * Self.speedFactor(stroke.points, index, configuration, meanSpeed))
    }
    lay(knots, widths, smooth: configuration.smooth)
    shape(layout.radius, configuration)
  }

  private static func pressureFactor(
    _ point: StrokePoint, _ configuration: StrokeRenderingConfiguration
  ) -> Double {
    guard let pressure = point.pressure else { return 1 }
    return 1 + Double(configuration.pressure) * (2 * Double(min(1, max(0, pressure))) - 1) * 0.8
  }

  private static func speedFactor(
    _ points: [StrokePoint], _ index: Int, _ configuration: StrokeRenderingConfiguration,
    _ mean: Double
  ) -> Double {
    let (before, after) = (points[max(0, index - 1)], points[min(points.count - 1, index + 1)])
    guard mean > 0, let start = before.time, let end = after.time, end > start else { return 1 }
    let speed = distance(before, after) / Double(end - start) / mean
    return 1 - Double(configuration.speed) * min(1, max(-1, speed - 1)) * 0.6
  }

  private static func distance(_ a: StrokePoint, _ b: StrokePoint) -> Double {
    let (dx, dy) = (Double(b.x) - Double(a.x), Double(b.y) - Double(a.y))
    return (dx * dx + dy * dy).squareRoot()
  }

  static func meanSpeed(of recording: PenRecording) -> Double {
    var (length, duration) = (0.0, 0.0)
    for stroke in recording.strokes {
      guard let start = stroke.points.first?.time, let end = stroke.points.last?.time, end > start
      else { continue }
      duration += Double(end - start)
      for (a, b) in zip(stroke.points, stroke.points.dropFirst()) { length += distance(a, b) }
    }
    return duration > 0 ? length / duration : 0
  }

  /// Joins the knots by Catmull and Rom's cubics, or straight.
  private mutating func lay(
    _ knots: [(x: Double, y: Double)], _ widths: [Double], smooth: Bool
  ) {
    for index in knots.indices.dropLast() {
      let (b, c) = (knots[index], knots[index + 1])
      let (a, d) = (knots[max(0, index - 1)], knots[min(knots.count - 1, index + 2)])
      let length = ((c.x - b.x) * (c.x - b.x) + (c.y - b.y) * (c.y - b.y)).squareRoot()
      let pieces = max(1, Int(length / Self.pieceLength))
      for piece in 0..<pieces {
        let t = Double(piece) / Double(pieces)
        xs.append(smooth ? Self.cubic(a.x, b.x, c.x, d.x, t) : b.x + t * (c.x - b.x))
        ys.append(smooth ? Self.cubic(a.y, b.y, c.y, d.y, t) : b.y + t * (c.y - b.y))
        radii.append(widths[index] + t * (widths[index + 1] - widths[index]))
      }
    }
    if let last = knots.last, let width = widths.last {
      xs.append(last.x)
      ys.append(last.y)
      radii.append(width)
    }
  }

  private static func cubic(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ t: Double)
    -> Double
  {
    let linear = (c - a) / 2
    let square = a - 2.5 * b + 2 * c - d / 2
    let cube = (d - a) / 2 + 1.5 * (b - c)
    return b + t * (linear + t * (square + t * cube))
  }

  /// Turns the factors of the width into radii: the nib's direction, no sudden change, the scale.
  private mutating func shape(_ radius: Double, _ configuration: StrokeRenderingConfiguration) {
    let angle = Double(configuration.nibAngle) * .pi / 180
    for index in radii.indices {
      let (before, after) = (max(0, index - 1), min(xs.count - 1, index + 1))
      let (dx, dy) = (xs[after] - xs[before], ys[before] - ys[after])
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 0 else { continue }
      let across = abs(dx * sin(angle) - dy * cos(angle)) / length
      radii[index] *= 1 + Double(configuration.nib) * (across - 2 / .pi)
    }
    for _ in 0..<Self.smoothingRounds where radii.count > 2 {
      var last = radii[0]
      for index in 1..<radii.count - 1 {
        let smoothed = (last + 2 * radii[index] + radii[index + 1]) / 4
        last = radii[index]
        radii[index] = smoothed
      }
    }
    for index in radii.indices { radii[index] = max(0.5, radii[index] * radius) }
  }

  func draw(on canvas: inout Canvas) {
    if xs.count == 1 {
      return canvas.stroke((xs[0], ys[0]), (xs[0], ys[0]), radii[0], radii[0])
    }
    for index in xs.indices.dropFirst() {
      canvas.stroke(
        (xs[index - 1], ys[index - 1]), (xs[index], ys[index]), radii[index - 1], radii[index])
    }
  }
}

/// Paper that remembers how much of each pixel is inked.
private struct Canvas {
  private(set) var image: GrayImage

  init(width: Int, height: Int) { image = GrayImage(width: width, height: height) }

  /// Draws a piece whose radius goes evenly from one to the other.
  mutating func stroke(
    _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ r0: Double, _ r1: Double
  ) {
    let reach = max(r0, r1) + 1
    let (left, right) = range(min(from.x, to.x) - reach, max(from.x, to.x) + reach, image.width)
    let (top, bottom) = range(min(from.y, to.y) - reach, max(from.y, to.y) + reach, image.height)
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let square = dx * dx + dy * dy
    let width = image.width
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for row in top..<bottom {
        for column in left..<right {
          let (px, py) = (Double(column) + 0.5 - from.x, Double(row) + 0.5 - from.y)
          let part = square > 0 ? min(1, max(0, (px * dx + py * dy) / square)) : 0
          let (ex, ey) = (px - part * dx, py - part * dy)
          let inside = r0 + part * (r1 - r0) - (ex * ex + ey * ey).squareRoot() + 0.5
          guard inside > 0 else { continue }
          let shade = UInt8((255 * (1 - min(1, inside))).rounded())
          let place = row * width + column
          if shade < pixels[place] { pixels[place] = shade }
        }
      }
    }
  }

  private func range(_ low: Double, _ high: Double, _ count: Int) -> (Int, Int) {
    let first = Int(min(Double(count), max(0, low.rounded(.down))))
    return (first, max(first, Int(min(Double(count), max(0, high.rounded(.up))))))
  }
}
