import Decoding
import Foundation
import Ink
import Recognition
import Tensors
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Pictures, strokes and models of handwriting for the tests, made once.
struct HandwritingMaterials: Sendable {
  let folder: TemporaryFolder
  /// A small network over lines with random weights.
  let model: String
  /// A small network over pen strokes with random weights.
  let strokeModel: String
  /// Five pictures of lines.
  let lines: [String]
  /// Strokes as JSON.
  let strokes: String

  static let shared: Result<HandwritingMaterials, any Error> = Result { try .init() }

  private init() throws {
    folder = try TemporaryFolder()
    model = folder.file("lines.safetensors")
    strokeModel = folder.file("strokes.safetensors")
    try Self.recognizer(.line(LineFeatureConfiguration())).modelFile().write(to: model)
    try Self.recognizer(.strokes(StrokeFeatureConfiguration())).modelFile().write(to: strokeModel)
    var paths: [String] = []
    for index in 0..<5 {
      let path = folder.file("line-\(index).png")
      try ImageFile.write(Self.writing(seed: UInt64(index)), to: path)
      paths.append(path)
    }
    lines = paths
    strokes = try folder.write(
      "pen.json", #"{"strokes":[[[0,0],[10,20],[20,0]],[[30,0],[40,30]]]}"#.utf8)
  }

  private static func recognizer(_ features: InputConfiguration) throws -> Recognizer {
    var network = ConvolutionalRecurrentConfiguration()
    network.convolutions = [ImageStageConfiguration(channels: 4, pool: .init(4))]
    (network.layerCount, network.hiddenSize, network.dropout) = (1, 16, 0)
    if features.sense == .strokes { network.convolutions = [] }
    var configuration = RecognizerConfiguration()
    configuration.features = features
    configuration.model = .convolutionalRecurrent(network)
    let alphabet = try Alphabet([" ", "a", "e", "n", "o", "t", "w"])
    let extractor = try InputExtractor(features)
    var random = RandomSource(seed: 4)
    return Recognizer(
      configuration: configuration, alphabet: alphabet, extractor: extractor,
      model: configuration.model.makeModel(
        inputSize: extractor.featureSize, labelCount: alphabet.labelCount, random: &random))
  }

  /// Scribbles: enough ink that a network with random weights reads something.
  static func writing(seed: UInt64, width: Int = 400) -> GrayImage {
    var image = GrayImage(width: width, height: 64)
    var random = RandomSource(seed: seed)
    var (x, y) = (4, 30)
    while x < width - 6 {
      for row in max(0, y - 1)...min(63, y + 1) {
        for column in x...x + 2 { image[column, row] = 20 }
      }
      x += random.integer(in: 0...2)
      y = min(58, max(6, y + random.integer(in: -6...6)))
    }
    return image
  }
}

@Suite struct RecognizeTests {
  let materials: HandwritingMaterials
  let folder: TemporaryFolder

  init() throws {
    materials = try HandwritingMaterials.shared.get()
    folder = try TemporaryFolder()
  }

  /// Scribbles are no letters, and may well look like several lines.
  private func recognize(_ arguments: [String]) throws -> ScribeProgram.Run {
    try ScribeProgram.run(
      ["recognize", "-m", materials.model, "--page", "line"] + arguments)
  }

  @Test func linesAreReadInTheOrderGiven() throws {
    let run = try recognize(materials.lines)
    #expect(run.code == 0, "\(run.errors)")
    let together = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let alone = try materials.lines.map {
      String(try recognize([$0]).output.dropLast())
    }
    #expect(together.map(String.init) == alone)
    #expect(alone.contains { !$0.isEmpty }, "the scribbles say something")
  }

  @Test func aFolderAndAPatternStandForTheirFiles() throws {
    let run = try recognize(materials.lines)
    let box = folder.file("scans")
    try FileManager.default.createDirectory(atPath: box, withIntermediateDirectories: true)
    for path in materials.lines {
      let name = try #require(path.split(separator: "/").last)
      try FileManager.default.copyItem(atPath: path, toPath: "\(box)/\(name)")
    }
    _ = try folder.write("scans/notes.txt", "not a picture".utf8)
    #expect(try recognize([box]).output == run.output)
    #expect(try recognize(["\(box)/line-*.png"]).output == run.output)
    let empty = try recognize([folder.file("scans/*.tiff")])
    #expect(empty.code == 66)
    #expect(empty.errors.contains("no file matches"))
  }

