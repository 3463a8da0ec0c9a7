import Configuration
import Foundation
import Ink
import Recognition
import Tensors
import Testing
import Training

/// Training with an attentive decoder, alone and beside CTC.
@Suite struct SpellingTaskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func speller(ctcWeight: Float) -> SpellerConfiguration {
    var speller = SpellerConfiguration()
    (speller.embeddingSize, speller.ctcWeight, speller.dropout) = (8, ctcWeight, 0)
    (speller.decoder.hiddenSize, speller.decoder.outputSize) = (24, 24)
    speller.decoder.attention.size = 16
    (speller.decoder.attention.filterCount, speller.decoder.attention.filterWidth) = (4, 5)
    if ctcWeight == 0 { speller.search.decoder = .attention }
    return speller
  }

  @Test func attentionAloneLearnsALineToTheLetter() throws {
    let text = "abcadbec"
    let path = try Bars.write([text], to: "one", in: folder) + "/00.png"
    let row = "{\"image_filepath\": \"one/00.png\", \"text\": \"\(text)\"}\n"
    let manifest = try folder.write("thirty.jsonl", String(repeating: row, count: 30))
    var recipe = Bars.recipe(train: manifest, validation: folder.path + "/one")
    recipe.attention = speller(ctcWeight: 0)
    (recipe.rules.batching.size, recipe.rules.epochs) = (1, 12)
    recipe.rules.checkpointSteps = 1000
    let output = folder.path + "/out"
    guard case .finished(let best) = try Tones.trainer(recipe, to: output).run() else {
      Issue.record("not finished")
      return
    }
    #expect(best.cer == 0, "\(best)")
    let recognizer = try Recognizer(reading: output + "/best.safetensors")
    let line = try #require(recognizer.extractor.line).normalized(try ImageFile.read(path))
    let spelled = try #require(recognizer.spelledText(of: .line(line)))
    #expect(recognizer.alphabet.decode(spelled.labels) == text)
    #expect(spelled.isComplete && spelled.probabilities.allSatisfy { $0 > 0.5 })
  }

  @Test func aJointTrainingStoppedAndResumedEndsWithTheSameBits() throws {
    let train = try Bars.write(["ab", "cd", "ea", "bad", "dec"], to: "data", in: folder)
    let held = try Bars.write(["abc", "ed"], to: "held", in: folder)
    var recipe = try Bars.eventful(Bars.recipe(train: train, validation: held))
    recipe.attention = speller(ctcWeight: 0.4)
    recipe.attention?.dropout = 0.2
    let whole = try Tones.trainer(recipe, to: folder.path + "/whole").run()
    let raised = StopFlag()
    raised.raise()
    var stops = 0
    var outcome = try Tones.trainer(recipe, to: folder.path + "/pieces", stop: raised).run()
    while case .interrupted = outcome, stops < 50 {
      stops += 1
      outcome = try Tones.trainer(
        recipe, to: folder.path + "/pieces", resume: true, stop: raised
      ).run()
    }
    #expect(stops == 6, "three epochs of two steps")
    #expect(outcome == whole)
    for name in ["last", "best"] {
      let files = try ["whole", "pieces"].map {
        try Tones.bytes(folder.path + "/\($0)/\(name).safetensors")
      }
      #expect(files[0] == files[1], "\(name)")
    }
    var changed = recipe
    changed.attention?.ctcWeight = 0.5
    let error = #expect(throws: TrainerError.self) {
      _ = try Tones.trainer(changed, to: folder.path + "/pieces", resume: true)
    }
    #expect(error.map { "\($0)".contains("attention") } ?? false)
  }

  @Test func keysAreStrictAndRoundTrip() throws {
    var recipe = Bars.recipe(train: "none")
    recipe.attention = speller(ctcWeight: 0.25)
    let yaml = try ConfigurationFile.yaml(of: recipe)
    let back: RecognitionRecipe = try ConfigurationFile.decode(
      yaml: yaml, file: "recipe", overrides: [])
    #expect(back == recipe)
    for (override, key) in [
      ("attention.weight=1", "attention.weight"),
      ("attention.ctcWeight=2", "attention.ctcWeight"),
      ("attention.search.decoder=both", "attention.search.decoder"),
      ("attention.decoder.attention.size=0", "attention.decoder.attention.size"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        let _: RecognitionRecipe = try ConfigurationFile.decode(
          yaml: yaml, file: "recipe", overrides: [override])
      }
      #expect(error.map { "\($0)".contains(key) } ?? false, "\(override)")
    }
  }
}
