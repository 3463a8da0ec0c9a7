import Audio
import Decoding
import Tensors

/// What is heard in running speech.
public enum StreamingEvent: Sendable, Equatable {
  /// The line so far; it may still change.
  case partial(Transcript)
  /// A line that is complete.
  case line(Transcript)
}

/// Turns sound into text while it is still coming.
///
/// Samples come in as blocks of any length; partial texts and complete lines go out, with times on
/// the clock of the stream. How the sound is cut into blocks does not change the lines, and memory
/// does not grow with the sound.
///
/// At a pause decoder and network begin anew. A network that was trained on single utterances may keep
/// the end of a word back until it hears the next word or the end of its sequence; so its sequence ends
/// there, which brings the word's end out, and the frames that it saw beyond the pause are heard again by
/// the next. Where a line ends only because it is long, the network goes on.
public struct StreamingRecognizer<Decoder: TranscriptDecoder> {
  /// What it was made of.
  public let recognizer: Recognizer
  private let decoder: Decoder
  private var features: StreamingFeatureExtractor
  private let model: any StreamingModel
  private var network: any LogitStream
  /// The frames from the next row's on that the network has seen, and how many it has seen in all.
  private var recent: [Float] = []
  private var seen = 0
  /// Frames between the end of a sequence and the beginning of the next, where rows are far apart.
  private var skipped = 0
  /// The row with which the network began.
  private var sequenceStart = 0
  private var detector: EndpointDetector
  private var state: Decoder.State
  private let startTime: Double
  private var sampleCount = 0
  /// Rows so far, and where the line began.
  private var rowCount = 0
  private var lineStart = 0
  private var shown = ""

  /// A recogniser before the first sample.
  ///
  /// - Parameters:
  ///   - startTime: The time of the first sample, in seconds.
  /// - Throws: `StreamingError` if the recogniser must hear the end first, or if a rule of where lines
  ///   end is out of range.
  public init(
    _ recognizer: Recognizer, decoder: Decoder,
    endpoints: EndpointConfiguration = EndpointConfiguration(), startTime: Double = 0
  ) throws(StreamingError) {
    do {
      try endpoints.validate()
    } catch {
      throw .configuration(error)
    }
    precondition(
      decoder.labelCount == recognizer.alphabet.labelCount,
      "StreamingRecognizer: a decoder of \(decoder.labelCount) labels, "
        + "expected \(recognizer.alphabet.labelCount)")
    let parts = try recognizer.streamingParts()
    self.recognizer = recognizer
    self.decoder = decoder
    self.startTime = startTime
    features = StreamingFeatureExtractor(parts.features)
    model = parts.model
    network = parts.model.begin()
    detector = EndpointDetector(endpoints, frameDuration: recognizer.frameDuration)
    state = decoder.begin()
  }

  /// The seconds of sound whose probabilities are known.
  public var knownDuration: Double { Double(rowCount) * recognizer.frameDuration }

  /// Values that are kept between calls, but for those of the decoder.
  package var stateSize: Int { network.stateSize + recent.count }

