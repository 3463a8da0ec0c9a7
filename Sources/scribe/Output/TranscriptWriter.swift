import Captions
import Files

/// Puts transcripts on standard output, or into files named after the recordings.
final class TranscriptWriter {
  private let formats: [TranscriptFormat]
  private let formatter: TranscriptFormatter
  private let language: String
  private let folder: String?
  private let withNames: Bool
  /// Whether more than one transcript will come.
  private let hasSeveral: Bool
  /// Last parts of paths that more than one input has.
  private let ambiguousNames: Set<String>
  /// Recordings whose table has one heading for all, or is sorted as a whole.
  private var waiting: [TranscribedRecording] = []

  /// - Parameter perChannel: Whether each channel of a recording has a transcript.
  /// - Throws: `UsageError` if two recordings would be written to the same file, or standard output
  ///   cannot hold what is wanted; `OutputFolderError` if the folder cannot be made.
  init(
    format: FormatChoice, folder: String?, withNames: Bool = false, inputs: [String],
    captions: CaptionOptions, perChannel: Bool = false
  ) throws {
    formats = format.formats
    formatter = captions.formatter
    language = captions.language
    self.folder = folder
    self.withNames = withNames
    hasSeveral = inputs.count > 1 || perChannel
    let counts = Dictionary(inputs.map { (TranscribedRecording.waveformName(of: $0), 1) }) {
      $0 + $1
    }
    ambiguousNames = Set(counts.filter { $0.value > 1 }.keys)
    guard let folder else {
      try Self.checkStandardOutput(format, hasSeveral)
      return
    }
    var inputOf: [String: String] = [:]
    for input in inputs {
      for format in formats {
        let path = Self.path(of: input, in: folder, format)
        if let other = inputOf.updateValue(input, forKey: path) {
          throw UsageError(
            "\(other) and \(input) would both be written to \(path); "
              + "transcribe them into different folders")
        }
      }
    }
    try OutputFolder.make(folder)
  }

  private static func checkStandardOutput(_ choice: FormatChoice, _ hasSeveral: Bool) throws {
    switch choice {
    case .all:
      throw UsageError(
        "--format all writes several files of each recording; give a folder for them with "
          + "--output-dir")
    case .one(let format) where hasSeveral && !format.holdsSeveral:
      throw UsageError(
        "a file of --format \(format.rawValue) holds one transcript, and there are several; "
          + "give a folder with --output-dir")
    case .one: break
    }
  }

  /// Writes one transcript.
  func write(_ recording: TranscribedRecording) throws {
    var recording = recording
    recording.language = language
    if ambiguousNames.contains(recording.name) { recording.name = recording.file }
    guard let folder else { return try print(recording, as: formats[0]) }
    for format in formats {
      try AtomicFile.write(
        Array(formatter.text(recording, as: format).utf8),
        to: Self.path(of: recording.file, in: folder, format, part: recording.part))
    }
  }

  /// Writes what had to wait for the last recording.
  func finish() throws {
    guard folder == nil, hasSeveral, Self.isTable(formats[0]) else { return }
    try Console.write(formatter.text(waiting, as: formats[0]))
    waiting = []
  }

  private func print(_ recording: TranscribedRecording, as format: TranscriptFormat) throws {
    if hasSeveral, Self.isTable(format) { return waiting.append(recording) }
    let text = formatter.text(recording, as: format)
    try Console.write((format == .txt ? label(recording) : "") + text)
  }

  /// What stands before a text on standard output.
  private func label(_ recording: TranscribedRecording) -> String {
    let name = withNames ? "\(recording.file.printable): " : ""
    return name + (recording.part.map { "channel \($0): " } ?? "")
  }

  private static func isTable(_ format: TranscriptFormat) -> Bool {
    [.tsv, .ctm, .stm].contains(format)
  }

  private static func path(
    of input: String, in folder: String, _ format: TranscriptFormat, part: Int? = nil
  ) -> String {
    let name = TranscribedRecording.waveformName(of: input)
    let suffix = part.map { ".channel-\($0)" } ?? ""
    return "\(folder)/\(name)\(suffix).\(format.fileExtension)"
  }
}
