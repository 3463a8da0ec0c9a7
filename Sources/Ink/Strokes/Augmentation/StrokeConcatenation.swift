import Configuration
import Tensors

/// How recordings are written one after the other, as a person would.
///
/// Lengths are in heights of the parts: their common height, or the mean of their heights.
public struct StrokeConcatenation: Configuration, Hashable {
  /// How the parts stand on the line.
  public enum Alignment: String, Codable, Sendable, CaseIterable {
    /// Their lower edges stand on it, as digits do.
    case bottom
    /// They keep the height at which they were written.
    case none
  }

  /// How the parts stand on the line.
  public var alignment = Alignment.bottom
  /// Whether the parts are scaled to one height; flat ones to one width instead.
  public var equalizesHeights = true
  /// The narrowest gap.
  public var minimumGap: Float = 0.1
  /// The widest gap.
  public var maximumGap: Float = 0.5
  /// The standard deviation of the parts' heights above the line.
  public var baselineJitter: Float = 0.04
  /// The standard deviation of the parts' sizes, 0.1 being a tenth.
  public var sizeJitter: Float = 0.06
  /// The shortest pause between parts, in seconds.
  public var minimumPause: Float = 0.1
  /// The longest pause between parts, in seconds.
  public var maximumPause: Float = 0.4

  /// Digits on a line.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case alignment, equalizesHeights, minimumGap, maximumGap, baselineJitter, sizeJitter
    case minimumPause, maximumPause
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.alignment, into: &alignment)
    try container.read(.equalizesHeights, into: &equalizesHeights)
    try container.read(.minimumGap, into: &minimumGap)
    try container.read(.maximumGap, into: &maximumGap)
    try container.read(.baselineJitter, into: &baselineJitter)
    try container.read(.sizeJitter, into: &sizeJitter)
    try container.read(.minimumPause, into: &minimumPause)
    try container.read(.maximumPause, into: &maximumPause)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try requireStroke(minimumGap, in: -0.5...10, "minimumGap")
    try requireStroke(maximumGap, in: minimumGap...10, "maximumGap")
    try requireStroke(baselineJitter, in: 0...0.5, "baselineJitter")
    try requireStroke(sizeJitter, in: 0...0.25, "sizeJitter")
    try requireStroke(minimumPause, in: 0...60, "minimumPause")
    try requireStroke(maximumPause, in: minimumPause...60, "maximumPause")
  }
}

extension PenRecording {
  /// Writes recordings one after the other from left to right.
  ///
  /// Each part stands a gap right of the right edge of all before it. Its times, if it has any, are
  /// shifted to begin a pause after the last ones. Parts without points are left out.
  ///
  /// - Parameter spacing: Gaps, pauses and unevenness, already validated.
  public static func concatenated(
    _ parts: [PenRecording], spacing: StrokeConcatenation = StrokeConcatenation(),
    random: inout RandomSource
  ) -> PenRecording {
    let placed = parts.compactMap { part in part.bounds.map { (part, $0) } }
    let height = commonHeight(placed.map(\.1), equalizes: spacing.equalizesHeights)
    var writer = LineWriter(spacing: spacing, height: height)
    for (part, bounds) in placed { writer.append(part, bounds, &random) }
    return writer.line
  }

  private static func commonHeight(_ bounds: [StrokeBounds], equalizes: Bool) -> Float {
    guard !bounds.isEmpty else { return 1 }
    if equalizes { return 1 }
    let mean = bounds.reduce(0) { $0 + max($1.height, $1.width / 4) } / Float(bounds.count)
    return mean > 0 ? mean : 1
  }
}

/// A line that grows to the right.
private struct LineWriter {
  let spacing: StrokeConcatenation
  let height: Float
  private(set) var line = PenRecording()
  private var right: Float = 0
  private var end: Float?

  /// Parts flatter than this, like a dash, are scaled by their width.
  private static let flatness: Float = 0.25

  init(spacing: StrokeConcatenation, height: Float) {
    (self.spacing, self.height) = (spacing, height)
  }

  mutating func append(
    _ part: PenRecording, _ bounds: StrokeBounds, _ random: inout RandomSource
  ) {
    let scale = factor(bounds) * max(0.5, 1 + spacing.sizeJitter * random.normal())
    let gap = random.uniform(in: spacing.minimumGap...spacing.maximumGap) * height
    let left = line.strokes.isEmpty ? 0 : right + gap
    let rise = spacing.baselineJitter * random.normal() * height
    let origin = spacing.alignment == .bottom ? bounds.maximumY : 0
    let delay = delay(of: part, &random)
    let placed = part.mapPoints { point in
      StrokePoint(
        x: left + (point.x - bounds.minimumX) * scale, y: (point.y - origin) * scale - rise,
        time: point.time.map { $0 + delay }, pressure: point.pressure)
    }
    line.strokes += placed.strokes
    right = max(right, left + bounds.width * scale)
    end = placed.strokes.flatMap { $0.points.compactMap(\.time) }.max() ?? end
  }

  private func factor(_ bounds: StrokeBounds) -> Float {
    guard spacing.equalizesHeights else { return 1 }
    let isFlat = bounds.height < Self.flatness * bounds.width
    let size = isFlat ? 2 * bounds.width : bounds.height
    return size > 0 ? height / size : 1
  }

  private func delay(of part: PenRecording, _ random: inout RandomSource) -> Float {
    let pause = random.uniform(in: spacing.minimumPause...spacing.maximumPause)
    guard let start = part.strokes.flatMap({ $0.points.compactMap(\.time) }).min() else { return 0 }
    return end.map { $0 + pause - start } ?? 0
  }
}
