import Files
import Ink
import Pictures
import Recognition
import Synchronization
import Tensors

/// Takes pictures and pen strokes through recognisers, a group of files at a time.
final class HandwritingReader {
  /// What reads pictures unless another model is named.
  static let lineModel = "handwriting"
  /// What reads pen strokes unless another model is named.
  static let strokeModel = "pen-digits"
  /// Files whose lines go through the network together; memory does not grow with their number.
  private static let filesAtOnce = 32

  private let models: HandwritingModels
  private let mode: PageMode
  private let linesPictures: String?
  private let isVerbose: Bool
  private var failure = FirstFailure()
  private var lineCount = 0
  private var fileCount = 0

  init(
    _ models: HandwritingModels, mode: PageMode, linesPictures: String?, verbose: Bool
  ) throws {
    self.models = models
    (self.mode, self.linesPictures, isVerbose) = (mode, linesPictures, verbose)
    if let linesPictures { try OutputFolder.make(linesPictures) }
  }

  /// Reads all files, even if some fail.
  ///
  /// - Throws: The exit code of the first failure, or `OutputError` at once if standard output
  ///   cannot be written.
  func run(_ inputs: InputList, writer: PageWriter) throws {
    let start = ContinuousClock.now
    for problem in inputs.problems { failure.record(problem) }
    for first in stride(from: 0, to: inputs.files.count, by: Self.filesAtOnce) {
      let group = inputs.files[first..<min(first + Self.filesAtOnce, inputs.files.count)]
      for (file, result) in zip(group, read(Array(group))) {
        do {
          try writer.write(try result.get(), of: file)
          fileCount += 1
        } catch let error as OutputError {
          throw error
        } catch {
          failure.record(error)
        }
      }
      Console.status("\(fileCount) of \(inputs.files.count) files")
    }
    Console.clearStatus()
    if isVerbose { tell(ContinuousClock.now - start) }
    try failure.check()
  }

  private func tell(_ time: Duration) {
    let seconds = time / .seconds(1)
    let speed = seconds > 0 ? ", \((Double(lineCount) / seconds).fixed(1)) lines a second" : ""
    Console.note(
      "\(Self.count(lineCount, "line")) of \(Self.count(fileCount, "file")) in \(time.text)\(speed), "
        + "\(WorkerPool.threadCount) threads")
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// The readings of a group of files, in their order.
  private func read(_ files: [String]) -> [Result<HandwritingRecord, any Error>] {
    var results = [Result<HandwritingRecord, any Error>?](repeating: nil, count: files.count)
    let pictures = files.indices.filter { HandwritingFile(files[$0]) == .picture }
    for (index, result) in zip(pictures, readPictures(pictures.map { files[$0] })) {
      results[index] = result
    }
    for index in files.indices where results[index] == nil {
      results[index] = Result { try readStrokes(files[index]) }
    }
    return results.compactMap(\.self)
  }

  private func readPictures(_ files: [String]) -> [Result<HandwritingRecord, any Error>] {
    guard !files.isEmpty else { return [] }
    let model: HandwritingModels.Lines
    do { model = try models.lines() } catch { return files.map { _ in .failure(error) } }
    let slots = Mutex([Result<PreparedPage, any Error>?](repeating: nil, count: files.count))
    let (mode, folder) = (mode, linesPictures)
    WorkerPool.perform(files.count) { index in
      let result = Result {
        try Self.prepare(files[index], reader: model.reader, mode: mode, linesPictures: folder)
      }
      slots.withLock { $0[index] = result }
    }
    let prepared = slots.withLock { $0 }.compactMap(\.self)
    var pages: [PreparedPage] = []
    for case .success(let page) in prepared { pages.append(page) }
    var read = model.reader.read(pages, decoder: model.decoder)[...]
    return zip(files, prepared).map { file, result in
      result.map { page in
        tell(file, page)
        return HandwritingRecord(page: read.removeFirst(), model: model.name)
      }
    }
  }

  private static func prepare(
    _ file: String, reader: PageReader, mode: PageMode, linesPictures: String?
  ) throws -> PreparedPage {
    let image = file == "-" ? try StandardInput.image() : try ImageFile.read(file)
    let page = reader.prepare(image, name: file, mode: mode)
    if let linesPictures {
      let name = file == "-" ? "stdin" : file.split(separator: "/").last.map(String.init) ?? file
      try LayoutPicture(image, page).write(to: "\(linesPictures)/\(name).lines.png")
    }
    return page
  }

  private func tell(_ file: String, _ page: PreparedPage) {
    lineCount += page.lines.count
    guard isVerbose else { return }
    let found =
      page.isPage
      ? "a page, split into \(Self.count(page.lines.count, "line"))" : "one line, taken as it is"
    Console.note("\(file): \(page.width) × \(page.height) pixels, \(found)")
  }

  private func readStrokes(_ file: String) throws -> HandwritingRecord {
    let samples = try StrokeFile.read(file)
    lineCount += samples.count
    return try models.strokes(samples.map(\.recording), name: file) { note in
      if isVerbose { Console.note("\(file): \(note)") }
    }
  }
}

extension LayoutPicture {
  /// A picture with the lines that were found in it.
  init(_ image: GrayImage, _ page: PreparedPage) {
    self.init(
      page: GrayRaster(image),
      lines: page.lines.map { line in
        let outline = line.polygon ?? line.box.corners
        return Line(
          outline: outline.map { ($0.x, $0.y) },
          label: (Double(line.box.x) - 4, Double(line.box.y) + Double(line.box.height) / 2))
      })
  }
}
