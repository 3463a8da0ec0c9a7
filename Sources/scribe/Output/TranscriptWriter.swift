import Files
import ArgumentParser
import Decoding
import Files
import Recognition

/// How transcripts are written.
enum TranscriptFormat: String, CaseIterable, ExpressibleByArgument {
  /// The words alone.
  case txt
  /// One JSON object a recording.
  case json
}

/// What is known of one recording when it has been transcribed.
struct TranscriptRecord: Encodable {
  /// A word and where it was heard, in seconds from the start of the recording.
  struct Word: Encodable {
    var word: String
    var start: Double
    var end: Double
    var confidence: Float
  }

  var file: String
  /// The channel, where each is transcribed on its own.
  var channel: Int?
  var model: String
  /// The seconds that were listened to.
  var duration: Double
  var text: String
  var confidence: Float
  var words: [Word]

  init(
    _ transcript: Transcript, file: String, model: String, duration: Double, offset: Double,
    channel: Int? = nil
  ) {
    func milliseconds(_ time: Double) -> Double { (time * 1000).rounded() / 1000 }
    self.file = file
    self.channel = channel
    self.model = model
    self.duration = milliseconds(duration)
    text = transcript.text
    confidence = transcript.confidence
    words = transcript.words.map {
      Word(
        word: $0.text, start: milliseconds($0.start + offset), end: milliseconds($0.end + offset),
        confidence: $0.confidence)
    }
  }
}

/// Puts transcripts on standard output, or into files named after the recordings.
struct TranscriptWriter {
  private let format: TranscriptFormat
  private let folder: String?
  private let withNames: Bool

  /// - Throws: `UsageError` if two recordings would be written to the same file; `FileError` if the
  ///   folder cannot be made.
  init(
    format: TranscriptFormat, folder: String?, withNames: Bool, inputs: [String]
  ) throws {
    self.format = format
    self.folder = folder
    self.withNames = withNames
    guard let folder else { return }
    var inputOf: [String: String] = [:]
    for input in inputs {
      let path = Self.path(of: input, in: folder, format)
      if let other = inputOf.updateValue(input, forKey: path) {
        throw UsageError(
          "\(other) and \(input) would both be written to \(path); "
            + "transcribe them into different folders")
      }
    }
    try OutputFolder.make(folder)
  }

  /// Writes one transcript.
  func write(_ record: TranscriptRecord) throws {
    let text =
      switch format {
      case .json: try JSON.line(record)
      case .txt where folder == nil: label(record) + record.text + "\n"
      case .txt: record.text + "\n"
      }
    guard let folder else { return try Console.write(text) }
    let path = Self.path(of: record.file, in: folder, format, channel: record.channel)
    try AtomicFile.write(Array(text.utf8), to: path)
  }

  /// What stands before a text on standard output.
  private func label(_ record: TranscriptRecord) -> String {
    let name = withNames ? "\(record.file.printable): " : ""
    return name + (record.channel.map { "channel \($0): " } ?? "")
  }

  private static func path(
    of input: String, in folder: String, _ format: TranscriptFormat, channel: Int? = nil
  ) -> String {
    let name = input == "-" ? "stdin" : String(input.split(separator: "/").last ?? "transcript")
    let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) }
    let part = channel.map { ".channel-\($0)" } ?? ""
    return "\(folder)/\(stem ?? name)\(part).\(format.rawValue)"
  }
}
