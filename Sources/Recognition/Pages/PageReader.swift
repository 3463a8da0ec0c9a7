import Decoding
import Ink

/// Reads pictures of pages and of lines with a recogniser of lines.
public struct PageReader: Sendable {
  /// What reads the lines.
  public let recognizer: Recognizer
  /// What splits pages into lines.
  public let segmenter: PageSegmenter
  private let normalizer: LineNormalizer

  /// Lines that go through the network together.
  public static let linesAtOnce = 16

  /// A reader.
  ///
  /// - Precondition: The recogniser reads lines.
  public init(_ recognizer: Recognizer, segmenter: PageSegmenter) {
    guard let extractor = recognizer.extractor.line else {
      preconditionFailure("PageReader: got a recogniser of \(recognizer.extractor.sense)")
    }
    self.recognizer = recognizer
    self.segmenter = segmenter
    normalizer = extractor.normalizer
  }

  /// Finds the lines of a picture and brings them to the form that the network reads.
  ///
  /// - Parameter name: What the picture is called in the result.
  public func prepare(_ image: GrayImage, name: String, mode: PageMode = .auto) -> PreparedPage {
    let isPage =
      switch mode {
      case .auto: segmenter.isPage(image)
      case .line: false
      case .page: true
      }
    let lines =
      isPage
      ? segmenter(image).lines.map { PreparedLine($0, normalizer: normalizer) }
      : [PreparedLine(whole: image, normalizer: normalizer)]
    return PreparedPage(
      name: name, width: image.width, height: image.height, isPage: isPage, lines: lines)
  }

  /// Reads the lines of several pictures, ``linesAtOnce`` of similar width at a time.
  ///
  /// What is read of a picture does not depend on the number of threads.
  public func read(
    _ pages: [PreparedPage], decoder: some TranscriptDecoder
  ) -> [RecognizedPage] {
    let lines = pages.flatMap(\.lines)
    let order = lines.indices.sorted {
      (lines[$0].normalized.width, $0) < (lines[$1].normalized.width, $1)
    }
    var read = [RecognizedLine?](repeating: nil, count: lines.count)
    for start in stride(from: 0, to: order.count, by: Self.linesAtOnce) {
      let group = order[start..<min(start + Self.linesAtOnce, order.count)]
      let rows = recognizer.logProbabilities(of: group.map { .line(lines[$0].normalized) })
      for (index, rows) in zip(group, rows) {
        let transcript = decoder.transcript(
          of: rows, alphabet: recognizer.alphabet, frameDuration: recognizer.frameDuration)
        let line = lines[index]
        read[index] = RecognizedLine(transcript, box: line.box, polygon: line.polygon) {
          line.box(ofColumns: $0)
        }
      }
    }
    var next = 0
    return pages.map { page in
      defer { next += page.lines.count }
      return RecognizedPage(
        image: page.name, width: page.width, height: page.height,
        lines: read[next..<next + page.lines.count].compactMap(\.self))
    }
  }

  /// Reads one picture.
  public func read(
    _ image: GrayImage, name: String, mode: PageMode = .auto
  ) -> RecognizedPage {
    read([prepare(image, name: name, mode: mode)], decoder: recognizer.greedyDecoder)[0]
  }
}

extension RecognizedLine {
  /// A transcript whose times are frames of features.
  ///
  /// - Parameter place: The box around what some frames show.
  init(
    _ transcript: Transcript, box: PageBox, polygon: [PagePoint]?,
    place: (ClosedRange<Double>) -> PageBox
  ) {
    func around(_ piece: Transcript.Word) -> PageBox {
      place(piece.start...max(piece.start, piece.end))
    }
    let delimiter = String(Alphabet.wordDelimiter)
    let groups = transcript.characters.split { $0.text == delimiter }
    let words = zip(transcript.words, groups).map { word, characters in
      RecognizedWord(
        text: word.text, confidence: Double(word.confidence), box: around(word),
        characters: characters.map {
          RecognizedCharacter(
            text: $0.text, confidence: Double($0.confidence), box: around($0))
        })
    }
    self.init(
      text: transcript.text, confidence: Double(transcript.confidence), box: box,
      polygon: polygon, words: words)
  }
}
