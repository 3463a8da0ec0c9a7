import Configuration
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Varies pen recordings as a ``StrokeAugmentationConfiguration`` says.
///
/// Everything is drawn from the random source that the caller gives, so the same source gives the same
/// result.
public struct StrokeAugmenter: Sendable {
  /// What is done, and how likely.
  public let configuration: StrokeAugmentationConfiguration

  /// An augmenter for a configuration.
  ///
  /// - Throws: `ConfigurationError` if a value is out of range.
  public init(_ configuration: StrokeAugmentationConfiguration) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
  }

  /// Returns the recording, varied; one without points comes back as it is.
  public func callAsFunction(
    _ recording: PenRecording, random: inout RandomSource
  ) -> PenRecording {
    guard let bounds = recording.bounds else { return recording }
    let coreHeight = StrokeNormalizer.coreHeight(of: recording)
    var result = recording
    sample(&result, coreHeight, &random)
    warp(&result, coreHeight, &random)
    move(&result, bounds, &random)
    changeSpeed(&result, &random)
    return result
  }

  /// Scale, slant and rotation, which keep the middle of the recording.
  private func move(
    _ recording: inout PenRecording, _ bounds: StrokeBounds, _ random: inout RandomSource
  ) {
    let x = (Double(bounds.minimumX) + Double(bounds.maximumX)) / 2
    let y = (Double(bounds.minimumY) + Double(bounds.maximumY)) / 2
    var map = AffineMap(e: -x, f: -y)
    let isMoved = append(to: &map, &random)
    guard isMoved else { return }
    map = map.then(AffineMap(e: x, f: y))
    recording = recording.mapPoints { point in
      let (x, y) = map(Double(point.x), Double(point.y))
      return StrokePoint(x: Float(x), y: Float(y), time: point.time, pressure: point.pressure)
    }
  }

  private func append(to map: inout AffineMap, _ random: inout RandomSource) -> Bool {
    var isMoved = false
    if random.chance(configuration.scale.probability) {
      let range = configuration.scale.minimum...configuration.scale.maximum
      let (a, d) = (random.uniform(in: range), random.uniform(in: range))
      map = map.then(AffineMap(a: Double(a), d: Double(d)))
      isMoved = true
    }
    if random.chance(configuration.slant.probability) {
      let limit = configuration.slant.maximum
      map = map.then(AffineMap(b: Double(random.uniform(in: -limit...limit))))
      isMoved = true
    }
    if random.chance(configuration.rotation.probability) {
      let limit = configuration.rotation.maximum
      let angle = Double(random.uniform(in: -limit...limit)) * .pi / 180
      map = map.then(AffineMap(a: cos(angle), b: -sin(angle), c: sin(angle), d: cos(angle)))
      isMoved = true
    }
    return isMoved
  }

  private func warp(
    _ recording: inout PenRecording, _ coreHeight: Double, _ random: inout RandomSource
  ) {
    let warp = configuration.warp
    guard random.chance(warp.probability) else { return }
    let waves = (0..<RubberSheet.waveCount).map { _ in
      RubberSheet.Wave(length: Double(warp.wavelength) * coreHeight, random: &random)
    }
    let sheet = RubberSheet(waves: waves, amplitude: Double(warp.amplitude) * coreHeight)
    recording = recording.mapPoints { sheet.shifted($0) }
  }

  private func sample(
    _ recording: inout PenRecording, _ coreHeight: Double, _ random: inout RandomSource
  ) {
    let sampling = configuration.sampling
    guard random.chance(sampling.probability) else { return }
    let noise = sampling.noise * Float(coreHeight)
    for index in recording.strokes.indices {
      let points = recording.strokes[index].points
      var kept: [StrokePoint] = []
      for (place, point) in points.enumerated() {
        let isInner = place > 0 && place + 1 < points.count
        if isInner, random.chance(sampling.dropped) { continue }
        var shaken = point
        shaken.x += noise * random.normal()
        shaken.y += noise * random.normal()
        kept.append(shaken)
      }
      recording.strokes[index].points = kept
    }
  }

  private func changeSpeed(_ recording: inout PenRecording, _ random: inout RandomSource) {
    let speed = configuration.speed
    guard random.chance(speed.probability) else { return }
    var delay: Float = 0
    for index in recording.strokes.indices {
      let factor = random.uniform(in: speed.minimum...speed.maximum)
      let points = recording.strokes[index].points
      guard let start = points.first?.time, let end = points.last?.time else { continue }
      for place in points.indices {
        recording.strokes[index].points[place].time = points[place].time.map { time in
          start + delay + (time - start) / factor
        }
      }
      delay += (end - start) / factor - (end - start)
    }
  }
}

/// A field of shifts that is smooth over the paper: waves of random direction and phase.
struct RubberSheet {
  static let waveCount = 4

  /// A plane wave of shifts in both directions.
  struct Wave {
    var kx: Double
    var ky: Double
    var phaseX: Double
    var phaseY: Double

    init(length: Double, random: inout RandomSource) {
      func angle() -> Double { 2 * .pi * Double(random.uniform()) }
      let direction = angle()
      let number = 2 * Double.pi / length
      (kx, ky) = (number * cos(direction), number * sin(direction))
      (phaseX, phaseY) = (angle(), angle())
    }
  }

  let waves: [Wave]
  /// The root mean square of the shift in each direction.
  let amplitude: Double

  func shifted(_ point: StrokePoint) -> StrokePoint {
    let (x, y) = (Double(point.x), Double(point.y))
    var (dx, dy) = (0.0, 0.0)
    for wave in waves {
      let place = wave.kx * x + wave.ky * y
      dx += sin(place + wave.phaseX)
      dy += sin(place + wave.phaseY)
    }
    // The mean square of a sine is one half.
    let scale = amplitude * (2 / Double(waves.count)).squareRoot()
    var shifted = point
    (shifted.x, shifted.y) = (Float(x + scale * dx), Float(y + scale * dy))
    return shifted
  }
}
