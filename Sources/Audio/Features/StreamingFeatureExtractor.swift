import Tensors

/// Computes features while the sound is still coming, bit for bit those of ``FeatureExtractor``.
///
/// Push samples, pull the frames that are complete, and at the end call ``finish()``. A frame is
/// complete when its window has been heard and, with slopes, two (or four) frames more. Not for
/// normalisation by utterance, which must hear the end first.
public struct StreamingFeatureExtractor {
  /// The extractor whose features these are.
  public let extractor: FeatureExtractor

  private let analyzer: FrameAnalyzer
  private var preEmphasis: PreEmphasis
  /// Emphasised samples from the start of the next frame on.
  private var samples: [Float]
  /// Samples pushed so far, or the zeros that stand before them.
  private var hasSamples = false
  /// Frames with and without all of their slopes, the oldest still needed first.
  private var rows: [Float] = []
  private var firstRow = 0
  private var analyzedCount = 0
  /// How many frames have slopes of each order.
  private var slopeCounts: [Int]
  private var pulledCount = 0
  private var isFinished = false

  /// A fresh stream.
  public init(_ extractor: FeatureExtractor) {
    precondition(
      extractor.supportsStreaming && !extractor.needsStatistics,
      "StreamingFeatureExtractor: normalization is "
        + "\(extractor.configuration.normalization.rawValue), expected none, or dataset with "
        + "statistics")
    self.extractor = extractor
    analyzer = FrameAnalyzer(extractor.plan)
    preEmphasis = PreEmphasis(extractor.configuration.preEmphasis)
    samples = [Float](repeating: 0, count: extractor.plan.stft.leadingZeros)
    slopeCounts = [Int](repeating: 0, count: extractor.configuration.deltas)
  }

  /// Takes in samples at the extractor's sample rate.
  public mutating func push(_ block: [Float]) {
    precondition(!isFinished, "StreamingFeatureExtractor.push: called after finish()")
    hasSamples = hasSamples || !block.isEmpty
    block.withUnsafeBufferPointer { preEmphasis.apply($0, into: &samples) }
    analyze()
  }

  /// Ends the stream, so that the last frames can be pulled.
  public mutating func finish() {
    guard !isFinished else { return }
    isFinished = true
    guard hasSamples else { return }
    samples += [Float](repeating: 0, count: extractor.plan.stft.trailingZeros)
    analyze()
  }

  /// Returns the frames that became complete since the last call, `[time, featureSize]`.
  public mutating func pull() -> Tensor {
    let ready = slopeCounts.last ?? analyzedCount
    let width = extractor.featureSize
    let first = (pulledCount - firstRow) * width
    var frames = Tensor(
      rows[first..<first + (ready - pulledCount) * width], shape: [ready - pulledCount, width])
    pulledCount = ready
    dropOldRows()
    if extractor.normalizer != nil { extractor.statistics?.normalize(&frames) }
    return frames
  }

  /// How many seconds after the beginning of a frame's hop the frame is complete: its window, and the
  /// frames that its slopes need.
  public static func delay(of extractor: FeatureExtractor) -> Double {
    let (plan, configuration) = (extractor.plan, extractor.configuration)
    let window = plan.stft.windowLength - plan.stft.leadingZeros
    let slopes = configuration.deltas * Deltas.reach * configuration.hopSamples
    return Double(window + slopes) / Double(extractor.sampleRate)
  }

  private mutating func analyze() {
    let stft = extractor.plan.stft
    let (width, window) = (extractor.featureSize, stft.windowLength)
    let count = samples.count < window ? 0 : 1 + (samples.count - window) / stft.hopLength
    let start = rows.count
    rows += repeatElement(0, count: count * width)
    rows.withUnsafeMutableBufferPointer { rows in
      samples.withUnsafeBufferPointer { samples in
        for index in 0..<count {
          analyzer.analyze(
            samples.baseAddress! + index * stft.hopLength,
            into: rows.baseAddress! + start + index * width)
        }
      }
    }
    analyzedCount += count
    samples.removeFirst(min(samples.count, count * stft.hopLength))
    for order in slopeCounts.indices { appendSlopes(order) }
  }

  private mutating func appendSlopes(_ order: Int) {
    let known = order == 0 ? analyzedCount : slopeCounts[order - 1]
    let end = isFinished ? known : max(slopeCounts[order], known - Deltas.reach)
    let (size, width) = (extractor.configuration.staticSize, extractor.featureSize)
    let offset = firstRow
    rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for frame in slopeCounts[order]..<end {
        Deltas.slope(
          at: frame, last: known - 1, size: size,
          row: { UnsafePointer(base + ($0 - offset) * width + order * size) },
          into: base + (frame - offset) * width + (order + 1) * size)
      }
    }
    slopeCounts[order] = end
  }

  /// Forgets the frames that neither a pull nor a slope will need.
  private mutating func dropOldRows() {
    let needed = max(firstRow, min(pulledCount, slopeCounts.min() ?? pulledCount) - Deltas.reach)
    rows.removeFirst((needed - firstRow) * extractor.featureSize)
    firstRow = needed
  }
}
