import Decoding
import Ink

/// Reads pictures of pages and of lines with a recogniser of lines.
public struct PageReader: Sendable {
  /// What reads the lines.
  public let recognizer: Recognizer
  /// What splits pages into lines.
  public let segmenter: PageSegmenter
  private let normalizer: LineNormalizer

  /// At most so many lines go through the network together,
  public static let linesAtOnce = 16
  /// and at most so many columns, padding included, so that memory does not grow with their width; a
  /// wider line goes alone.
  public static let columnsAtOnce = 8192

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

  /// Reads the lines of several pictures, those of similar width together.
  ///
  /// What is read of a picture does not depend on the number of threads.
  public func read(
    _ pages: [PreparedPage], decoder: some TranscriptDecoder
  ) -> [RecognizedPage] {
    let lines = pages.flatMap(\.lines)
    var read = [RecognizedLine?](repeating: nil, count: lines.count)
    for group in Self.groups(lines.map(\.normalized.width)) {
      let rows = recognizer.logProbabilities(of: group.map { .line(lines[$0].normalized) })
      for (index, readings) in zip(group, decoder.decode(batch: rows)) {
        let transcript = recognizer.transcript(of: readings)
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

  /// Lines that go together, the narrowest first.
  private static func groups(_ widths: [Int]) -> [[Int]] {
    let order = widths.indices.sorted { (widths[$0], $0) < (widths[$1], $1) }
    var groups: [[Int]] = []
    for index in order {
      let count = groups.last?.count ?? 0
      // The last of a group is its widest.
      if count > 0, count < linesAtOnce, (count + 1) * widths[index] <= columnsAtOnce {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups
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
  /// CTC marks a letter by a spike of a frame or two somewhere inside it (Graves et al. 2006), so a
  /// letter is taken to reach halfway to its neighbours' spikes.
  ///
  /// - Parameter place: The box around what some frames show.
  init(
    _ transcript: Transcript, box: PageBox, polygon: [PagePoint]?,
    place: (ClosedRange<Double>) -> PageBox
  ) {
    let reaches = Self.reaches(transcript.characters)
    let delimiter = String(Alphabet.wordDelimiter)
    let groups = transcript.characters.indices.split { transcript.characters[$0].text == delimiter }
    let words = zip(transcript.words, groups).map { word, characters in
      let (first, last) = (reaches[characters.startIndex], reaches[characters.endIndex - 1])
      return RecognizedWord(
        text: word.text, confidence: Double(word.confidence),
        box: place(first.lowerBound...last.upperBound),
        characters: characters.map {
          let character = transcript.characters[$0]
          return RecognizedCharacter(
            text: character.text, confidence: Double(character.confidence),
            box: place(reaches[$0]))
        })
    }
    self.init(
      text: transcript.text, confidence: Double(transcript.confidence), box: box,
      polygon: polygon, words: words)
  }

  /// From each character halfway to its neighbours; the first and the last reach as far outwards as
  /// inwards.
  private static func reaches(_ characters: [Transcript.Word]) -> [ClosedRange<Double>] {
    let edges = zip(characters, characters.dropFirst()).map { ($0.end + $1.start) / 2 }
    return characters.indices.map { index in
      let piece = characters[index]
      let (before, after) = (
        index > 0 ? edges[index - 1] : nil, index < edges.count ? edges[index] : nil
      )
      let left = before ?? max(0, piece.start - ((after ?? piece.end) - piece.end))
      let right = after ?? piece.end + (piece.start - left)
      return left...max(left, right)
    }
  }
}
