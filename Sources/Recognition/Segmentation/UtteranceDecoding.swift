import Audio
import Decoding
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Decodes utterances piece by piece; the last may go on.
struct UtteranceDecoding<Decoder: TranscriptDecoder> {
  private let recognizer: Recognizer
  private let decoder: Decoder
  private let sampleRate: Int
  private let samplesPerFrame: Int
  private var open: Utterance?
  private var transcripts: [Transcript] = []

  /// A piece with the log-probabilities of its frames, `[time, label]`.
  typealias Heard = (piece: UtteranceReader.Piece, rows: Tensor)

  private struct Utterance: Sendable {
    var start: Int
    var state: Decoder.State
    /// The log-probability that every frame is blank.
    var blankScore = 0.0
    /// The samples so far, and how loud they are, if words are timed.
    var sampleCount = 0
    var loudness: LoudnessCurve?
  }

  init(recognizer: Recognizer, decoder: Decoder) {
    self.recognizer = recognizer
    self.decoder = decoder
    let features = recognizer.configuration.features.sound
    sampleRate = features.sampleRate
    samplesPerFrame = features.hopSamples * recognizer.model.frameStride
  }

  /// What was decoded so far, an utterance that goes on left out.
  var transcript: Transcript {
    transcripts.count == 1 ? transcripts[0] : Transcript(joining: transcripts)
  }

  /// Takes in the next pieces in order; utterances are decoded on all threads.
  mutating func advance(_ pieces: [Heard]) {
    let utterances = byUtterance(pieces)
    let open = open
    let results = WorkerPool.results(utterances.count) { index in
      decode(utterances[index], after: index == 0 ? open : nil)
    }
    self.open = nil
    for (utterance, pieces) in zip(results, utterances) {
      if pieces.last?.piece.place.isLast == true {
        transcripts.append(utterance.transcript)
      } else {
        self.open = utterance.state
      }
    }
  }

  private func byUtterance(_ pieces: [Heard]) -> [ArraySlice<Heard>] {
    var (utterances, rest) = ([ArraySlice<Heard>](), pieces[...])
    while !rest.isEmpty {
      let end = rest.firstIndex { $0.piece.place.isLast }.map { $0 + 1 } ?? rest.endIndex
      utterances.append(rest[..<end])
      rest = rest[end...]
    }
    return utterances
  }

  private struct Decoded: Sendable {
    var state: Utterance
    var transcript: Transcript
  }

  private func decode(_ pieces: ArraySlice<Heard>, after open: Utterance?) -> Decoded {
    var utterance =
      open
      ?? Utterance(
        start: pieces.first?.piece.place.utteranceStart ?? 0, state: decoder.begin())
    for (piece, rows) in pieces {
      let kept = piece.place.kept(of: rows, samplesPerFrame: samplesPerFrame)
      decoder.advance(&utterance.state, by: kept)
      utterance.blankScore += kept.blankScore
      let core = piece.core
      utterance.sampleCount += core.count
      if recognizer.timing != nil {
        utterance.loudness.append(LoudnessCurve(samples: core, sampleRate: sampleRate))
      }
    }
    let isWhole = pieces.last?.piece.place.isLast == true
    return Decoded(
      state: utterance,
      transcript: isWhole ? finished(utterance) : Transcript(joining: []))
  }

  private func finished(_ utterance: Utterance) -> Transcript {
    let start = Double(utterance.start) / Double(sampleRate)
    var transcript = recognizer.transcript(
      of: decoder.finish(utterance.state), startTime: start)
    if let timing = recognizer.timing {
      transcript = timing(
        transcript, from: start,
        to: start + Double(utterance.sampleCount) / Double(sampleRate),
        loudness: utterance.loudness)
    }
    let probability = Float((exp(utterance.blankScore) * 10_000).rounded() / 10_000)
    for index in transcript.segments.indices {
      transcript.segments[index].noSpeechProbability = probability
    }
    return transcript
  }
}

extension UtterancePiece {
  /// The rows of a piece that count: those of its core.
  func kept(of rows: Tensor, samplesPerFrame: Int) -> Tensor {
    let first = (core.lowerBound - span.lowerBound) / samplesPerFrame
    let last = isLast ? rows.shape[0] : (core.upperBound - span.lowerBound) / samplesPerFrame
    return rows.rows(min(first, rows.shape[0])..<max(first, min(last, rows.shape[0])))
  }
}

extension UtteranceReader.Piece {
  /// The samples whose results count.
  var core: [Float] {
    let first = place.core.lowerBound - place.span.lowerBound
    let last = min(place.core.upperBound - place.span.lowerBound, waveform.samples.count)
    return Array(waveform.samples[min(first, last)..<last])
  }
}

extension LoudnessCurve? {
  /// Goes on with a curve of the same hop.
  fileprivate mutating func append(_ next: LoudnessCurve) {
    self = LoudnessCurve(levels: (self?.levels ?? []) + next.levels, hop: next.hop)
  }
}

extension Tensor {
  /// Some rows of a matrix.
  fileprivate func rows(_ range: Range<Int>) -> Tensor {
    guard range != 0..<shape[0] else { return self }
    let width = shape[1]
    return withUnsafeBufferPointer { elements in
      Tensor(
        elements[range.lowerBound * width..<range.upperBound * width],
        shape: [range.count, width])
    }
  }

  /// The log-probability that all rows are blank.
  fileprivate var blankScore: Double {
    let width = shape[1]
    return withUnsafeBufferPointer { elements in
      var sum = 0.0
      for row in 0..<shape[0] { sum += Double(elements[row * width + Alphabet.blank]) }
      return sum
    }
  }
}
