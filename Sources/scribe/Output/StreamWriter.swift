import Decoding
import Recognition

/// Puts what is heard in running speech on standard output at once.
struct StreamWriter {
  private let isJSON: Bool
  private let printsPartials: Bool

  init(_ format: FormatChoice, _ options: StreamOptions) {
    (isJSON, printsPartials) = (format == .one(.json), options.partials)
  }

  private struct Partial: Encodable {
    var partial: String
  }

  /// A line with the keys that Vosk gives it.
  private struct Line: Encodable {
    struct Word: Encodable {
      var conf: Float
      var start: Double
      var end: Double
      var word: String
    }
    var result: [Word]
    var text: String

    init(_ transcript: Transcript) {
      text = transcript.text
      result = transcript.words.map {
        Word(conf: $0.confidence, start: $0.start, end: $0.end, word: $0.text)
      }
    }
  }

  /// Columns of a text that is shown in place, its end rather than its beginning.
  private static let shownCount = 60

  /// Writes one event.
  func write(_ event: StreamingEvent) throws {
    switch event {
    case .line(let transcript):
      try Console.write(isJSON ? JSON.line(Line(transcript)) : transcript.text + "\n")
    case .partial(let transcript) where printsPartials:
      let text = transcript.text
      try Console.write(isJSON ? JSON.line(Partial(partial: text)) : "~ \(text)\n")
    case .partial(let transcript):
      let text = transcript.text
      let isLong = text.count > Self.shownCount
      Console.status(isLong ? "…\(text.suffix(Self.shownCount))" : text)
    }
  }
}
