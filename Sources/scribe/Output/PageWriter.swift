import ArgumentParser
import Files
import Ink

/// How readings of handwriting are written.
enum PageFormat: String, CaseIterable, ExpressibleByArgument {
  /// The lines alone.
  case txt
  /// One JSON object an input, with the places and confidences of words and characters.
  case json
  /// hOCR.
  case hocr
  /// ALTO 4.
  case alto
  /// PAGE 2019.
  case page

  /// The end of the names of files.
  var fileExtension: String {
    switch self {
    case .txt: "txt"
    case .json: "json"
    case .hocr: "hocr"
    case .alto: "alto.xml"
    case .page: "page.xml"
    }
  }
}

/// What was read of one input.
struct HandwritingRecord {
  /// The lines with their places.
  let page: RecognizedPage
  /// What read them.
  let model: String
  /// The readings of several models, if they were compared.
  private(set) var votes: [Vote] = []

  /// One model's reading of one line.
  struct Vote: Encodable {
    let model: String
    let text: String
    let confidence: Double
  }

  init(page: RecognizedPage, model: String) { (self.page, self.model) = (page, model) }

  /// Takes, line by line, the reading that is surest of itself.
  ///
  /// - Parameter note: Told where the models disagree.
  init(votes: [(model: String, page: RecognizedPage)], note: (String) -> Void) {
    let first = votes[0].page
    var lines: [RecognizedLine] = []
    var all: [Vote] = []
    for index in first.lines.indices {
      let readings = votes.map { (model: $0.model, line: $0.page.lines[index]) }
      let best = readings.reduce(readings[0]) {
        $1.line.confidence > $0.line.confidence ? $1 : $0
      }
      lines.append(best.line)
      all += readings.map {
        Vote(model: $0.model, text: $0.line.text, confidence: $0.line.confidence)
      }
      if Set(readings.map(\.line.text)).count > 1 {
        let words = readings.map { "\($0.model) reads '\($0.line.text)' (\($0.line.confidence))" }
        note("line \(index + 1): " + words.joined(separator: ", "))
      }
    }
    page = RecognizedPage(
      image: first.image, width: first.width, height: first.height, lines: lines)
    model = votes.map(\.model).joined(separator: "+")
    self.votes = all
  }
}

extension HandwritingRecord: Encodable {
  private enum CodingKeys: String, CodingKey {
    case image, width, height, lines, text, model, votes
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(page.image, forKey: .image)
    try container.encode(page.width, forKey: .width)
    try container.encode(page.height, forKey: .height)
    try container.encode(page.text, forKey: .text)
    try container.encode(page.lines, forKey: .lines)
    try container.encode(model, forKey: .model)
    if !votes.isEmpty { try container.encode(votes, forKey: .votes) }
  }
}

/// Puts readings on standard output, or into files named after the inputs.
struct PageWriter {
  private let format: PageFormat
  private let folder: String?
  private let withNames: Bool

  /// - Throws: `UsageError` if two inputs would be written to the same file, or several XML documents
  ///   to standard output; `OutputFolderError` if the folder cannot be made.
  init(format: PageFormat, folder: String?, withNames: Bool, inputs: [String]) throws {
    (self.format, self.folder, self.withNames) = (format, folder, withNames)
    guard let folder else {
      if inputs.count > 1, [.hocr, .alto, .page].contains(format) {
        throw UsageError(
          "\(format.rawValue) makes a document of each input; name a folder for them with -o")
      }
      return
    }
    var inputOf: [String: String] = [:]
    for input in inputs {
      let path = Self.path(of: input, in: folder, format)
      if let other = inputOf.updateValue(input, forKey: path) {
        throw UsageError(
          "\(other) and \(input) would both be written to \(path); read them into different folders"
        )
      }
    }
    try OutputFolder.make(folder)
  }

  /// Writes what was read of one input.
  func write(_ record: HandwritingRecord, of file: String) throws {
    let bytes: [UInt8] =
      switch format {
      case .txt: Array(text(record, of: file).utf8)
      case .json: Array(try JSON.line(record).utf8)
      case .hocr: HOCRFile.encode([record.page])
      case .alto: ALTOFile.encode(record.page)
      case .page: PageXMLFile.encode(record.page)
      }
    guard let folder else { return try Console.write(String(decoding: bytes, as: UTF8.self)) }
    try AtomicFile.write(bytes, to: Self.path(of: file, in: folder, format))
  }

  private func text(_ record: HandwritingRecord, of file: String) -> String {
    let prefix = withNames && folder == nil ? "\(file.printable): " : ""
    return record.page.lines.map { "\(prefix)\($0.text)\n" }.joined()
  }

  private static func path(of input: String, in folder: String, _ format: PageFormat) -> String {
    let name = input == "-" ? "stdin" : String(input.split(separator: "/").last ?? "input")
    let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) }
    return "\(folder)/\(stem ?? name).\(format.fileExtension)"
  }
}
