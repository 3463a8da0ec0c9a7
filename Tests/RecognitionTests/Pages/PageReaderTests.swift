import Autograd
import Decoding
import Ink
import Layers
import Recognition
import Tensors
import Testing

/// A network without weights that reads the row with ink: label *k* for row *k*, the blank where a
/// column is paper. Its transcripts and their places are known beforehand.
struct RowReader: SequenceModel {
  let inputSize: Int
  var labelCount: Int { inputSize + 1 }
  var frameStride: Int { 1 }
  func outputLength(_ frames: Int) -> Int { frames }

  var stateSize: Int { labelCount }
  func logits(of states: Variable, on tape: Tape?) -> Variable { states }

  func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int]) {
    let (rows, values) = (features.shape.rowCount, features.tensor.scalars)
    var logits: [Float] = []
    for row in 0..<rows {
      logits.append(0.3)
      logits += values[row * inputSize..<(row + 1) * inputSize]
    }
    let shape: Shape = [features.shape[0], features.shape[1], labelCount]
    return (Variable(Tensor(logits, shape: shape)), frameLengths)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {}
}

@Suite struct PageReaderTests {
  static let letters = Array("abcdefgh jklmnop")

  static func reader() throws -> PageReader {
    var features = LineFeatureConfiguration()
    features.normalization.height = letters.count
    var configuration = RecognizerConfiguration()
    configuration.features = .line(features)
    return PageReader(
      Recognizer(
        configuration: configuration, alphabet: try Alphabet(letters),
        extractor: .line(LineFeatureExtractor(features)),
        model: RowReader(inputSize: letters.count)),
      segmenter: try PageSegmenter())
  }

  /// Writes each letter as a bar of `scale` × `scale` blocks, two wide, with two of paper between.
  static func line(_ text: String, scale: Int = 1, ink: UInt8 = 0, paper: UInt8 = 255) -> GrayImage
  {
    var image = GrayImage(
      width: (text.count * 4 + 4) * scale, height: letters.count * scale, filledWith: paper)
    for (index, letter) in text.enumerated() {
      let row = letters.firstIndex(of: letter) ?? 0
      for y in row * scale..<(row + 1) * scale {
        for x in (index * 4 + 2) * scale..<(index * 4 + 4) * scale { image[x, y] = ink }
      }
    }
    return image
  }

  @Test func aLineIsReadWithTheBoxesOfItsLetters() throws {
    let page = try Self.reader().read(Self.line("cab de"), name: "line.png", mode: .line)
    #expect(page.text == "cab de")
    #expect(page.image == "line.png")
    #expect(page.lines[0].box == PageBox(x: 0, y: 0, width: 28, height: 16))
    #expect(page.lines[0].polygon == nil)
    let words = page.lines[0].words
    #expect(words.map(\.text) == ["cab", "de"])
    #expect(words[0].characters.map(\.text) == ["c", "a", "b"])
    // The bars are at 2...4, 6...8 and 10...12, in the rows of their letters; each reaches halfway to
    // the next.
    #expect(
      words[0].characters.map(\.box) == [
        PageBox(x: 1, y: 2, width: 4, height: 1), PageBox(x: 5, y: 0, width: 4, height: 1),
        PageBox(x: 9, y: 1, width: 4, height: 1),
      ])
    #expect(words[0].box == PageBox(x: 1, y: 0, width: 12, height: 3))
    #expect(words.allSatisfy { (0...1).contains($0.confidence) && $0.confidence > 0 })
  }

  @Test func boxesAreInThePixelsOfTheFile() throws {
    let small = try Self.reader().read(Self.line("bad"), name: "", mode: .line)
    let large = try Self.reader().read(Self.line("bad", scale: 3), name: "", mode: .line)
    #expect(large.text == "bad")
    for (one, three) in zip(small.lines[0].words[0].characters, large.lines[0].words[0].characters)
    {
      #expect(three.box.x == 3 * one.box.x)
      #expect(three.box.width == 3 * one.box.width)
      #expect(three.box.y == 3 * one.box.y)
      #expect(three.box.height == 3 * one.box.height)
    }
  }

  @Test func chalkOnABoardIsReadAsInk() throws {
    let line = Self.line("head bad", ink: 250, paper: 20)
    #expect(try Self.reader().read(line, name: "", mode: .line).text == "head bad")
  }

  @Test func whatIsReadTogetherIsReadAsAlone() throws {
    let reader = try Self.reader()
    let texts = (0..<40).map { index in
      String((0...index % 7).map { Self.letters[($0 * 5 + index) % 8] })
    }
    let pages = texts.map { reader.prepare(Self.line($0), name: $0, mode: .line) }
    let together = reader.read(pages, decoder: reader.recognizer.greedyDecoder)
    #expect(together.map(\.text) == texts)
    for (page, read) in zip(pages, together) {
      #expect(reader.read([page], decoder: reader.recognizer.greedyDecoder)[0] == read)
    }
  }

  @Test(arguments: [0, 1, 3, 100_000])
  func anyWidthIsRead(width: Int) throws {
    let image = GrayImage(width: width, height: width == 0 ? 0 : 3)
    let page = try Self.reader().prepare(image, name: "odd", mode: .line)
    #expect(page.lines.count == 1)
    let read = try Self.reader().read(
      image.width == 0 ? GrayImage(width: 1, height: 1) : image, name: "odd")
    #expect(read.text == "")
  }

  @Test(arguments: [UInt8(0), 128, 255])
  func aBlankPageHasNoLines(shade: UInt8) throws {
    let image = GrayImage(width: 300, height: 200, filledWith: shade)
    let page = try Self.reader().read(image, name: "blank", mode: .page)
    #expect(page.lines.isEmpty)
    #expect(page.text == "")
  }
}

