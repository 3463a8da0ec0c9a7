import Audio
import Decoding
import Foundation
import Tensors

extension Recognizer {
  /// Seconds of sound whose rows are made at once, and of the sound on both sides that they hear.
  private static let (pieceDuration, contextDuration) = (30.0, 2.0)
  private static let piecesAtOnce = 4

  /// The log-probabilities of a recording of any length as one tensor, `[time, label]`.
  ///
  /// The network hears pieces of half a minute with two seconds on both sides of each; pieces begin
  /// where a row does, so that row *t* is at *t* · ``frameDuration`` throughout. Besides the rows,
  /// memory does not grow with the recording.
  ///
  /// - Parameters:
  ///   - stream: At the extractor's sample rate.
  ///   - progress: Called with the seconds heard so far.
  /// - Throws: `AudioError` if the recording turns out to be damaged.
  public func logProbabilities(
    of stream: AudioStream, progress: (Double) -> Void = { _ in }
  ) throws(AudioError) -> (rows: Tensor, loudness: LoudnessCurve, duration: Double) {
    guard let sound = extractor.sound, stream.sampleRate == sound.sampleRate else {
      preconditionFailure(
        "Recognizer: a stream at \(stream.sampleRate) Hz for features of \(extractor.sense)")
    }
    let quantum = configuration.features.sound.hopSamples * model.frameStride
    func frames(_ seconds: Double) -> Int {
      max(1, Int(seconds * Double(sound.sampleRate)) / quantum)
    }
    var pieces = OverlappingPieces(
      stream: stream, quantum: quantum, frames: frames(Self.pieceDuration),
      context: frames(Self.contextDuration))
    var rows: [Float] = []
    var levels: [Float] = []
    var hop = 1.0
    while true {
      let group = try pieces.next(Self.piecesAtOnce)
      guard !group.isEmpty else { break }
      for piece in group {
        let curve = LoudnessCurve(samples: Array(piece.core), sampleRate: stream.sampleRate)
        levels += curve.levels
        hop = curve.hop
      }
      let parts = logProbabilities(of: group.map(\.waveform))
      for (piece, part) in zip(group, parts) {
        let last = min(piece.rows.upperBound, part.shape[0])
        let first = min(piece.rows.lowerBound, last)
        part.withUnsafeBufferPointer {
          rows += $0[first * alphabet.labelCount..<last * alphabet.labelCount]
        }
      }
      progress(pieces.position)
    }
    let tensor = Tensor(unsafeUninitialized: [
      rows.count / alphabet.labelCount, alphabet.labelCount,
    ]) {
      _ = $0.update(fromContentsOf: rows)
    }
    return (tensor, LoudnessCurve(levels: levels, hop: hop), pieces.position)
  }

  /// A known text with the times at which it is said; each of its lines is a segment.
  ///
  /// - Parameters:
  ///   - logProbabilities: The rows of the whole recording.
  ///   - loudness: Of the whole recording; with it and a ``timing`` words begin and end where they
  ///     are said, else where the network says their letters.
  /// - Throws: `AlignmentError` if the text does not fit.
  public func transcript(
    aligning text: KnownText, to logProbabilities: Tensor, loudness: LoudnessCurve? = nil
  ) throws(AlignmentError) -> Transcript {
    let alignment = try ForcedAlignment(of: text.labels, to: logProbabilities)
    let sum = alignment.spans.reduce(0) { $0 + log(Double($1.confidence)) }
    let hypothesis = Hypothesis(
      spans: alignment.spans, score: alignment.logProbability,
      confidence: Float(exp(sum / Double(max(1, alignment.spans.count)))))
    var transcript = Transcript(hypothesis, alphabet: alphabet, frameDuration: frameDuration)
    if let timing, let loudness {
      transcript = timing(
        transcript, to: Double(loudness.levels.count) * loudness.hop, loudness: loudness)
    }
    guard text.wordsOfLines.reduce(0, +) == transcript.words.count else { return transcript }
    var next = 0
    transcript.segments = text.wordsOfLines.map { count in
      let words = transcript.words[next..<next + count]
      next += count
      let sum = words.reduce(0) { $0 + log(Double($1.confidence)) }
      return Transcript.Segment(
        start: words.map(\.start).min() ?? 0, end: words.map(\.end).max() ?? 0,
        words: words.indices, confidence: Float(exp(sum / Double(count))))
    }
    return transcript
  }
}

/// Reads a stream in pieces that begin where rows do, with sound on both sides of each.
private struct OverlappingPieces {
  /// A piece with its surroundings, and which of its rows are its own.
  struct Piece {
    var waveform: Waveform
    var rows: Range<Int>
    /// The samples of its rows.
    var own: Range<Int>

    /// The sound without its surroundings.
    var core: ArraySlice<Float> { waveform.samples[own] }
  }

  private let stream: AudioStream
  private let quantum: Int
  private let frames: Int
  private let context: Int
  /// The samples from `origin` on that are still needed.
  private var pending: [Float] = []
  private var origin = 0
  private var next = 0
  private var isOver = false

  init(stream: AudioStream, quantum: Int, frames: Int, context: Int) {
    (self.stream, self.quantum, self.frames, self.context) = (stream, quantum, frames, context)
  }

  /// The seconds that pieces were made of so far.
  var position: Double {
    Double(min(next, origin + pending.count)) / Double(stream.sampleRate)
  }

  /// The next pieces, fewer than `count` only before the end.
  mutating func next(_ count: Int) throws(AudioError) -> [Piece] {
    var group: [Piece] = []
    while group.count < count, let piece = try nextPiece() { group.append(piece) }
    return group
  }

  private mutating func nextPiece() throws(AudioError) -> Piece? {
    let wanted = next + (frames + context) * quantum
    while !isOver, origin + pending.count < wanted {
      guard let block = try stream.next(wanted - origin - pending.count) else {
        isOver = true
        break
      }
      pending += block
    }
    let end = min(wanted, origin + pending.count)
    guard end > next else { return nil }
    let start = max(0, next - context * quantum)
    pending.removeFirst(start - origin)
    origin = start
    let isLast = end <= next + frames * quantum
    let first = (next - start) / quantum
    next += frames * quantum
    return Piece(
      waveform: Waveform(
        samples: Array(pending[..<(end - origin)]), sampleRate: stream.sampleRate),
      // The last piece may have a row that begins where its samples end.
      rows: first..<(isLast ? .max : first + frames),
      own: first * quantum..<(isLast ? end - origin : (first + frames) * quantum))
  }
}
