import Configuration
import Foundation
import Recognition
import Tensors
import Testing
import Training

@Suite struct TrainerDivergenceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Recordings of which some are so loud that their power is infinite; the louder, the longer.
  private func data(good: Int, loud: Int) throws -> String {
    let name = "data-\(good)-\(loud)"
    try Tones.write(Tones.texts(good), to: name, in: folder)
    for index in 0..<loud {
      let samples = Tones.samples("abcabcabc", seed: UInt64(index)).map { $0 * 1e25 }
      try folder.write("\(name)/loud-\(index).wav", bytes: Recordings.floatWAV(samples))
      try folder.write("\(name)/loud-\(index).txt", "abc")
    }
    return folder.path + "/" + name
  }

  private func recipe(_ manifest: String) -> RecognitionRecipe {
    var recipe = Tones.recipe(train: manifest)
    recipe.rules.batching.size = 1
    recipe.rules.checkpointSteps = 1
    recipe.features.sound.normalization = .none
    recipe.model = Tones.deepSpeech2(.gru) { ($0.layerCount, $0.batchNorm) = (2, true) }
    return recipe
  }

  private func weights(_ name: String) throws -> [Float] {
    try Recognizer(reading: folder.path + "/out/\(name).safetensors").model.namedParameters
      .flatMap { $0.parameter.value.scalars }
  }

  @Test func stepsThatAreNotFiniteAreSkippedAndCounted() throws {
    let recipe = recipe(try data(good: 6, loud: 1))
    let outcome = try Tones.trainer(recipe, to: folder.path + "/out").run()
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(best.loss.isFinite && best.step % 7 == 0)
    let epochs = try MetricsLog.read(folder.path + "/out/metrics.jsonl").filter {
      $0.kind == .epoch
    }
    #expect(epochs.map(\.skippedSteps) == [1, 2, 3], "once in each epoch")
    #expect(epochs.map(\.step) == [7, 14, 21])
    #expect(try weights("last").allSatisfy(\.isFinite), "nor did running statistics take part")
    #expect(try weights("best").allSatisfy(\.isFinite))
  }

  @Test func aSkippedStepLeavesAllAsItWas() throws {
    var recipe = recipe(try data(good: 4, loud: 1))
    recipe.rules.epochs = 1
    _ = try Tones.trainer(recipe, to: folder.path + "/out").run()
    let found = try weights("best")
    recipe.data.train = [try data(good: 4, loud: 0)]
    _ = try Tones.trainer(recipe, to: folder.path + "/without").run()
    let path = folder.path + "/without/best.safetensors"
    let expected = try Recognizer(reading: path).model.namedParameters
      .flatMap { $0.parameter.value.scalars }
    // The loud recording is the longest and comes last.
    #expect(found == expected)
  }

  @Test func tooManyEndTheTrainingAndTheLastGoodCheckpointStays() throws {
    let recipe = recipe(try data(good: 4, loud: 11))
    let trainer = try Tones.trainer(recipe, to: folder.path + "/out")
    let error = #expect(throws: TrainerError.self) { _ = try trainer.run() }
    guard case .diverged(let reason)? = error else { return }
    #expect(reason.consecutive == 11 && reason.step == 14, "\(reason)")
    #expect(try weights("last").allSatisfy(\.isFinite))
    // It goes on from the last good step, and comes to the same end.
    let resumed = try Tones.trainer(recipe, to: folder.path + "/out", resume: true)
    let again = #expect(throws: TrainerError.self) { _ = try resumed.run() }
    guard case .diverged(let same)? = again else {
      Issue.record("\(again.map { "\($0)" } ?? "")")
      return
    }
    #expect(same.step == reason.step && same.consecutive == 11 && same.total == reason.total)
  }

  @Test(arguments: [1e4, 1e20, 3e38] as [Float])
  func anExplosionDoesNotReachTheCheckpoint(learningRate: Float) throws {
    var recipe = recipe(try data(good: 12, loud: 0))
    recipe.rules.optimizer.kind = .sgd
    recipe.rules.optimizer.learningRate = learningRate
    recipe.rules.optimizer.momentum = 0
    recipe.rules.maximumGradientNorm = nil
    recipe.rules.schedule.kind = .warmupCosine
    recipe.rules.schedule.warmupSteps = 30
    recipe.rules.epochs = 20
    // The first rates are a thirtieth; a bounded cell may also live with huge weights.
    let trainer = try Tones.trainer(recipe, to: folder.path + "/out")
    do {
      _ = try trainer.run()
    } catch {
      switch error {
      case .diverged, .nothingLearned: break
      default: Issue.record("\(error)")
      }
    }
    for name in ["last", "best"] {
      let path = folder.path + "/out/\(name).safetensors"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      #expect(try weights(name).allSatisfy(\.isFinite), "\(name)")
    }
    #expect(throws: Never.self) { try MetricsLog.read(folder.path + "/out/metrics.jsonl") }
  }

  @Test func aTrainingThatLearnsNothingIsAnErrorAndNoCrash() throws {
    var recipe = recipe(try data(good: 0, loud: 3))
    recipe.rules.epochs = 2
    let trainer = try Tones.trainer(recipe, to: folder.path + "/out")
    let error = #expect(throws: TrainerError.self) { _ = try trainer.run() }
    guard case .nothingLearned? = error else {
      Issue.record("\(error.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/best.safetensors"))
    let records = try MetricsLog.read(folder.path + "/out/metrics.jsonl")
    #expect(records.filter { $0.kind == .epoch }.map(\.skippedSteps) == [3, 6])
  }

  @Test func recordingsThatVanishAreDroppedAndCounted() throws {
    let manifest = try data(good: 5, loud: 0)
    var recipe = recipe(manifest)
    recipe.data.cacheMegabytes = 0
    recipe.rules.epochs = 2
    let trainer = try Tones.trainer(recipe, to: folder.path + "/out")
    try FileManager.default.removeItem(atPath: manifest + "/02.wav")
    _ = try trainer.run()
    let epochs = try MetricsLog.read(folder.path + "/out/metrics.jsonl").filter {
      $0.kind == .epoch
    }
    #expect(epochs.map(\.droppedSamples) == [1, 2])
    #expect(epochs.map(\.skippedSteps) == [0, 0])
  }
}
