import Audio
import Decoding

extension Recognizer {
  /// Pieces of a long recording that go through the network together.
  private static let piecesAtOnce = 4

  /// The text of a recording of any length, in memory that does not grow with it.
  ///
  /// The recording is read in blocks and cut where it is quietest; see ``Segmenter``.
  ///
  /// - Parameters:
  ///   - stream: At the extractor's sample rate.
  ///   - progress: Called with the seconds transcribed so far.
  /// - Throws: `AudioError` if the recording turns out to be damaged.
  public func transcript(
    of stream: AudioStream, decoder: some TranscriptDecoder, segmenter: Segmenter = Segmenter(),
    progress: (Double) -> Void = { _ in }
  ) throws(AudioError) -> Transcript {
    var times = StageTimes()
    return try transcript(
      of: stream, decoder: decoder, segmenter: segmenter, times: &times, progress: progress)
  }

  /// The text of a recording of any length, and how long each stage took.
  ///
  /// - Parameter times: The time of each stage is added to what it holds.
  /// - Throws: `AudioError` if the recording turns out to be damaged.
  public func transcript(
    of stream: AudioStream, decoder: some TranscriptDecoder, segmenter: Segmenter = Segmenter(),
    times: inout StageTimes, progress: (Double) -> Void = { _ in }
  ) throws(AudioError) -> Transcript {
    guard case .sound(let extractor) = extractor, stream.sampleRate == extractor.sampleRate else {
      preconditionFailure(
        "Recognizer: a stream at \(stream.sampleRate) Hz for features of \(self.extractor.sense)")
    }
    var pieces = PieceReader(stream: stream, segmenter: segmenter)
    var transcripts: [Transcript] = []
    while true {
      let group = try times.measure(\.reading) { () throws(AudioError) in
        try pieces.next(Self.piecesAtOnce)
      }
      guard !group.isEmpty else { break }
      let features = times.measure(\.features) { group.map { extractor($0.waveform) } }
      let probabilities = times.measure(\.network) { logProbabilities(features) }
      transcripts += times.measure(\.decoding) {
        zip(group, probabilities).map { piece, rows in
          Transcript(
            decoder.best(rows), alphabet: alphabet, frameDuration: frameDuration,
            startTime: piece.start)
        }
      }
      progress((group.last?.start ?? 0) + (group.last?.waveform.duration ?? 0))
    }
    return transcripts.count == 1 ? transcripts[0] : Transcript(joining: transcripts)
  }
}

/// Reads a stream piece by piece.
private struct PieceReader {
  let stream: AudioStream
  let segmenter: Segmenter
  private var pending: [Float] = []
  private var position = 0
  private var isOver = false

  init(stream: AudioStream, segmenter: Segmenter) {
    self.stream = stream
    self.segmenter = segmenter
  }

  /// The next pieces, fewer than `count` only before the end.
  mutating func next(_ count: Int) throws(AudioError) -> [(waveform: Waveform, start: Double)] {
    var group: [(waveform: Waveform, start: Double)] = []
    while group.count < count, let piece = try next() { group.append(piece) }
    return group
  }

  private mutating func next() throws(AudioError) -> (waveform: Waveform, start: Double)? {
    let rate = stream.sampleRate
    let enough = Int(segmenter.maximumDuration * Double(rate)) + 1
    while !isOver, pending.count < enough {
      guard let block = try stream.next(enough - pending.count) else {
        isOver = true
        break
      }
      pending += block
    }
    guard !pending.isEmpty else { return nil }
    let cut = segmenter.firstCut(pending[...], sampleRate: rate)
    let piece = Waveform(samples: Array(pending[..<cut]), sampleRate: rate)
    defer {
      pending.removeFirst(cut)
      position += cut
    }
    return (piece, Double(position) / Double(rate))
  }
}
