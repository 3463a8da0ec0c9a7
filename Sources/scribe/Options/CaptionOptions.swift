import ArgumentParser
import Captions

/// Which formats transcripts are written in.
enum FormatChoice: ExpressibleByArgument, Equatable {
  case one(TranscriptFormat)
  /// Every format there is.
  case all

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let format = TranscriptFormat(rawValue: argument) {
      self = .one(format)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { TranscriptFormat.allCases.map(\.rawValue) + ["all"] }

  var defaultValueDescription: String {
    switch self {
    case .one(let format): format.rawValue
    case .all: "all"
    }
  }

  /// The formats that are meant.
  var formats: [TranscriptFormat] {
    switch self {
    case .one(let format): [format]
    case .all: TranscriptFormat.allCases
    }
  }
}

/// How captions are made.
struct CaptionOptions: ParsableArguments {
  @Flag(help: "Tell in WebVTT captions when each word begins; JSON, CTM and TextGrid always do.")
  var wordTimestamps = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The longest line of a caption; a longer word has its own.", valueName: "characters"))
  var maxLineWidth = CaptionLayout().maximumLineWidth

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most lines of a caption.", valueName: "n"))
  var maxLineCount = CaptionLayout().maximumLineCount

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most words of a line; any number by default.", valueName: "n"))
  var maxWordsPerLine: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest caption.", valueName: "seconds"))
  var maxCaptionDuration = CaptionLayout().maximumDuration

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest pause inside a caption.", valueName: "seconds"))
  var maxCaptionPause = CaptionLayout().maximumPause

  @Option(
    help: ArgumentHelp(
      "What verbose_json calls the language of the recording.", valueName: "name"))
  var language = "und"

  func validate() throws {
    let counts = [
      ("--max-line-width", maxLineWidth), ("--max-line-count", maxLineCount),
      ("--max-words-per-line", maxWordsPerLine ?? 1),
    ]
    for (name, value) in counts where value < 1 {
      throw ValidationError("\(name) is \(value), expected 1 or more.")
    }
    guard maxCaptionDuration > 0, maxCaptionDuration.isFinite else {
      throw ValidationError(
        "--max-caption-duration is \(maxCaptionDuration), expected more than 0 seconds.")
    }
    guard maxCaptionPause >= 0, maxCaptionPause.isFinite else {
      throw ValidationError(
        "--max-caption-pause is \(maxCaptionPause), expected 0 or more seconds.")
    }
  }

  /// The options as the library takes them.
  var formatter: TranscriptFormatter {
    var formatter = TranscriptFormatter()
    formatter.wordTimestamps = wordTimestamps
    formatter.layout.maximumLineWidth = maxLineWidth
    formatter.layout.maximumLineCount = maxLineCount
    formatter.layout.maximumWordsPerLine = maxWordsPerLine
    formatter.layout.maximumDuration = maxCaptionDuration
    formatter.layout.maximumPause = maxCaptionPause
    return formatter
  }
}
