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
/// At the end of a line the decoder begins anew, but the network goes on: its rows then depend on the
/// sound alone, not on where lines end, and the first word of a line is heard with what came before.
public struct StreamingRecognizer<Decoder: TranscriptDecoder> {
  /// What it was made of.
  public let recognizer: Recognizer
  private let decoder: Decoder
  private var features: StreamingFeatureExtractor
  private var network: any LogitStream
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
    network = parts.model.begin()
    detector = EndpointDetector(endpoints, frameDuration: recognizer.frameDuration)
    state = decoder.begin()
  }

  /// The seconds of sound whose probabilities are known.
  public var knownDuration: Double { Double(rowCount) * recognizer.frameDuration }

  /// Values that are kept between calls, but for those of the decoder.
  package var stateSize: Int { network.stateSize }

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
      take(network.advance(by: features.pull()), into: &events)
    }
    return events
  }

  /// Ends the sound.
  ///
  /// - Returns: The last lines.
  public mutating func finish() -> [StreamingEvent] {
    var events: [StreamingEvent] = []
    features.finish()
    take(network.advance(by: features.pull()), into: &events)
    take(network.finish(), into: &events)
    endLine(into: &events)
    return events
  }

  private mutating func take(_ logits: Tensor, into events: inout [StreamingEvent]) {
    guard logits.shape[0] > 0 else { return }
    let rows = logits.logSoftmax()
    var first = 0
    for (index, row) in kinds(rows).enumerated() where detector.take(row) != nil {
      decode(rows, first..<index + 1)
      endLine(into: &events)
      first = index + 1
    }
    guard first < rows.shape[0] else { return }
    decode(rows, first..<rows.shape[0])
    let transcript = transcript(decoder.hypotheses(state))
    guard transcript.text != shown else { return }
    shown = transcript.text
    events.append(.partial(transcript))
  }

  private mutating func decode(_ rows: Tensor, _ range: Range<Int>) {
    let size = rows.shape[1]
    let piece = rows.withUnsafeBufferPointer {
      Tensor($0[range.lowerBound * size..<range.upperBound * size], shape: [range.count, size])
    }
    decoder.advance(&state, by: piece)
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
    let frame = recognizer.frameDuration
    return Transcript(
      hypotheses[0], alphabet: recognizer.alphabet, frameDuration: frame,
      startTime: startTime + Double(lineStart) * frame)
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
