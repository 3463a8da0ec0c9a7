import Decoding

/// A transcript and what is known of the recording it was made of.
public struct TranscribedRecording: Sendable {
  /// The file as it was asked for.
  public var file: String
  /// What the recording is called where formats name it; see ``waveformName(of:)``.
  public var name: String
  /// The name of the model.
  public var model: String
  /// The language as users call it; ISO 639's `und` where nobody said.
  public var language: String
  /// Where the listening began, in seconds from the start of the recording.
  public var offset: Double
  /// The seconds that were listened to.
  public var duration: Double
  /// The channel as sclite counts, from 1.
  public var channel: Int
  /// The channel from 0, where each of a recording's channels has its own transcript.
  public var part: Int?
  /// The transcript, its times in seconds from the start of the recording.
  public var transcript: Transcript
  /// The label numbers of a text, if somebody knows them.
  public var labels: (@Sendable (String) -> [Int])?

  /// A transcript of a recording that was listened to from `offset` on for `duration` seconds.
  ///
  /// - Parameter transcript: Its times are seconds from `offset`; times that are not finite, which no
  ///   decoder makes, become 0.
  public init(
    _ transcript: Transcript, file: String, model: String, offset: Double = 0, duration: Double
  ) {
    (self.file, self.model) = (file, model)
    name = Self.waveformName(of: file)
    language = "und"
    (self.offset, self.duration) = (offset.finite, duration.finite)
    channel = 1
    self.transcript = transcript.shifted(by: offset.finite)
  }

  /// The last part of a path without its extension; `stdin` for standard input.
  public static func waveformName(of file: String) -> String {
    guard file != "-" else { return "stdin" }
    let name = String(file.split(separator: "/").last ?? "recording")
    let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) }
    return stem ?? name
  }

  /// Where the listening ended, in milliseconds; never before the last word ends.
  var endMilliseconds: Int {
    let spans = transcript.words + transcript.characters
    return max((offset + duration).milliseconds, spans.map(\.end.milliseconds).max() ?? 0)
  }
}

extension Transcript {
  /// The transcript with its times `offset` seconds later.
  func shifted(by offset: Double) -> Transcript {
    func later(_ word: Word) -> Word {
      Word(
        text: word.text, start: word.start.finite + offset, end: word.end.finite + offset,
        confidence: word.confidence)
    }
    var result = self
    result.words = words.map(later)
    result.characters = characters.map(later)
    result.segments = segments.map {
      var segment = Segment(
        start: $0.start.finite + offset, end: $0.end.finite + offset, words: $0.words,
        confidence: $0.confidence, noSpeechProbability: $0.noSpeechProbability)
      segment.alternatives = $0.alternatives
      return segment
    }
    return result
  }
}

extension Double {
  /// The number, or 0 if it is none.
  var finite: Double { isFinite ? self : 0 }

  /// Seconds as whole milliseconds, from 0 to a thousand years.
  var milliseconds: Int { Int((Swift.min(Swift.max(finite, 0), 3e10) * 1000).rounded()) }
}