  @Test func aPictureComesThroughAPipe() throws {
    let bytes = try Data(contentsOf: URL(filePath: materials.lines[0]))
    let arguments = ["recognize", "-m", materials.model, "--page", "line"]
    let piped = try ScribeProgram.run(arguments + ["-"], input: bytes)
    #expect(piped.code == 0, "\(piped.errors)")
    #expect(piped.output == (try recognize([materials.lines[0]]).output))
    let cut = try ScribeProgram.run(arguments + ["-"], input: bytes.prefix(500))
    #expect(cut.code == 65 && cut.errors.contains("standard input"))
    #expect(try ScribeProgram.run(arguments + ["-", "-"]).code == 64)
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let runs = try ["1", "2", "3"].map {
      try ScribeProgram.run(
        ["recognize", "-m", materials.model, "--format", "json", "--threads", $0]
          + materials.lines)
    }
    #expect(runs.allSatisfy { $0.code == 0 })
    #expect(Set(runs.map(\.output)).count == 1)
  }

  @Test func jsonHasPlacesAndConfidences() throws {
    let run = try recognize(["--format", "json", materials.lines[0]])
    let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let page = try #require(value as? [String: Any])
    #expect(page["width"] as? Int == 400 && page["height"] as? Int == 64)
    let lines = try #require(page["lines"] as? [[String: Any]])
    #expect(lines.count == 1)
    let words = try #require(lines[0]["words"] as? [[String: Any]])
    for word in words {
      let box = try #require(word["box"] as? [String: Int])
      let (x, width) = (try #require(box["x"]), try #require(box["width"]))
      #expect(x >= 0 && width > 0 && x + width <= 400)
      let confidence = try #require(word["confidence"] as? Double)
      #expect((0...1).contains(confidence))
    }
  }

  @Test(arguments: [("hocr", "hocr"), ("alto", "alto.xml"), ("page", "page.xml")])
  func documentsAreWrittenIntoAFolder(format: String, name: String) throws {
    let run = try ScribeProgram.run(
      ["recognize", "-m", materials.model, "--format", format, "-o", folder.file("out")]
        + materials.lines)
    #expect(run.code == 0, "\(run.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
    #expect(names == (0..<5).map { "line-\($0).\(name)" })
    for file in names {
      let data = try Data(contentsOf: URL(filePath: folder.file("out/\(file)")))
      #expect(XMLParser(data: data).parse(), "\(file) is well-formed")
    }
    let several = try ScribeProgram.run(
      ["recognize", "-m", materials.model, "--format", format] + materials.lines)
    #expect(several.code == 64)
    #expect(several.errors.contains("-o"))
  }

  @Test func theLinesOfAPageAreShown() throws {
    let run = try ScribeProgram.run([
      "recognize", "-m", materials.model, "--page", "page", "--lines-pictures",
      folder.file("found"), "-v", materials.lines[0],
    ])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors.contains("a page, split into"))
    #expect(
      try ImageFile.read(folder.file("found/line-0.png.lines.png")).width == 400)
  }

