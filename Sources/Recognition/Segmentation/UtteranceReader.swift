import Audio
import Configuration

/// Reads a stream as pieces of utterances, in memory that does not grow with it.
package struct UtteranceReader {
  /// A piece with its sound.
  package struct Piece {
    package var place: UtterancePiece
    package var waveform: Waveform
  }

  private let stream: AudioStream
  private let maximum: Int
  private var cutter: UtteranceCutter
  private var detector: ActivityDetector?
  private let hop: Int
  /// Samples for each frame that comes out of the network.
  private let quantum: Int

  /// Samples that may still be wanted, and the place of the first.
  private var samples: [Float] = []
  private var firstSample = 0
  /// Samples that were judged by the cutter.
  private var judged = 0
  private var waiting: [Piece] = []
  private var hasBegun = false
  private var isOver = false

  private static let blockSize = 16_384
  /// A shorter recording, in seconds, may have no pause that tells its noise: of 900 single words
  /// that were cut tightly, 5 were taken for noise.
  private static let shortestJudged = 2.0

  /// A reader of a stream.
  ///
  /// - Parameter quantum: Samples for each frame that comes out of the network.
  /// - Throws: `ConfigurationError` naming the key.
  package init(
    _ stream: AudioStream, _ configuration: SegmentationConfiguration, quantum: Int
  ) throws(ConfigurationError) {
    try configuration.validate()
    self.stream = stream
    self.quantum = quantum
    maximum = Int(configuration.maximumDuration * Double(stream.sampleRate))
    if configuration.detectsSpeech {
      detector = try ActivityDetector(configuration.activity, sampleRate: stream.sampleRate)
    }
    hop = detector?.hopSamples ?? max(1, stream.sampleRate / 100)
    cutter = UtteranceCutter(
      configuration, sampleRate: stream.sampleRate, hop: hop, quantum: quantum)
  }

  /// Seconds of the stream that all pieces so far account for.
  package var position: Double { Double(isOver ? sampleCount : judged) / Double(stream.sampleRate) }

  /// How many samples are held.
  package var bufferedCount: Int {
    samples.count + waiting.reduce(0) { $0 + $1.waveform.samples.count }
      + (detector?.bufferedCount ?? 0)
  }

  private var sampleCount: Int { firstSample + samples.count }

  /// The next pieces, until they have that many seconds together or the stream ends.
  package mutating func next(seconds: Double) throws(AudioError) -> [Piece] {
    if !hasBegun { try begin() }
    let enough = Int(seconds * Double(stream.sampleRate))
    var (group, total) = ([Piece](), 0)
    while total < enough {
      if waiting.isEmpty {
        guard !isOver else { break }
        try advance()
      }
      group += waiting
      total += waiting.reduce(0) { $0 + $1.waveform.samples.count }
      waiting = []
    }
    return group
  }

  /// Reads as much as the longest piece; what is no longer stays whole.
  private mutating func begin() throws(AudioError) {
    hasBegun = true
    while sampleCount <= maximum {
      guard let block = try stream.next(maximum + 1 - sampleCount) else {
        isOver = true
        return keepWhole()
      }
      samples += block
    }
    detector?.push(samples)
    judge()
  }

  /// A short recording is one utterance, unless nothing is said in it.
  private mutating func keepWhole() {
    guard let first = samples.first else { return }
    if var detector {
      guard samples.contains(where: { $0 != first }) else { return }
      if Double(sampleCount) >= Self.shortestJudged * Double(stream.sampleRate) {
        detector.push(samples)
        detector.finish()
        guard detector.pull().contains(true) else { return }
      }
    }
    let all = 0..<sampleCount
    waiting = [
      Piece(
        place: UtterancePiece(span: all, core: all, utteranceStart: 0, isLast: true),
        waveform: Waveform(samples: samples, sampleRate: stream.sampleRate))
    ]
  }

  private mutating func advance() throws(AudioError) {
    if let block = try stream.next(Self.blockSize) {
      samples += block
      detector?.push(block)
    } else {
      isOver = true
      detector?.finish()
    }
    judge()
    if isOver, let place = cutter.finish(sampleCount: sampleCount) { take(place) }
    forget()
  }

  /// Hands decisions to the cutter.
  private mutating func judge() {
    for isSpeech in decisions() {
      judged += hop
      if let place = cutter.push(isSpeech, sampleCount: sampleCount) { take(place) }
    }
  }

  private mutating func decisions() -> [Bool] {
    if let flags = detector?.pull() { return flags }
    let count = sampleCount - judged
    return [Bool](repeating: true, count: isOver ? (count + hop - 1) / hop : count / hop)
  }

  private mutating func take(_ place: UtterancePiece) {
    let place = detector == nil ? place : withoutDigitalSilence(place)
    let range = place.span.lowerBound - firstSample..<place.span.upperBound - firstSample
    waiting.append(
      Piece(
        place: place,
        waveform: Waveform(samples: Array(samples[range]), sampleRate: stream.sampleRate)))
  }

  /// A piece without the digital silence at the ends of its utterance.
  ///
  /// Muted stretches are no sound of the room; features that are normalised over the utterance would
  /// take them for it. The start moves by whole frames of the network.
  private func withoutDigitalSilence(_ place: UtterancePiece) -> UtterancePiece {
    var place = place
    let sound = samples[place.span.lowerBound - firstSample..<place.span.upperBound - firstSample]
    guard let first = sound.first, let last = sound.last else { return place }
    if place.span.lowerBound == place.utteranceStart {
      let silent = (sound.firstIndex { $0 != first } ?? sound.endIndex) - sound.startIndex
      let longest = max(0, place.core.count - quantum)
      let start = place.span.lowerBound + min(silent, longest) / quantum * quantum
      place.utteranceStart = start
      place.span = start..<place.span.upperBound
      place.core = max(start, place.core.lowerBound)..<place.core.upperBound
    }
    if place.isLast {
      let silent = sound.endIndex - 1 - (sound.lastIndex { $0 != last } ?? sound.endIndex - 1)
      let end = max(place.core.lowerBound + quantum, place.span.upperBound - silent)
      place.span = place.span.lowerBound..<min(end, place.span.upperBound)
      place.core = place.core.lowerBound..<min(place.core.upperBound, place.span.upperBound)
    }
    return place
  }

  /// Lets go of samples that nothing will want.
  private mutating func forget() {
    let count = min(cutter.firstNeeded - firstSample, samples.count)
    guard count > Self.blockSize else { return }
    samples.removeFirst(count)
    firstSample += count
  }
}
