import Foundation
import Testing
import Training
import Translation

@Suite struct TranslationTaskTests {
  private let folder: TemporaryFolder
  private static let words = [
    ("one", "eins"), ("two", "zwei"), ("three", "drei"), ("four", "vier"), ("five", "fünf"),
  ]

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// A recipe over all texts of two numbers.
  private func recipe(_ unit: VocabularyConfiguration.Unit) throws -> TranslationRecipe {
    var (source, target) = ("", "")
    for first in Self.words {
      for second in Self.words {
        source += "\(first.0) \(second.0)\n"
        target += "\(first.1) \(second.1)\n"
      }
    }
    var recipe = TranslationRecipe()
    recipe.data.source = try folder.write("en", source)
    recipe.data.target = try folder.write("de", target)
    (recipe.data.validationSource, recipe.data.validationTarget) = (path("en"), path("de"))
    (recipe.vocabulary.unit, recipe.vocabulary.size) = (unit, 60)
    (recipe.model.embeddingSize, recipe.model.hiddenSize, recipe.model.dropout) = (16, 16, 0)
    (recipe.model.decoder.hiddenSize, recipe.model.decoder.outputSize) = (24, 16)
    (recipe.search.beamWidth, recipe.labelSmoothing) = (2, 0)
    recipe.rules.optimizer.kind = .adam
    recipe.rules.optimizer.learningRate = 0.02
    (recipe.rules.epochs, recipe.rules.batching.size) = (30, 5)
    return recipe
  }

  private func run(
    _ recipe: TranslationRecipe, _ name: String, resume: Bool = false,
    stop: StopFlag = StopFlag(), note: @escaping (String) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    var options = TrainerOptions(outputFolder: path(name))
    options.resume = resume
    return try Trainer<TranslationTask>(
      recipe, options: options, stop: stop,
      reporter: ProgressReporter(output: .init(isTerminal: false, write: note))
    ).run()
  }

  @Test(arguments: [VocabularyConfiguration.Unit.word, .bpe])
  func aTranslatorLearnsNumbers(unit: VocabularyConfiguration.Unit) throws {
    guard case .finished(let best) = try run(recipe(unit), "numbers") else {
      Issue.record("it was interrupted")
      return
    }
    // Of two words there are no 3-grams; chrF tells that all of them are right.
    #expect(try #require(best.measures[.chrF]) > 99)
    let translator = try Translator(reading: path("numbers/best.safetensors"))
    #expect(
      translator.translate(["four five", ""]).map { $0.first?.text ?? "" } == ["vier fünf", ""])
  }

  /// The same place of the same epoch is split the same way, another epoch's another way.
  @Test func subwordsAreSplitAnewInEachEpoch() throws {
    var recipe = try recipe(.bpe)
    recipe.vocabulary.dropout = 0.3
    let task = try TranslationTask(recipe, start: TrainingStart(), note: { _ in })
    func tokens(epoch: Int) -> [[Int]] {
      let loader = task.batches(epoch: epoch, startingAt: 0)
      defer { loader.finish() }
      var all: [[Int]] = []
      while let batch = loader.next() { all.append(batch.targets.labels) }
      return all
    }
    #expect(tokens(epoch: 2) == tokens(epoch: 2))
    #expect(tokens(epoch: 1).joined().count != tokens(epoch: 2).joined().count)

    recipe.vocabulary.dropout = 0
    let plain = try TranslationTask(recipe, start: TrainingStart(), note: { _ in })
    let batch = try #require(plain.batches(epoch: 1, startingAt: 0).next())
    let varied = try #require(task.batches(epoch: 1, startingAt: 0).next())
    #expect(varied.frameCount > batch.frameCount)
  }

  @Test func stoppedAfterEachStepItEndsWithTheSameBits() throws {
    var recipe = try recipe(.unigram)
    recipe.vocabulary.samplingPower = 0.3
    (recipe.model.dropout, recipe.rules.epochs, recipe.rules.batching.size) = (0.2, 2, 9)
    let expected = try run(recipe, "whole")
    let raised = StopFlag()
    raised.raise()
    var outcome = try run(recipe, "pieces", stop: raised)
    var stops = 0
    while case .interrupted = outcome, stops < 20 {
      stops += 1
      outcome = try run(recipe, "pieces", resume: true, stop: raised)
    }
    #expect(stops > 2 && outcome == expected)
    let files = try ["whole", "pieces"].map {
      try Data(contentsOf: URL(fileURLWithPath: path("\($0)/last.safetensors")))
    }
    #expect(files[0] == files[1])
  }

  @Test func unfitPairsAreLeftOutAndCounted() throws {
    var recipe = try recipe(.word)
    recipe.data.source = try folder.write("a", "one\n\none two three four\none\ntwo\n")
    recipe.data.target = try folder.write("b", "eins\nzwei\nvier\neins zwei\nzwei\n")
    (recipe.data.maximumLength, recipe.data.maximumLengthRatio) = (3, 1.5)
    var notes = ""
    _ = try TranslationTask(recipe, start: TrainingStart()) { notes += $0 + "\n" }
    #expect(notes.contains("left out 3 pairs: 1 empty, 1 too long, 1 too uneven in length"))
    #expect(notes.contains("2 + 25 pairs of sentences"))
    recipe.data.maximumLength = 1
    recipe.data.source = try folder.write("c", "one one\n")
    recipe.data.target = try folder.write("d", "eins\n")
    let error = #expect(throws: TrainerError.self) {
      try TranslationTask(recipe, start: TrainingStart(), note: { _ in })
    }
    #expect(error?.description.contains(path("c")) == true)
  }

  @Test func wrongFilesAndValuesAreNamed() throws {
    var recipe = try recipe(.word)
    recipe.data.target = try folder.write("short", "eins\n")
    let error = #expect(throws: TrainerError.self) { try run(recipe, "x") }
    #expect(error?.description.contains("Line 2 of \(path("en")) has no partner") == true)
    let changes: [(String, (inout TranslationRecipe) -> Void)] = [
      ("vocabulary.dropout", { $0.vocabulary.dropout = 0.1 }),
      ("vocabulary.samplingPower", { $0.vocabulary.samplingPower = 0.1 }),
      ("data.maximumLengthRatio", { $0.data.maximumLengthRatio = 0.5 }),
    ]
    for (key, change) in changes {
      var wrong = recipe
      change(&wrong)
      let error = #expect(throws: (any Error).self) { try wrong.validate() }
      #expect(error.map { "\($0)".contains("'\(key)'") } == true, "\(key)")
    }
  }
}
