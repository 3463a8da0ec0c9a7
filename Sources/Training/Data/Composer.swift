import Ink
import Tensors

/// Recordings strung together with silences between them.
public struct Composition: Sendable, Hashable {
  /// A recording and the silence before it.
  public struct Part: Sendable, Hashable {
    /// The recording.
    public var clip: AudioClip
    /// Seconds of silence before the recording.
    public var silenceBefore: Double

    /// A recording after so many seconds of silence.
    public init(clip: AudioClip, silenceBefore: Double) {
      self.clip = clip
      self.silenceBefore = silenceBefore
    }
  }

  /// The recordings in order.
  public var parts: [Part]
  /// Seconds of silence after the last recording.
  public var trailingSilence: Double
  /// Seconds over which each recording fades in and out.
  public var fadeDuration: Double

  /// Recordings with silences; see the properties.
  public init(parts: [Part], trailingSilence: Double, fadeDuration: Double = 0) {
    self.parts = parts
    self.trailingSilence = trailingSilence
    self.fadeDuration = fadeDuration
  }

  /// Strings the recordings' samples together.
  ///
  /// - Parameters:
  ///   - signals: The samples of each part, all at `sampleRate`.
  ///   - sampleRate: Samples per second.
  /// - Returns: The samples of the whole; silence is zero.
  public func assemble(_ signals: [[Float]], sampleRate: Int) -> [Float] {
    precondition(
      signals.count == parts.count,
      "Composition.assemble: got \(signals.count) signals, expected \(parts.count)")
    let silences = (parts.map(\.silenceBefore) + [trailingSilence]).map {
      Int(($0 * Double(sampleRate)).rounded())
    }
    var result: [Float] = []
    result.reserveCapacity(signals.reduce(silences.reduce(0, +)) { $0 + $1.count })
    for (silence, signal) in zip(silences, signals) {
      result.append(contentsOf: repeatElement(0, count: silence))
      let start = result.count
      result.append(contentsOf: signal)
      fade(&result, from: start, length: Int(fadeDuration * Double(sampleRate)))
    }
    result.append(contentsOf: repeatElement(0, count: silences[parts.count]))
    return result
  }

  private func fade(_ samples: inout [Float], from start: Int, length: Int) {
    let length = min(length, (samples.count - start) / 2)
    for step in 0..<max(0, length) {
      let gain = (Float(step) + 0.5) / Float(length)
      samples[start + step] *= gain
      samples[samples.count - 1 - step] *= gain
    }
  }
}

/// Why recordings cannot be strung together.
public enum CompositionError: Error, Equatable, CustomStringConvertible {
  /// There is nothing to string together.
  case noRecordings
  /// A sample is a composition already.
  case notARecording(Sample.Origin)
  /// A length is not known; the audit finds it out.
  case unknownDuration(Sample.Origin)
  /// Strings of one speaker are asked for, but the manifest does not say who speaks.
  case unknownSpeaker(Sample.Origin)

  /// What is missing, where, and what to do.
  public var description: String {
    switch self {
    case .noRecordings:
      "composition: found no recording; expected at least one"
    case .notARecording(let origin):
      "\(origin): found a string of recordings; expected a recording"
    case .unknownDuration(let origin):
      "\(origin): the length of the recording is not known; audit the samples before composing"
    case .unknownSpeaker(let origin):
      """
      \(origin): found no speaker; expected one, because strings of one speaker are asked for; \
      name the speakers or set sameSpeakerProbability to 0
      """
    }
  }
}

/// Strings recordings together at random: the items of an epoch are virtual samples whose signal is
/// made when it is needed.
///
/// Each item depends on the seed, the epoch and its index alone.
public struct Composer: Sendable {
  /// The recordings that strings are made of.
  public let recordings: [Sample]
  /// How they are strung together.
  public let configuration: CompositionConfiguration

  private let seed: UInt64
  private let speakerOf: [Int]
  private let recordingsOf: [[Int]]

  /// A composer over recordings of known length.
  ///
  /// - Throws: `CompositionError` naming the manifest row that is not fit.
  public init(
    _ recordings: [Sample], configuration: CompositionConfiguration, seed: UInt64
  ) throws(CompositionError) {
    guard !recordings.isEmpty else { throw .noRecordings }
    var numbers: [String: Int] = [:]
    var groups: [[Int]] = []
    var speakers: [Int] = []
    for (index, sample) in recordings.enumerated() {
      switch sample.source {
      case .audio: guard sample.duration != nil else { throw .unknownDuration(sample.origin) }
      case .strokes: guard sample.frameCount != nil else { throw .unknownDuration(sample.origin) }
      case .composition, .image, .strokeComposition: throw .notARecording(sample.origin)
      }
      if sample.speaker == nil, configuration.sameSpeakerProbability > 0 {
        throw .unknownSpeaker(sample.origin)
      }
      let number = numbers[sample.speaker ?? "", default: groups.count]
      if number == groups.count {
        numbers[sample.speaker ?? ""] = number
        groups.append([])
      }
      groups[number].append(index)
      speakers.append(number)
    }
    self.recordings = recordings
    self.configuration = configuration
    self.seed = seed
    speakerOf = speakers
    recordingsOf = groups
  }

