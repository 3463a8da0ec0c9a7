import Decoding

/// A form in which transcripts are written.
public enum TranscriptFormat: String, CaseIterable, Sendable {
  /// The words alone.
  case txt
  /// SubRip captions.
  case srt
  /// WebVTT captions.
  case vtt
  /// Segments as a table of whole milliseconds, as Whisper writes it.
  case tsv
  /// An object with the words, their times and confidences.
  case json
  /// The object that OpenAI's interface answers with.
  case verboseJSON = "verbose_json"
  /// NIST's table of words.
  case ctm
  /// NIST's table of segments.
  case stm
  /// Praat's tiers of words and characters.
  case textGrid = "textgrid"

  /// How the names of such files end; no two formats end alike.
  public var fileExtension: String {
    switch self {
    case .verboseJSON: "verbose.json"
    case .textGrid: "TextGrid"
    default: rawValue
    }
  }

  /// Whether the texts of several recordings, one after the other, are still of this format.
  public var holdsSeveral: Bool {
    switch self {
    case .txt, .tsv, .json, .verboseJSON, .ctm, .stm: true
    case .srt, .vtt, .textGrid: false
    }
  }
}

/// Writes transcripts in any format.
public struct TranscriptFormatter: Sendable {
  /// How captions are made.
  public var layout = CaptionLayout()
  /// Whether WebVTT captions tell when each word begins.
  public var wordTimestamps = false

  /// The defaults.
  public init() {}

  /// One recording as a whole file.
  public func text(_ recording: TranscribedRecording, as format: TranscriptFormat) -> String {
    switch format {
    case .txt: recording.transcript.text + "\n"
    case .srt: SubRip.text(captions(recording))
    case .vtt: WebVTT.text(captions(recording), wordTimestamps: wordTimestamps)
    case .tsv: SegmentTable.text([recording], withFiles: false)
    case .json: PlainJSON(recording).line
    case .verboseJSON: VerboseJSON(recording).line
    case .ctm: WordTable.text([recording])
    case .stm: SegmentTranscript.text([recording])
    case .textGrid: TextGrid(recording).text
    }
  }

  /// Several recordings as one file; a table of segments then has a column for the file.
  ///
  /// - Precondition: The format holds several; see ``TranscriptFormat/holdsSeveral``.
  public func text(_ recordings: [TranscribedRecording], as format: TranscriptFormat) -> String {
    precondition(
      format.holdsSeveral, "TranscriptFormatter: \(format.rawValue) holds one recording a file")
    switch format {
    case .tsv: return SegmentTable.text(recordings, withFiles: true)
    case .ctm: return WordTable.text(recordings)
    case .stm: return SegmentTranscript.text(recordings)
    default: return recordings.map { text($0, as: format) }.joined()
    }
  }

  private func captions(_ recording: TranscribedRecording) -> [Caption] {
    layout.captions(of: recording.transcript, limit: recording.endMilliseconds)
  }
}
