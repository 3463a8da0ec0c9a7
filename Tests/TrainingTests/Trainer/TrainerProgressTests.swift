import Audio
import Configuration
import Decoding
import Foundation
import ModelFiles
import Recognition
import Tensors
import Testing
import Training

/// What a training decides by, and what it leaves behind.
@Suite struct TrainerProgressTests {
  let folder: TemporaryFolder
  let train: String
  let held: String
  var output: String { folder.path + "/out" }

  init() throws {
    folder = try TemporaryFolder()
    train = try Tones.write(Tones.texts(8), to: "train", in: folder)
    held = try Tones.write(Tones.texts(3, seed: 9), to: "held", in: folder)
  }

  private func epochs() throws -> [MetricsRecord] {
    try MetricsLog.read(output + "/metrics.jsonl").filter { $0.kind == .epoch }
  }

  /// So small a rate that no weight changes: every validation is like the first.
  private var motionless: RecognitionRecipe {
    var recipe = Tones.recipe(train: train, validation: held)
    recipe.model = Tones.deepSpeech2(.lstm) { $0.batchNorm = false }
    recipe.rules.optimizer.kind = .sgd
    recipe.rules.optimizer.learningRate = 1e-30
    recipe.rules.epochs = 20
    return recipe
  }

  @Test func itEndsWhenNothingBetterComes() throws {
    var recipe = motionless
    recipe.rules.earlyStopping = 3
    let outcome = try Tones.trainer(recipe, to: output).run()
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(best.epoch == 1)
    let epochs = try epochs()
    #expect(epochs.map(\.epoch) == [1, 2, 3, 4], "one, and three without improvement")
    #expect(Set(epochs.map(\.validationLoss)).count == 1)
    // More patience goes on from there.
    recipe.rules.earlyStopping = 5
    _ = try Tones.trainer(recipe, to: output, resume: true).run()
    #expect(try self.epochs().map(\.epoch) == [1, 2, 3, 4, 5, 6])
  }

  @Test func aPlateauLowersTheRate() throws {
    var recipe = motionless
    recipe.rules.epochs = 6
    recipe.rules.schedule.kind = .plateau
    (recipe.rules.schedule.patience, recipe.rules.schedule.factor) = (1, 0.5)
    _ = try Tones.trainer(recipe, to: output).run()
    let rates = try epochs().map { Float($0.learningRate ?? 0) }
    // Epochs 2 and 3 bring nothing: halved from epoch 4; 4 and 5 neither: halved from 6.
    #expect(rates == [1, 1, 1, 0.5, 0.5, 0.25].map { $0 * 1e-30 })
  }

  @Test func theExponentialScheduleFollowsTheEpochs() throws {
    var recipe = motionless
    recipe.rules.epochs = 3
    recipe.rules.schedule.kind = .exponential
    recipe.rules.schedule.factor = 0.5
    _ = try Tones.trainer(recipe, to: output).run()
    #expect(try epochs().map { Float($0.learningRate ?? 0) } == [1e-30, 5e-31, 2.5e-31])
  }

  /// A rate that rises until it destroys what was learned.
  @Test func theBestModelIsKeptWhenLaterOnesAreWorse() throws {
    var recipe = Tones.recipe(train: train, validation: held)
    recipe.rules.epochs = 14
    recipe.rules.optimizer.learningRate = 40
    recipe.rules.schedule.kind = .warmupCosine
    recipe.rules.schedule.warmupSteps = 400
    recipe.rules.schedule.totalSteps = 1000
    let outcome = try Tones.trainer(recipe, to: output).run()
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let epochs = try epochs()
    let lowest = epochs.map { ($0.measures[.cer] ?? 1, $0.validationLoss ?? .infinity) }.min {
      $0 < $1
    }
    #expect(best.cer == lowest?.0 && best.validationLoss == lowest?.1)
    #expect(best.epoch < 14, "the last epoch was the best: this proves nothing")
    let file = try ModelFile(reading: output + "/best.safetensors")
    #expect(try file.decode(TrainingRecord.self, from: .trainingRecord) == best)
    #expect(file[.trainingState] == nil && file.group("optimizer").isEmpty)

    // The file does what its record says.
    let recognizer = try Recognizer(file)
    var tally = ErrorTally()
    for sample in try Manifest.read(held) {
      let transcript = recognizer.transcript(
        of: try AudioFile.read(sample.clips[0].path), decoder: recognizer.greedyDecoder)
      tally.add(reference: sample.text, hypothesis: transcript.characters.map(\.text).joined())
    }
    #expect(tally.characterErrorRate(resamples: 1).rate == best.cer)
  }