  @Test func strokesAreReadAsTheyAreOrDrawn() throws {
    let strokes = try ScribeProgram.run(
      ["recognize", "-m", materials.strokeModel, materials.strokes])
    #expect(strokes.code == 0, "\(strokes.errors)")
    let drawn = try recognize([materials.strokes])
    #expect(drawn.code == 0, "\(drawn.errors)")
    let both = try ScribeProgram.run([
      "recognize", "-m", materials.strokeModel, "--second", materials.model, "--format", "json",
      materials.strokes,
    ])
    #expect(both.code == 0, "\(both.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(both.output.utf8))
    let votes = try #require((value as? [String: Any])?["votes"] as? [[String: Any]])
    #expect(votes.count == 2)
    #expect(
      votes.map { $0["text"] as? String ?? "-" }
        == [strokes.output, drawn.output].map { String($0.dropLast()) })
  }

  @Test func aModelOfAnotherSenseIsRefused() throws {
    let sound = try Materials.shared.get().model
    let heard = try ScribeProgram.run(["recognize", "-m", sound, materials.lines[0]])
    #expect(heard.code == 64)
    #expect(heard.errors.contains("scribe transcribe"))
    let listened = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, Materials.shared.get().recording])
    #expect(listened.code == 64)
    #expect(listened.errors.contains("scribe recognize"))
    let pen = try ScribeProgram.run(
      ["recognize", "-m", materials.strokeModel, materials.lines[0]])
    #expect(pen.code == 64, "\(pen.errors)")
  }

  @Test func linesAndStrokesAreInspected() throws {
    for (model, file) in [
      (materials.model, materials.lines[0]), (materials.strokeModel, materials.strokes),
      (materials.model, materials.strokes),
    ] {
      let picture = folder.file("picture.png")
      let run = try ScribeProgram.run(
        ["inspect", file, "-m", model, "--features", "-o", picture])
      #expect(run.code == 0, "\(run.errors)")
      #expect(try ImageFile.read(picture).height > 100)
    }
  }

  @Test func aManifestOfLinesIsEvaluated() throws {
    let rows = materials.lines.map { #"{"image_filepath": "\#($0)", "text": "an oat"}"# }
    let manifest = try folder.write("lines.jsonl", rows.joined(separator: "\n").utf8)
    let run = try ScribeProgram.run(["evaluate", "-m", materials.model, "--json", manifest])
    #expect(run.code == 0, "\(run.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let report = try #require(value as? [String: Any])
    #expect((report["samplesPerSecond"] as? Double ?? 0) > 0)
    let rate = try #require(report["characterErrorRate"] as? [String: Any])
    #expect(rate["referenceCount"] as? Int == 30)
    let sound = try ScribeProgram.run(
      ["evaluate", "-m", Materials.shared.get().model, manifest])
    #expect(sound.code == 65)
    #expect(sound.errors.contains("a picture"))
  }
}

/// Pictures and strokes that cannot be read: each has its exit code and a message that names it.
@Suite struct HostileHandwritingTests {
  let materials: HandwritingMaterials
  let folder: TemporaryFolder

  init() throws {
    materials = try HandwritingMaterials.shared.get()
    folder = try TemporaryFolder()
  }

  private func expect(
    _ code: Int32, _ words: String..., from path: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let good = materials.lines[0]
    let run = try ScribeProgram.run(["recognize", "-m", materials.model, path, good])
    #expect(run.code == code, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.count(where: \.isNewline) == 1, sourceLocation: sourceLocation)
    for word in [path] + words {
      #expect(run.errors.contains(word), "'\(word)': \(run.errors)", sourceLocation: sourceLocation)
    }
    let alone = try ScribeProgram.run(["recognize", "-m", materials.model, good])
    #expect(run.output == alone.output, "the others are still read", sourceLocation: sourceLocation)
  }

  @Test func aMissingPicture() throws {
    try expect(66, "no such file", from: folder.file("no.png"))
  }

  @Test func textNamedPNG() throws {
    try expect(65, from: try folder.write("text.png", "These are words, no picture.\n".utf8))
  }

  @Test func anEmptyPicture() throws {
    try expect(65, "empty", from: try folder.write("empty.png", []))
  }

  @Test func aPictureCutShort() throws {
    let bytes = try Data(contentsOf: URL(filePath: materials.lines[1]))
    for length in [8, 33, bytes.count / 2, bytes.count - 1] {
      try expect(65, from: try folder.write("cut.png", bytes.prefix(length)))
    }
  }

  @Test func strokesWithoutPoints() throws {
    try expect(65, from: try folder.write("none.json", #"{"strokes":[[]]}"#.utf8))
    try expect(65, from: try folder.write("nan.json", #"{"strokes":[[[0,NaN]]]}"#.utf8))
    try expect(65, from: try folder.write("huge.json", #"{"strokes":[[[0,1e999]]]}"#.utf8))
  }

  @Test func entitiesAreNotExpanded() throws {
    let bomb = """
      <?xml version="1.0"?><!DOCTYPE ink [<!ENTITY a "0 0, 1 1"><!ENTITY b "&a;&a;&a;&a;">]>
      <ink xmlns="http://www.w3.org/2003/InkML"><trace>&b;</trace></ink>
      """
    try expect(65, "entit", from: try folder.write("bomb.inkml", bomb.utf8))
  }

  @Test(arguments: [(1, 1), (100_000, 1), (1, 3000), (2, 64)])
  func oddSizesAreRead(width: Int, height: Int) throws {
    for shade: UInt8 in [0, 255] {
      let path = folder.file("odd.png")
      try ImageFile.write(
        GrayImage(width: width, height: height, filledWith: shade), to: path)
      let run = try ScribeProgram.run(["recognize", "-m", materials.model, path])
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.errors == "", "nothing is wrong with it")
    }
  }
}
