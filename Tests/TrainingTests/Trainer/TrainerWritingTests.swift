import Configuration
import Decoding
import Foundation
import Ink
import Recognition
import Tensors
import Testing
import Training

/// Trainings on pictures of lines and on pen strokes.
@Suite(.serialized) struct TrainerWritingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  struct Writing: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    /// The letters from the left.
    var paper: String
    var form = TextForm.composed
    var direction = TextDirection.leftToRight

    static let all = [
      Writing(testDescription: "letters", text: "abba dace ébbe", paper: "abba dace ébbe"),
      Writing(
        testDescription: "letters and accents apart", text: "abba dace ébbe",
        paper: "abba dace ébbe", form: .decomposed),
      Writing(
        testDescription: "from right to left", text: "אבב גאג בא", paper: "אב גאג בבא",
        direction: .rightToLeft),
    ]
  }

  /// The line thirty times, so that an epoch is thirty steps, cut from a page by its box.
  private func manifest(_ text: String, _ image: GrayImage) throws -> String {
    var page = GrayImage(width: image.width + 20, height: image.height + 30)
    for y in 0..<image.height {
      for x in 0..<image.width { page[x + 7, y + 9] = image[x, y] }
    }
    try folder.write("page.png", bytes: try ImageFile.encode(page, file: "page.png"))
    let row = """
      {"image_filepath": "page.png", "text": "\(text)", \
      "box": [7, 9, \(image.width), \(image.height)]}

      """
    return try folder.write("thirty.jsonl", String(repeating: row, count: 30))
  }

  private func best(_ recipe: RecognitionRecipe) throws -> Recognizer {
    var recipe = recipe
    (recipe.rules.batching.size, recipe.rules.epochs, recipe.rules.checkpointSteps) = (1, 12, 1000)
    let outcome = try Tones.trainer(recipe, to: folder.path + "/out").run()
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      throw TrainerError.nothingLearned(path: folder.path)
    }
    #expect(best.cer == 0 && best.wer == 0, "\(best)")
    return try Recognizer(reading: folder.path + "/out/best.safetensors")
  }

  @Test(arguments: Writing.all)
  func oneLineIsLearnedToTheLetter(writing: Writing) throws {
    let image = Bars.image(writing.paper)
    let held = try folder.write("held/0.gt.txt", writing.text)
    try folder.write("held/0.png", bytes: try ImageFile.encode(image, file: held))
    var recipe = Bars.recipe(
      train: try manifest(writing.text, image), validation: folder.path + "/held")
    (recipe.text.form, recipe.text.direction) = (writing.form, writing.direction)
    let recognizer = try best(recipe)
    #expect(recognizer.alphabet.unit == recipe.text.unit)
    let line = try #require(recognizer.extractor.line).normalized(image)
    let transcript = recognizer.transcript(of: .line(line), decoder: recognizer.greedyDecoder)
    #expect(transcript.text == writing.text)
    let starts = transcript.characters.map(\.start)
    let isForward = writing.direction == .leftToRight
    #expect(starts == starts.sorted(by: isForward ? { $0 <= $1 } : { $0 >= $1 }), "\(starts)")
    #expect(starts.count == writing.text.count)
  }

  @Test func strokesAreLearnedToTheLetter() throws {
    let text = "abbadacebbe"
    let rows = Bars.strokeRows([text])
    let recipe = Bars.strokeRecipe(
      train: try folder.write("train.jsonl", String(repeating: rows, count: 30)),
      validation: try folder.write("held.jsonl", rows))
    let recognizer = try best(recipe)
    let path = try folder.write("file.json", rows)
    let recording = try #require(try StrokeFile.read(path).first?.recording)
    let transcript = recognizer.transcript(
      of: .strokes(recording), decoder: recognizer.greedyDecoder)
    #expect(transcript.text == text)
  }

  enum Kind: CaseIterable { case lines, strokes }

  private func recipe(_ kind: Kind) throws -> RecognitionRecipe {
    let texts = Tones.texts(8, letters: "abcde")
    switch kind {
    case .lines:
      let data = try Bars.write(texts, to: "data", in: folder)
      return try Bars.eventful(Bars.recipe(train: data, validation: data))
    case .strokes:
      let data = try folder.write("strokes.jsonl", Bars.strokeRows(texts))
      return try Bars.eventful(Bars.strokeRecipe(train: data, validation: data))
    }
  }

  private func files(_ name: String) throws -> [Data] {
    try ["last", "best"].map { try Tones.bytes(folder.path + "/\(name)/\($0).safetensors") }
  }

  @Test(arguments: Kind.allCases)
  func oneThreadAndTwoGiveTheSameBytes(kind: Kind) throws {
    let recipe = try recipe(kind)
    let before = WorkerPool.threadCount
    defer { WorkerPool.threadCount = before }
    for threads in [1, 2] {
      WorkerPool.threadCount = threads
      _ = try Tones.trainer(recipe, to: folder.path + "/\(threads)").run()
    }
    #expect(try files("1") == files("2"))
    var other = recipe
    other.rules.seed = 2
    _ = try Tones.trainer(other, to: folder.path + "/other").run()
    #expect(try files("other") != files("1"))
  }

  @Test(arguments: Kind.allCases)
  func aTrainingStoppedAfterEveryStepEndsWithTheSameBits(kind: Kind) throws {
    let recipe = try recipe(kind)
    let expected = try Tones.trainer(recipe, to: folder.path + "/whole").run()
    let raised = StopFlag()
    raised.raise()
    var outcome = try Tones.trainer(recipe, to: folder.path + "/pieces", stop: raised).run()
    var stops = 0
    while case .interrupted = outcome, stops < 100 {
      stops += 1
      outcome = try Tones.trainer(
        recipe, to: folder.path + "/pieces", resume: true, stop: raised
      ).run()
    }
    #expect(stops == 9 && outcome == expected, "three epochs of three steps")
    #expect(try files("pieces") == files("whole"))
  }
}