  @Test func aTrainingLeavesItsFilesBehind() throws {
    var recipe = Tones.recipe(train: train, validation: held)
    (recipe.rules.epochs, recipe.rules.languages, recipe.rules.summary) = (
      8, ["en", "de"], "tones"
    )
    var options = TrainerOptions(outputFolder: output)
    options.recipeName = "configs/tones.yaml"
    let trainer = try Trainer<RecognitionTask>(recipe, options: options, reporter: Tones.quiet)
    #expect(trainer.parameterCount > 100)
    _ = try trainer.run()
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(names == ["best.safetensors", "curve.png", "last.safetensors", "metrics.jsonl"])

    let records = try MetricsLog.read(output + "/metrics.jsonl")
    #expect(records.filter { $0.kind == .epoch }.map(\.epoch) == Array(1...8))
    #expect(records.filter { $0.kind == .step }.map(\.step) == [20], "every twentieth of 24 steps")
    for record in records {
      #expect(record.loss?.isFinite ?? false)
      #expect((record.framesPerSecond ?? 0) > 0 && (record.learningRate ?? 0) > 0)
      #expect((record.measures[.cer] != nil) == (record.kind == .epoch))
    }
    let losses = records.compactMap(\.validationLoss)
    #expect(losses[7] < losses[0], "it learns")

    let picture = Array(try Tones.bytes(output + "/curve.png"))
    #expect(Array(picture.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(Array(picture.suffix(8).prefix(4)) == Array("IEND".utf8))

    let file = try ModelFile(reading: output + "/best.safetensors")
    #expect(file[.languages] == "en,de" && file[.summary] == "tones")
    #expect(file[.recipe] == "configs/tones.yaml")
  }

  @Test func statisticsOfTheTrainingSetGoWithTheModel() throws {
    var recipe = Tones.recipe(train: train, validation: held)
    recipe.features.sound.normalization = .dataset
    recipe.rules.epochs = 1
    _ = try Tones.trainer(recipe, to: output).run()
    let recognizer = try Recognizer(reading: output + "/best.safetensors")
    let statistics = try #require(recognizer.extractor.statistics)
    let plain = try FeatureExtractor(recipe.features.sound)
    let frames = try Manifest.read(train).reduce(0) { sum, sample in
      sum + plain.frameCount(sampleCount: try AudioFile.read(sample.clips[0].path).samples.count)
    }
    #expect(statistics.frameCount == frames, "of the training set, and of nothing else")
    recipe.features.sound.normalization = .utterance
    _ = try Tones.trainer(recipe, to: folder.path + "/utterance").run()
    let other = try Recognizer(reading: folder.path + "/utterance/best.safetensors")
    #expect(other.extractor.statistics == nil)
  }

  @Test func withoutValidationTheLossDecides() throws {
    var recipe = Tones.recipe(train: train)
    recipe.rules.epochs = 4
    guard case .finished(let best) = try Tones.trainer(recipe, to: output).run() else { return }
    let epochs = try epochs()
    #expect(best.loss == epochs.compactMap(\.loss).min())
    #expect(best.cer == nil && epochs.allSatisfy { $0.validationLoss == nil })
  }

  /// Two recordings that are just long enough, strung together with a space, are not.
  @Test func aStringTooShortForItsTextDoesNotSpoilTheValidation() throws {
    // 19 frames, of which every second one is kept: room for ten letters.
    for index in 0..<4 {
      let tone = Recordings.tone(seconds: 0.2, seed: UInt64(index))
      try folder.write("tight/\(index).wav", bytes: Recordings.wav(tone))
      try folder.write("tight/\(index).txt", "abcabcabca")
    }
    var recipe = Tones.recipe(train: train, validation: folder.path + "/tight")
    var composition = CompositionConfiguration()
    (composition.minimumItems, composition.maximumItems) = (2, 2)
    (composition.maximumPause, composition.maximumEdgeSilence) = (0, 0)
    composition.sameSpeakerProbability = 0
    (recipe.composition, recipe.rules.epochs) = (composition, 2)
    guard case .finished(let best) = try Tones.trainer(recipe, to: output).run() else { return }
    #expect(best.validationLoss == nil && best.cer != nil)
    #expect(throws: Never.self) { try Recognizer(reading: output + "/last.safetensors") }
  }

  @Test func unfitSamplesAreLeftOutOrRefused() throws {
    try folder.write("train/zz-empty.txt", "abc")
    try folder.write("train/zz-empty.wav", bytes: Recordings.wav([]))
    var options = TrainerOptions(outputFolder: output)
    var recipe = Tones.recipe(train: train, validation: held)
    recipe.rules.epochs = 1
    options.strict = true
    let error = #expect(throws: TrainerError.self) {
      _ = try Trainer<RecognitionTask>(recipe, options: options, reporter: Tones.quiet)
    }
    guard case .audit(.strict(let problems, total: 9))? = error else {
      Issue.record("\(error.map { "\($0)" } ?? "")")
      return
    }
    #expect(problems.map(\.sample.id) == ["zz-empty.wav"])
    options.strict = false
    #expect(throws: Never.self) {
      _ = try Trainer<RecognitionTask>(recipe, options: options, reporter: Tones.quiet).run()
    }
  }

  @Test func excludedSpeakersAreNotLearnedFrom() throws {
    let rows = (0..<8).map { index in
      "{\"audio_filepath\": \"train/0\(index).wav\", \"text\": \"\(index < 5 ? "ab" : "c")\", "
        + "\"speaker\": \"\(index < 5 ? "anna" : "bert")\"}"
    }
    let manifest = try folder.write("speakers.jsonl", rows.joined(separator: "\n"))
    var recipe = Tones.recipe(train: manifest)
    (recipe.rules.epochs, recipe.data.excludedSpeakers) = (1, ["bert"])
    _ = try Tones.trainer(recipe, to: output).run()
    let recognizer = try Recognizer(reading: output + "/best.safetensors")
    #expect(recognizer.alphabet.graphemes == ["a", "b"])
    #expect(try epochs().map(\.step) == [2], "five recordings, three at once")
  }
}
