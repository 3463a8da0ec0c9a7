import Configuration
import Decoding
import Foundation
import Recognition
import Tensors
import Testing
import Training

/// Training further on data with other characters.
@Suite struct TrainerAlphabetTests {
  let folder: TemporaryFolder
  let recipe: RecognitionRecipe
  var model: String { folder.path + "/first/best.safetensors" }

  init() throws {
    folder = try TemporaryFolder()
    let first = try Bars.write(["abc", "cab", "bac", "aab"], to: "data", in: folder)
    _ = try Tones.trainer(
      Bars.recipe(train: first, validation: first), to: folder.path + "/first"
    ).run()
    let wider = try Bars.write(["abd", "dab", "ada", "bd", "dd"], to: "wider", in: folder)
    recipe = Bars.recipe(train: wider, validation: wider)
  }

  private func trainer(
    _ recipe: RecognitionRecipe, _ policy: AlphabetPolicy, to name: String,
    stop: StopFlag = StopFlag(),
    told: Told = Told()
  ) throws -> Trainer<RecognitionTask> {
    var options = TrainerOptions(outputFolder: folder.path + "/" + name)
    (options.initialModel, options.alphabet) = (model, policy)
    let output = ProgressReporter.Output(isTerminal: false) { told.text += $0 }
    return try Trainer<RecognitionTask>(
      recipe, options: options, stop: stop, reporter: ProgressReporter(output: output))
  }

  /// So small a rate that no weight moves.
  private var still: RecognitionRecipe {
    var still = recipe
    still.rules.optimizer.kind = .sgd
    still.rules.optimizer.learningRate = 1e-30
    still.rules.epochs = 1
    return still
  }

  /// The row of each character in the last layer, weights and bias.
  private func rows(_ recognizer: Recognizer) throws -> [Character?: [Float]] {
    let parameters = Dictionary(
      uniqueKeysWithValues: recognizer.model.namedParameters.map { ($0.path, $0.parameter.value) })
    let weight = try #require(parameters["output.weight"])
    let bias = try #require(parameters["output.bias"])
    var rows: [Character?: [Float]] = [:]
    for label in 0..<recognizer.alphabet.labelCount {
      let character = label == 0 ? nil : recognizer.alphabet.grapheme(of: label)
      let width = weight.shape[1]
      rows[character] = weight.scalars[label * width..<(label + 1) * width] + [bias.scalars[label]]
    }
    return rows
  }

  private func read(_ name: String) throws -> Recognizer {
    try Recognizer(reading: folder.path + "/\(name)/best.safetensors")
  }

  @Test func unionKeepsWhatIsKnownBitForBit() throws {
    _ = try trainer(still, .union, to: "union").run()
    let (first, second) = (try read("first"), try read("union"))
    #expect(second.alphabet.graphemes == ["a", "b", "c", "d"])
    let (before, after) = (try rows(first), try rows(second))
    for character in [nil, "a", "b", "c"] as [Character?] {
      #expect(after[character] == before[character], "\(String(describing: character))")
    }
    // The new row is that of a fresh network of this seed, whose data has all four characters.
    var fresh = still
    fresh.data.train.append(folder.path + "/data")
    _ = try Tones.trainer(fresh, to: folder.path + "/fresh").run()
    let drawn = try rows(try read("fresh"))
    #expect(after["d"] == drawn["d"] && after["a"] != drawn["a"])
    var other = still
    other.rules.seed = 2
    _ = try trainer(other, .union, to: "other").run()
    #expect(try rows(read("other"))["d"] != drawn["d"])
    #expect(try rows(read("other"))["a"] == before["a"])
  }

  @Test func newTakesTheCharactersOfTheData() throws {
    _ = try trainer(still, .new, to: "new").run()
    let second = try read("new")
    #expect(second.alphabet.graphemes == ["a", "b", "d"])
    let (before, after) = (try rows(try read("first")), try rows(second))
    for character in [nil, "a", "b"] as [Character?] {
      #expect(after[character] == before[character])
    }
  }

  @Test func keepLeavesOutWhatCannotBeWrittenAndSaysSo() throws {
    let told = Told()
    var kept = still
    kept.data.train.append(folder.path + "/data")
    kept.data.validation = [folder.path + "/data", folder.path + "/wider"]
    _ = try trainer(kept, .keep, to: "keep", told: told).run()
    #expect(try read("keep").alphabet.graphemes == ["a", "b", "c"])
    #expect(
      told.text.contains(
        "1 characters of the training set are not in the alphabet: 'd' (U+0064) × 6"),
      "\(told.text)")
    #expect(told.text.contains("1 characters of the validation set"), "\(told.text)")
  }

  @Test func theNewCharacterIsLearnedAndTheTrainingGoesOnAfterAnyStop() throws {
    var longer = recipe
    (longer.rules.epochs, longer.rules.batching.size) = (60, 5)
    let expected = try trainer(longer, .union, to: "whole").run()
    guard case .finished(let best) = expected else {
      Issue.record("\(expected)")
      return
    }
    #expect(best.cer == 0, "\(best)")

    var short = recipe
    short.rules.epochs = 2
    _ = try trainer(short, .union, to: "whole-short").run()
    let raised = StopFlag()
    raised.raise()
    var outcome = try trainer(short, .union, to: "pieces", stop: raised).run()
    var stops = 0
    while case .interrupted = outcome, stops < 20 {
      stops += 1
      outcome = try Tones.trainer(
        short, to: folder.path + "/pieces", resume: true, stop: raised
      ).run()
    }
    #expect(stops == 4)
    for file in ["last", "best"] {
      #expect(
        try Tones.bytes(folder.path + "/pieces/\(file).safetensors")
          == Tones.bytes(folder.path + "/whole-short/\(file).safetensors"))
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    var larger = recipe
    larger.model = Tones.deepSpeech2(.gru)
    for policy in [AlphabetPolicy.union, .new] {
      let error = #expect(throws: TrainerError.self) {
        _ = try trainer(larger, policy, to: "larger")
      }
      guard case .checkpoint(.doesNotFit(model, _, let differences))? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(!differences.isEmpty)
    }
    var apart = still
    apart.text.form = .decomposed
    for policy in [AlphabetPolicy.union, .keep] {
      let error = #expect(throws: TrainerError.self) { _ = try trainer(apart, policy, to: "apart") }
      guard case .otherAlphabet(model, _, _)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect("\(try #require(error))".contains("--alphabet new"))
    }
    _ = try trainer(apart, .new, to: "apart").run()
    #expect(try read("apart").alphabet.unit == .scalar)
  }

  @Test func rareCharactersAreListedWithTheirFiles() throws {
    let told = Told()
    var rare = still
    rare.data.rareCharacterCount = 6
    rare.data.minimumCharacterCount = 1
    _ = try trainer(rare, .new, to: "rare", told: told).run()
    let listed = told.text.contains(
      "2 characters are seen fewer than 6 times: 'b' (U+0062) × 3 in 00.png, 01.png, 03.png; "
        + "'a' (U+0061) × 4")
    #expect(listed, "\(told.text)")
    let quiet = Told()
    rare.data.rareCharacterCount = 0
    _ = try trainer(rare, .new, to: "quiet", told: quiet).run()
    #expect(!quiet.text.contains("fewer than"))
    let list = "abcdefghijkl".map { letter in
      CharacterOccurrences(grapheme: letter, count: 1, samples: [])
    }
    #expect(CharacterOccurrences.words(list).hasSuffix("'j' (U+006A) × 1 in ; and 2 more"))
  }
}

private final class Told {
  var text = ""
}
