import Configuration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tells speech from pauses while the sound is coming.
///
/// Each frame is scored by how far its bands rise above the noise, in dB on average over bands, of
/// each band at most 20; the noise is that of ``NoiseFloor``. The score of a frame, at most twice the
/// threshold, is averaged with its neighbours', which is a vote in which no single frame can shout
/// the others down. What is needed for speech grows with the loudest scores around: the use of many observations follows Ramírez et al. 2004, scoring against tracked
/// noise Sohn et al. 1999. Digital silence is never speech and says nothing of the noise.
///
/// Push samples, pull decisions, and at the end call ``finish()``. How the sound is cut into blocks
/// does not change the result. Memory is that of the seconds that noise is looked for.
public struct ActivityDetector {
  /// What is looked for.
  public let configuration: ActivityConfiguration
  /// The rate of the samples.
  public let sampleRate: Int
  /// Samples per decision.
  public var hopSamples: Int { analyzer.hopSamples }

  private var analyzer: BandEnergies
  private var noise: NoiseFloor
  /// The energies of frames that were not scored.
  private var energies: [Float] = []
  private var scoredBlocks = 0
  /// The highest score of each block before, as far back as noise is looked for.
  private var peaks: [Float] = []
  /// Scores from the first that an undecided frame needs.
  private var scores: [Float] = []
  /// Frames on each side that vote.
  private let reach: Int
  private var decided: [Bool] = []
  private var isFinished = false

  /// How much a single band may say, in dB.
  private static let loudest: Float = 20

  /// A detector for samples at this rate.
  ///
  /// - Throws: `ConfigurationError` naming the key.
  public init(
    _ configuration: ActivityConfiguration = ActivityConfiguration(), sampleRate: Int
  ) throws(ConfigurationError) {
    precondition(
      sampleRate > 0, "ActivityDetector: got a rate of \(sampleRate) Hz, expected a positive one")
    try configuration.validate()
    self.configuration = configuration
    self.sampleRate = sampleRate
    analyzer = BandEnergies(configuration, sampleRate: sampleRate)
    noise = NoiseFloor(configuration, bandWidths: analyzer.widths)
    reach = Int(configuration.voteDuration / configuration.hopLength / 2)
    scores = [Float](repeating: 0, count: reach)
  }

  /// How many values are held, however long the stream.
  package var bufferedCount: Int { energies.count + scores.count + decided.count }

  /// Takes in samples.
  public mutating func push(_ block: [Float]) {
    precondition(!isFinished, "ActivityDetector.push: called after finish()")
    let known = energies.count
    analyzer.push(block, into: &energies)
    track(from: known)
    decide()
  }

  /// Ends the stream, so that the last decisions can be pulled.
  public mutating func finish() {
    guard !isFinished else { return }
    let known = energies.count
    analyzer.finish(into: &energies)
    track(from: known)
    isFinished = true
    noise.finish()
    decide()
  }

  /// The decisions that were made since the last call, one for each ``hopSamples``, in order:
  /// whether there is speech.
  ///
  /// In the end there is one for every hop that has begun.
  public mutating func pull() -> [Bool] {
    defer { decided.removeAll(keepingCapacity: true) }
    return decided
  }

  private mutating func track(from start: Int) {
    for first in stride(from: start, to: energies.count, by: noise.bandCount) {
      noise.push(energies[first..<first + noise.bandCount])
    }
  }

  private mutating func decide() {
    while noise.isReady(scoredBlocks, isFinished: isFinished) { scoreBlock() }
    if isFinished { scores += repeatElement(0, count: reach) }
    let width = 2 * reach + 1
    guard scores.count >= width else { return }
    for middle in reach..<scores.count - reach {
      var sum: Float = 0
      for index in middle - reach...middle + reach { sum += scores[index] }
      decided.append(sum > configuration.threshold * Float(width))
    }
    scores.removeFirst(scores.count - 2 * reach)
  }

  private mutating func scoreBlock() {
    let width = noise.bandCount
    let floor = noise.floor(ofBlock: scoredBlocks)
    let seen = min(noise.blockLength * (1 + noise.ahead) * width, energies.count)
    let raw = stride(from: 0, to: seen, by: width).map { score(energies[$0..<$0 + width], floor) }
    let block = raw.prefix(noise.blockLength)
    let loudest = max(raw.max() ?? 0, peaks.max() ?? 0)
    let threshold = configuration.threshold
    let scale = threshold / max(threshold, configuration.rangeShare * loudest)
    scores += block.map { min(scale * $0, 2 * threshold) }
    peaks.append(block.max() ?? 0)
    if peaks.count > noise.past { peaks.removeFirst() }
    energies.removeFirst(block.count * width)
    scoredBlocks += 1
  }

  private func score(_ energies: ArraySlice<Float>, _ floor: [Float]) -> Float {
    guard !noise.isSilent(energies) else { return 0 }
    var sum: Float = 0
    for (energy, noise) in zip(energies, floor) where energy > noise {
      sum += min(Self.loudest, 10 * log10(energy / noise))
    }
    return sum / Float(floor.count)
  }
}

extension ActivityDetector {
  /// Whether there is speech in each hop of a whole recording.
  ///
  /// - Throws: `ConfigurationError` naming the key.
  public static func decisions(
    _ waveform: Waveform, configuration: ActivityConfiguration = ActivityConfiguration()
  ) throws(ConfigurationError) -> [Bool] {
    var detector = try ActivityDetector(configuration, sampleRate: waveform.sampleRate)
    detector.push(waveform.samples)
    detector.finish()
    return detector.pull()
  }
}
