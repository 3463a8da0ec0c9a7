import Decoding
import Ink
import ModelFiles
import Recognition
import Tensors

/// The recognisers of handwriting that the program uses, each read when it is first needed.
final class HandwritingModels {
  /// A recogniser of lines.
  struct Lines {
    let name: String
    let reader: PageReader
    let decoder: any TranscriptDecoder
  }

  /// A model and what turns its log-probabilities into text.
  private struct Entry {
    let recognizer: Recognizer
    let decoder: any TranscriptDecoder
  }

  private let chosen: String?
  private let second: String?
  private let precision: Precision
  private let decoding: DecoderOptions
  private var entries: [String: Entry] = [:]
  private var readers: [String: PageReader] = [:]

  init(
    model: String?, second: String?, precision: Precision, decoding: DecoderOptions
  ) throws {
    (chosen, self.second, self.precision) = (model, second, precision)
    self.decoding = decoding
    if let model, try entry(model).recognizer.extractor.sense == .sound {
      throw UsageError(
        "model '\(model)' reads recordings, not handwriting; use scribe transcribe, "
          + "or choose another with --model")
    }
  }

  private func entry(_ name: String) throws -> Entry {
    if let known = entries[name] { return known }
    let path = try ModelCatalog().path(of: name)
    var read = try Recognizer(reading: path)
    read.model.setPrecision(precision)
    let decoder = try decoding.decoder(for: &read, path: path)
    let entry = Entry(recognizer: read, decoder: decoder)
    entries[name] = entry
    return entry
  }

  private func reader(_ name: String) throws -> Lines {
    let entry = try entry(name)
    if let known = readers[name] {
      return Lines(name: name, reader: known, decoder: entry.decoder)
    }
    let recognizer = entry.recognizer
    guard recognizer.extractor.sense == .line else {
      throw UsageError(
        "model '\(name)' reads \(recognizer.extractor.sense.words), not pictures; "
          + "choose another with --model")
    }
    let reader = PageReader(recognizer, segmenter: try PageSegmenter())
    readers[name] = reader
    return Lines(name: name, reader: reader, decoder: entry.decoder)
  }

  /// What reads pictures.
  func lines() throws -> Lines { try reader(chosen ?? HandwritingReader.lineModel) }

  /// Reads the recordings of a file.
  ///
  /// A model of strokes reads them as they are; a model of lines reads them drawn. With a second
  /// model both votes are compared and the surer one is taken.
  func strokes(
    _ recordings: [PenRecording], name: String, note: (String) -> Void
  ) throws -> HandwritingRecord {
    let first = chosen ?? HandwritingReader.strokeModel
    let entry = try entry(first)
    if entry.recognizer.extractor.sense == .line {
      let page = try drawn(recordings, name: name, model: first)
      return HandwritingRecord(page: page, model: first)
    }
    let page = StrokeReader(entry.recognizer, decoder: entry.decoder).read(recordings, name: name)
    guard let second else { return HandwritingRecord(page: page, model: first) }
    let other = try drawn(recordings, name: name, model: second)
    return HandwritingRecord(
      votes: [(model: first, page: page), (model: second, page: other)], note: note)
  }

  private func drawn(
    _ recordings: [PenRecording], name: String, model: String
  ) throws -> RecognizedPage {
    let lines = try reader(model)
    let renderer = try StrokeRenderer(StrokeRenderingConfiguration())
    let pages = recordings.map { lines.reader.prepare(renderer($0), name: name, mode: .line) }
    let read = lines.reader.read(pages, decoder: lines.decoder)
    return RecognizedPage(
      image: name, width: read.map(\.width).max() ?? 1, height: read.map(\.height).max() ?? 1,
      lines: read.flatMap(\.lines))
  }
}