@Suite struct StrokeReaderTests {
  /// Which way the pen goes is what is read: `r` to the right, `d` down, and the blank in the air.
  private struct DirectionReader: SequenceModel {
    let inputSize = 25
    let labelCount = 3
    let frameStride = 1
    func outputLength(_ frames: Int) -> Int { frames }

    var stateSize: Int { labelCount }
    func logits(of states: Variable, on tape: Tape?) -> Variable { states }

    func states(
      _ features: Variable, frameLengths: [Int], on tape: Tape?
    ) -> (states: Variable, frameLengths: [Int]) {
      let (rows, values) = (features.shape.rowCount, features.tensor.scalars)
      var logits: [Float] = []
      for row in 0..<rows {
        let frame = Array(values[row * inputSize..<(row + 1) * inputSize])
        let down = frame[StrokeFeature.penDown.rawValue]
        logits += [
          // At the end of a stroke the pen heads for the next one, by 0.8 or so of either way.
          1 - 0.1 * down, down * frame[StrokeFeature.directionCosine.rawValue],
          -down * frame[StrokeFeature.directionSine.rawValue],
        ]
      }
      let shape: Shape = [features.shape[0], features.shape[1], labelCount]
      return (Variable(Tensor(logits, shape: shape)), frameLengths)
    }

    mutating func visit(_ visitor: inout ParameterVisitor) {}
  }

  @Test func strokesAreReadWithTheirPlaces() throws {
    var features = StrokeFeatureConfiguration()
    (features.slant, features.slope) = (false, false)
    var configuration = RecognizerConfiguration()
    configuration.features = .strokes(features)
    let reader = StrokeReader(
      Recognizer(
        configuration: configuration, alphabet: try Alphabet("rd"),
        extractor: .strokes(try StrokeFeatureExtractor(features)), model: DirectionReader()))
    func stroke(_ from: (Float, Float), _ to: (Float, Float)) -> Stroke {
      Stroke(
        points: (0...20).map {
          let share = Float($0) / 20
          return StrokePoint(
            x: from.0 + (to.0 - from.0) * share, y: from.1 + (to.1 - from.1) * share)
        })
    }
    let recording = PenRecording(strokes: [
      stroke((100, 50), (140, 50)), stroke((160, 40), (160, 80)), stroke((200, 50), (240, 50)),
    ])
    let page = reader.read([recording], name: "pen")
    #expect(page.text == "rdr")
    let boxes = page.lines[0].words[0].characters.map(\.box)
    #expect(abs(boxes[1].x + boxes[1].width / 2 - 160) <= 12, "\(boxes)")
    #expect(boxes[0].x <= 101 && boxes[2].right >= 239, "\(boxes)")
    #expect(page.lines[0].box == PageBox(x: 100, y: 40, width: 140, height: 40))
  }

  @Test func aRecordingWithoutStrokesIsAnEmptyLine() throws {
    let features = StrokeFeatureConfiguration()
    var configuration = RecognizerConfiguration()
    configuration.features = .strokes(features)
    let reader = StrokeReader(
      Recognizer(
        configuration: configuration, alphabet: try Alphabet("rd"),
        extractor: .strokes(try StrokeFeatureExtractor(features)), model: DirectionReader()))
    #expect(reader.read([PenRecording()], name: "nothing").text == "")
  }
}