  /// The number of items in an epoch.
  public var itemCount: Int { configuration.itemsPerEpoch ?? recordings.count }

  /// All items of an epoch.
  public func samples(epoch: Int) -> [Sample] {
    (0..<itemCount).map { sample(epoch: epoch, index: $0) }
  }

  /// One item of an epoch: a string, or, with the rest of the probability, the recording at `index`.
  public func sample(epoch: Int, index: Int) -> Sample {
    var random = RandomSource(seed: seed, RandomPurpose.composition.rawValue, epoch, index)
    guard random.chance(configuration.probability) else {
      return recordings[index % recordings.count]
    }
    let chosen = choose(using: &random)
    let id = "string \(index) of epoch \(epoch + 1)"
    if let strokes = strokes(of: chosen, using: &random) {
      return sample(.strokeComposition(strokes), of: chosen, id: id)
    }
    let parts = chosen.enumerated().map { position, recording in
      Composition.Part(
        clip: recordings[recording].clips[0],
        silenceBefore: silence(edge: position == 0, using: &random))
    }
    let composition = Composition(
      parts: parts, trailingSilence: silence(edge: true, using: &random),
      fadeDuration: configuration.fadeDuration)
    let silences = composition.parts.reduce(composition.trailingSilence) { $0 + $1.silenceBefore }
    var sample = sample(.composition(composition), of: chosen, id: id)
    sample.duration = chosen.reduce(silences) { $0 + (recordings[$1].duration ?? 0) }
    sample.cuts = cuts(of: chosen, in: composition)
    return sample
  }

  /// Where the recordings are in the string; none if their texts do not remain words of their own.
  private func cuts(of chosen: [Int], in composition: Composition) -> [KnownCut] {
    guard configuration.separator.contains(where: \.isWhitespace) || chosen.count == 1 else {
      return []
    }
    var time = 0.0
    return zip(chosen, composition.parts).map { index, part in
      let start = time + part.silenceBefore
      time = start + (recordings[index].duration ?? 0)
      return KnownCut(
        text: String(recordings[index].text[...].trimmed), start: start, end: time)
    }
  }

  /// The chosen recordings beside each other, if they are pen strokes.
  private func strokes(
    of chosen: [Int], using random: inout RandomSource
  ) -> StrokeComposition? {
    var parts: [PenRecording] = []
    for index in chosen {
      guard case .strokes(let recording) = recordings[index].source else { return nil }
      parts.append(recording)
    }
    return StrokeComposition(parts: parts, spacing: configuration.strokes, seed: random.next())
  }

  private func sample(_ source: Sample.Source, of chosen: [Int], id: String) -> Sample {
    let pieces = chosen.map { recordings[$0] }
    let speakers = Set(chosen.map { speakerOf[$0] })
    var sample = Sample(
      id: id, source: source,
      text: pieces.map { $0.text[...].trimmed }.joined(separator: configuration.separator),
      speaker: speakers.count == 1 ? pieces[0].speaker : nil, origin: pieces[0].origin)
    let counts = pieces.compactMap(\.frameCount)
    if counts.count == pieces.count { sample.frameCount = counts.reduce(0, +) }
    return sample
  }

  private func choose(using random: inout RandomSource) -> [Int] {
    let count = random.integer(in: configuration.minimumItems...configuration.maximumItems)
    let first = random.integer(in: 0...recordings.count - 1)
    let isOneSpeaker = random.chance(configuration.sameSpeakerProbability)
    let others = recordingsOf[speakerOf[first]]
    return (0..<count).map { position in
      if position == 0 { return first }
      return isOneSpeaker
        ? others[random.integer(in: 0...others.count - 1)]
        : random.integer(in: 0...recordings.count - 1)
    }
  }

  private func silence(edge: Bool, using random: inout RandomSource) -> Double {
    let (low, high) =
      edge
      ? (configuration.minimumEdgeSilence, configuration.maximumEdgeSilence)
      : (configuration.minimumPause, configuration.maximumPause)
    return low + (high - low) * Double(random.uniform())
  }
}
