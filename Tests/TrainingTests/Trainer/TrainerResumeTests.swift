import Configuration
import Foundation
import Recognition
import Tensors
import Testing
import Training

@Suite struct TrainerResumeTests {
  let folder: TemporaryFolder
  let recipe: RecognitionRecipe

  init() throws {
    folder = try TemporaryFolder()
    let train = try Tones.write(Tones.texts(8), to: "data", in: folder)
    let validation = try Tones.write(Tones.texts(3, seed: 5), to: "held", in: folder)
    recipe = Tones.eventful(Tones.recipe(train: train, validation: validation))
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func run(
    _ recipe: RecognitionRecipe, _ name: String, resume: Bool = false, stop: StopFlag = StopFlag()
  ) throws -> TrainingOutcome {
    try Tones.trainer(recipe, to: path(name), resume: resume, stop: stop).run()
  }

  private func expectSameFiles(
    _ a: String, _ b: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for file in ["last", "best"] {
      let (a, b) = (path(a) + "/\(file).safetensors", path(b) + "/\(file).safetensors")
      #expect(try Tones.bytes(a) == Tones.bytes(b), "\(file)", sourceLocation: sourceLocation)
    }
    let logs = try [a, b].map { try Tones.timeless(path($0) + "/metrics.jsonl") }
    #expect(logs[0] == logs[1], "the log tells of each step once", sourceLocation: sourceLocation)
  }

  private func error(_ body: () throws -> Void) -> TrainerError? {
    #expect(throws: TrainerError.self) { try body() }
  }

  /// Stops after every single step, the last ones of epochs among them.
  @Test func aTrainingStoppedAfterEveryStepEndsWithTheSameBits() throws {
    let expected = try run(recipe, "whole")
    let raised = StopFlag()
    raised.raise()
    var outcome = try run(recipe, "pieces", stop: raised)
    var stops = 0
    while case .interrupted(let epoch, let step) = outcome {
      stops += 1
      #expect(step == stops && epoch == 1 + (step - 1) / 4)
      outcome = try run(recipe, "pieces", resume: true, stop: raised)
      guard stops < 100 else { break }
    }
    #expect(stops == 12, "three epochs of four steps")
    #expect(outcome == expected)
    try expectSameFiles("pieces", "whole")
  }

  @Test func resumingAFinishedTrainingChangesNothing() throws {
    let outcome = try run(recipe, "out")
    let before = try Tones.bytes(path("out/last.safetensors"))
    #expect(try run(recipe, "out", resume: true) == outcome)
    #expect(try Tones.bytes(path("out/last.safetensors")) == before)
  }

  @Test func epochsMayGrow() throws {
    var short = recipe
    (short.rules.epochs, short.rules.checkpointSteps) = (2, 3)
    _ = try run(short, "grown")
    _ = try run(recipe, "grown", resume: true)
    _ = try run(recipe, "whole")
    // How often checkpoints are written is no part of the result, but stands in the recipe.
    try expectSameFiles("grown", "whole")
  }

  @Test func aChangedRecipeIsRefusedByName() throws {
    let raised = StopFlag()
    raised.raise()
    _ = try run(recipe, "out", stop: raised)
    let changes: [(String, (inout RecognitionRecipe) -> Void)] = [
      ("seed", { $0.rules.seed += 1 }),
      ("data", { $0.data.maximumDuration = 59 }),
      ("composition", { $0.composition = nil }),
      ("augmentation", { $0.augmentation.sound.gain.maximum = 5 }),
      ("batching", { $0.rules.batching.size = 2 }),
      ("features", { $0.features.sound.normalization = .utterance }),
      ("model", { $0.model = Tones.deepSpeech2(.lstm) }),
      ("text", { $0.text.lowercase = true }),
      ("optimizer", { $0.rules.optimizer.learningRate *= 2 }),
      ("schedule", { $0.rules.schedule.kind = .exponential }),
      ("maximumGradientNorm", { $0.rules.maximumGradientNorm = nil }),
    ]
    var all = recipe
    for (key, change) in changes {
      var changed = recipe
      change(&changed)
      change(&all)
      guard case .recipeChanged(_, [key])? = error({ _ = try run(changed, "out", resume: true) })
      else {
        Issue.record("\(key)")
        continue
      }
    }
    let refusal = error { _ = try run(all, "out", resume: true) }
    let message = refusal.map { "\($0)" } ?? ""
    for (key, _) in changes { #expect(message.contains(key), "\(message)") }
    var free = recipe
    (free.rules.languages, free.rules.summary, free.rules.earlyStopping) = (["en"], "tones", 50)
    #expect(throws: Never.self) { try Tones.trainer(free, to: path("out"), resume: true) }
  }

  @Test func foldersAreNotMixedUp() throws {
    let raised = StopFlag()
    raised.raise()
    _ = try run(recipe, "deep/er/out", stop: raised)
    let before = try Tones.bytes(path("deep/er/out/last.safetensors"))
    guard case .folderInUse(path("deep/er/out"))? = error({ _ = try run(recipe, "deep/er/out") })
    else {
      Issue.record("a folder in use was taken")
      return
    }
    #expect(try Tones.bytes(path("deep/er/out/last.safetensors")) == before)
    guard case .nothingToResume? = error({ _ = try run(recipe, "none", resume: true) }) else {
      Issue.record("resumed from nothing")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: path("none")))
    try folder.write("file", "text")
    #expect(error { _ = try run(recipe, "file/out") }.map { "\($0)" }?.contains("file") ?? false)
  }

  @Test func aDamagedCheckpointIsNamedAndLeftAlone() throws {
    let raised = StopFlag()
    raised.raise()
    _ = try run(recipe, "out", stop: raised)
    var bytes = Array(try Tones.bytes(path("out/last.safetensors")))
    bytes[bytes.count / 2] ^= 1
    try folder.write("out/last.safetensors", bytes: bytes)
    let refusal = error { _ = try run(recipe, "out", resume: true) }
    guard case .checkpoint? = refusal else {
      Issue.record("\(refusal.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(Array(try Tones.bytes(path("out/last.safetensors"))) == bytes)
    // A model without a training's state is nothing to go on from.
    _ = try run(recipe, "whole")
    try folder.write(
      "bare/last.safetensors", bytes: Array(try Tones.bytes(path("whole/best.safetensors"))))
    let bare = error { _ = try run(recipe, "bare", resume: true) }
    #expect(bare.map { "\($0)" }?.contains("trainingState") ?? false)
  }
}