  /// Takes in samples at the extractor's sample rate, perhaps none.
  ///
  /// - Returns: The lines that ended and, if it changed, the text of the line that goes on.
  /// - Throws: `StreamingError.notFinite` if a sample is no number; then nothing was taken in.
  public mutating func push(_ samples: [Float]) throws(StreamingError) -> [StreamingEvent] {
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(sample: sampleCount + index, value: "\(samples[index])")
    }
    sampleCount += samples.count
    var events: [StreamingEvent] = []
    // A second at a time, so that a long block needs no more memory than short ones.
    let piece = features.extractor.sampleRate
    for start in stride(from: 0, to: samples.count, by: piece) {
      features.push(Array(samples[start..<min(start + piece, samples.count)]))
      hear(features.pull(), into: &events)
    }
    return events
  }

  /// Ends the sound.
  ///
  /// - Returns: The last lines.
  public mutating func finish() -> [StreamingEvent] {
    var events: [StreamingEvent] = []
    features.finish()
    hear(features.pull(), into: &events)
    let rows = network.finish().logSoftmax()
    var first = 0
    for (index, row) in kinds(rows).enumerated() where detector.take(row) != nil {
      decode(rows, first..<index + 1)
      endLine(into: &events)
      first = index + 1
    }
    decode(rows, first..<rows.shape[0])
    endLine(into: &events)
    return events
  }

  private mutating func hear(_ frames: Tensor, into events: inout [StreamingEvent]) {
    let size = frames.shape[1]
    let dropped = min(skipped, frames.shape[0])
    skipped -= dropped
    var pending = Array(frames.scalars[(dropped * size)...])
    while !pending.isEmpty { pending = advance(by: pending, size, into: &events) }
  }

  /// Takes the network over some frames.
  ///
  /// - Returns: The frames that belong to the next line, if a pause ends this one.
  private mutating func advance(
    by frames: [Float], _ size: Int, into events: inout [StreamingEvent]
  ) -> [Float] {
    let before = network
    let rows = network.advance(by: Tensor(frames, shape: [frames.count / size, size])).logSoftmax()
    recent += frames
    var first = 0
    for (index, row) in kinds(rows).enumerated() {
      guard let endpoint = detector.take(row) else { continue }
      decode(rows, first..<index + 1)
      first = index + 1
      if endpoint == .pause {
        // The frames that made this row known, whatever came with them: the cut changes nothing.
        let needed = (sequenceRows - 1) * model.frameStride + model.framesAhead + 1 - seen
        network = before
        _ = network.advance(by: Tensor(frames[..<(needed * size)], shape: [needed, size]))
        completeWord(network.finish().logSoftmax())
      }
      endLine(into: &events)
      if endpoint != .length { return beginSequence(after: seen + frames.count / size, size) }
    }
    seen += frames.count / size
    dropHeard(upTo: seen, size)
    tellPartial(rows, from: first, into: &events)
    return []
  }

  private var sequenceRows: Int { rowCount - sequenceStart }

  /// Forgets the frames before the next row's, of `count` that the network has seen.
  ///
  /// - Returns: How many frames the next row's lies beyond them.
  @discardableResult
  private mutating func dropHeard(upTo count: Int, _ size: Int) -> Int {
    let first = count - recent.count / size
    let next = sequenceRows * model.frameStride
    recent.removeFirst(max(0, min(next, count) - first) * size)
    return max(0, next - count)
  }

  /// Begins a network at the next row.
  ///
  /// - Returns: The frames of this row and the following that are there already.
  private mutating func beginSequence(after count: Int, _ size: Int) -> [Float] {
    skipped = dropHeard(upTo: count, size)
    defer { recent = [] }
    (network, seen, sequenceStart) = (model.begin(), 0, rowCount)
    return recent
  }

  /// Decodes what the end of the sequence adds to its last word.
  private mutating func completeWord(_ rows: Tensor) {
    let kinds = kinds(rows)
    let end = kinds.firstIndex(of: .delimiter) ?? kinds.count
    guard kinds[..<end].contains(.letter) else { return }
    decoder.advance(&state, by: rows.rows(0..<end))
  }

  private mutating func tellPartial(
    _ rows: Tensor, from first: Int, into events: inout [StreamingEvent]
  ) {
    guard first < rows.shape[0] else { return }
    decode(rows, first..<rows.shape[0])
    let transcript = transcript(decoder.hypotheses(state))
    guard transcript.text != shown else { return }
    shown = transcript.text
    events.append(.partial(transcript))
  }

  private mutating func decode(_ rows: Tensor, _ range: Range<Int>) {
    decoder.advance(&state, by: rows.rows(range))
    rowCount += range.count
  }

  private mutating func endLine(into events: inout [StreamingEvent]) {
    let transcript = transcript(decoder.finish(state))
    if !transcript.text.isEmpty {
      events.append(.line(transcript))
    } else if !shown.isEmpty {
      events.append(.partial(transcript))
    }
    state = decoder.begin()
    lineStart = rowCount
    shown = ""
  }

  private func transcript(_ hypotheses: [Hypothesis]) -> Transcript {
    recognizer.transcript(
      of: hypotheses, startTime: startTime + Double(lineStart) * recognizer.frameDuration)
  }

  private func kinds(_ rows: Tensor) -> [EndpointDetector.Row] {
    let size = rows.shape[1]
    let delimiter = recognizer.alphabet.wordDelimiterLabel
    return rows.withUnsafeBufferPointer { values in
      stride(from: 0, to: values.count, by: size).map { start in
        var (label, best) = (Alphabet.blank, -Float.infinity)
        for index in 0..<size where values[start + index] > best {
          (label, best) = (index, values[start + index])
        }
        return label == Alphabet.blank ? .blank : label == delimiter ? .delimiter : .letter
      }
    }
  }
}

extension Tensor {
  /// Some rows of a matrix.
  fileprivate func rows(_ range: Range<Int>) -> Tensor {
    let size = shape[1]
    return withUnsafeBufferPointer {
      Tensor($0[range.lowerBound * size..<range.upperBound * size], shape: [range.count, size])
    }
  }
}
