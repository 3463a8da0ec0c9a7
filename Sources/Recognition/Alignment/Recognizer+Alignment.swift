import Audio
import Decoding
import Foundation
import Tensors

extension Recognizer {
  /// The log-probabilities of a recording of any length as one tensor, `[time, label]`.
  ///
  /// The network hears it in pieces as ``transcript(of:decoder:segmentation:progress:)`` does without a
  /// detector of speech; row *t* is at *t* · ``frameDuration`` throughout. Besides the rows, memory does
  /// not grow with the recording.
  ///
  /// - Parameters:
  ///   - stream: At the extractor's sample rate.
  ///   - progress: Called with the seconds heard so far.
  /// - Throws: `AudioError` if the recording turns out to be damaged.
  public func logProbabilities(
    of stream: AudioStream, progress: (Double) -> Void = { _ in }
  ) throws(AudioError) -> (rows: Tensor, loudness: LoudnessCurve, duration: Double) {
    guard let extractor = extractor.sound, stream.sampleRate == extractor.sampleRate else {
      preconditionFailure(
        "Recognizer: a stream at \(stream.sampleRate) Hz for features of \(self.extractor.sense)")
    }
    var whole = SegmentationConfiguration()
    whole.detectsSpeech = false
    var reader = utteranceReader(stream, whole)
    var rows: [Float] = []
    var levels: [Float] = []
    var hop = 1.0
    while true {
      let group = try reader.next(seconds: Self.groupDuration)
      guard !group.isEmpty else { break }
      let parts = logProbabilities(
        similar: WorkerPool.results(group.count) { extractor(group[$0].waveform) })
      for (piece, part) in zip(group, parts) {
        let kept = piece.place.kept(of: part, samplesPerFrame: samplesPerFrame)
        kept.withUnsafeBufferPointer { rows += $0 }
        let curve = LoudnessCurve(samples: piece.core, sampleRate: stream.sampleRate)
        levels += curve.levels
        hop = curve.hop
      }
      progress(reader.position)
    }
    progress(reader.position)
    let tensor = Tensor(unsafeUninitialized: [
      rows.count / alphabet.labelCount, alphabet.labelCount,
    ]) {
      _ = $0.update(fromContentsOf: rows)
    }
    return (tensor, LoudnessCurve(levels: levels, hop: hop), reader.position)
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
