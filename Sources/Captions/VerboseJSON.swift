import CZlib
import Decoding

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What OpenAI's interface answers with as `verbose_json`, and a confidence of each word and segment.
///
/// Every number is computed or absent: where nobody looked for speech, `no_speech_prob` is null.
/// `temperature` is 0, because nothing is drawn at random.
struct VerboseJSON: Encodable {
  struct Segment: Encodable {
    var id: Int
    /// In Whisper's unit, hundredths of a second.
    var seek: Int
    var start: Double
    var end: Double
    var text: String
    var tokens: [Int]
    var temperature = 0.0
    var averageLogProbability: Double
    var compressionRatio: Double
    var noSpeechProbability: Float?
    var confidence: Float

    enum CodingKeys: String, CodingKey {
      case id, seek, start, end, text, tokens, temperature, confidence
      case averageLogProbability = "avg_logprob"
      case compressionRatio = "compression_ratio"
      case noSpeechProbability = "no_speech_prob"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encode(seek, forKey: .seek)
      try container.encode(start, forKey: .start)
      try container.encode(end, forKey: .end)
      try container.encode(text, forKey: .text)
      try container.encode(tokens, forKey: .tokens)
      try container.encode(temperature, forKey: .temperature)
      try container.encode(averageLogProbability, forKey: .averageLogProbability)
      try container.encode(compressionRatio, forKey: .compressionRatio)
      // Left to the compiler, an unknown probability would be no key at all.
      try container.encode(noSpeechProbability, forKey: .noSpeechProbability)
      try container.encode(confidence, forKey: .confidence)
    }
  }

  var task = "transcribe"
  var duration: Double
  var language: String
  var text: String
  var segments: [Segment]
  var words: [PlainJSON.Word]

  init(_ recording: TranscribedRecording) {
    let transcript = recording.transcript
    duration = Double(recording.duration.milliseconds) / 1000
    language = recording.language
    text = transcript.text
    words = PlainJSON(recording).words
    segments = transcript.segments.enumerated().map { id, segment in
      let words = transcript.words[segment.words.clamped(to: transcript.words.indices)]
      let text = words.map(\.text).joined(separator: " ")
      return Segment(
        id: id, seek: segment.start.milliseconds / 10, start: segment.start, end: segment.end,
        text: text, tokens: recording.labels?(text) ?? [],
        averageLogProbability: Self.averageLogProbability(words.map(\.confidence)),
        compressionRatio: Self.compressionRatio(text),
        noSpeechProbability: segment.noSpeechProbability?.share,
        confidence: segment.confidence.share)
    }
  }

  /// The logarithm of the geometric mean of confidences.
  ///
  /// Confidences are rounded to four digits, so one that is written as 0 may be up to half of the last.
  private static func averageLogProbability(_ confidences: [Float]) -> Double {
    guard !confidences.isEmpty else { return 0 }
    let sum = confidences.reduce(0.0) { $0 + log(Double(max($1.share, 0.00005))) }
    return (sum / Double(confidences.count) * 1e6).rounded() / 1e6
  }

  /// How many times smaller zlib makes the text; high for text that goes round in circles.
  private static func compressionRatio(_ text: String) -> Double {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return 1 }
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    let code = compress(&packed, &size, bytes, uLong(bytes.count))
    precondition(code == Z_OK, "VerboseJSON: zlib's compress returned \(code) with enough room")
    return (Double(bytes.count) / Double(size) * 1e6).rounded() / 1e6
  }
}
