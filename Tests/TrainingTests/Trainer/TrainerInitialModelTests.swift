import Configuration
import Decoding
import Foundation
import Recognition
import Tensors
import Testing
import Training

/// Training that begins with the weights of another model.
@Suite struct TrainerInitialModelTests {
  let folder: TemporaryFolder
  let recipe: RecognitionRecipe
  var model: String { folder.path + "/first/best.safetensors" }

  init() throws {
    folder = try TemporaryFolder()
    let manifest = try Tones.write(["abc", "cab", "bac", "aab"], to: "data", in: folder)
    var recipe = Tones.recipe(train: manifest, validation: manifest)
    recipe.rules.epochs = 1
    recipe.features.sound.normalization = .dataset
    self.recipe = recipe
    _ = try Tones.trainer(recipe, to: folder.path + "/first").run()
  }

  private func train(_ recipe: RecognitionRecipe, to name: String = "second") throws
    -> TrainingOutcome
  {
    var options = TrainerOptions(outputFolder: folder.path + "/" + name)
    options.initialModel = model
    return try Trainer<RecognitionTask>(recipe, options: options, reporter: Tones.quiet).run()
  }

  private func error(_ recipe: RecognitionRecipe) -> TrainerError? {
    #expect(throws: TrainerError.self) { _ = try train(recipe) }
  }

  @Test func weightsAlphabetAndStatisticsAreTaken() throws {
    var still = recipe
    still.rules.optimizer.kind = .sgd
    still.rules.optimizer.learningRate = 1e-30
    still.data.train = [try Tones.write(["ab", "bb"], to: "other", in: folder)]
    _ = try train(still)
    let first = try Recognizer(reading: model)
    let second = try Recognizer(reading: folder.path + "/second/best.safetensors")
    #expect(second.alphabet == first.alphabet, "though no c occurs")
    #expect(second.extractor.statistics == first.extractor.statistics)
    let weights = [first, second].map { recognizer in
      recognizer.model.namedParameters.filter(\.parameter.isTrainable).map(\.parameter.value)
    }
    #expect(weights[0] == weights[1])
  }

  @Test func aCheckpointOfATrainingServesToo() throws {
    var options = TrainerOptions(outputFolder: folder.path + "/third")
    options.initialModel = folder.path + "/first/last.safetensors"
    let outcome = try Trainer<RecognitionTask>(recipe, options: options, reporter: Tones.quiet)
      .run()
    guard case .finished(let best) = outcome else { return }
    #expect(best.step == 2, "the steps are counted anew")
  }

  @Test func samplesOutsideTheModelsAlphabetAreLeftOutAndTold() throws {
    var wider = recipe
    wider.data.train = [try Tones.write(["ab", "ade", "ca"], to: "wider", in: folder)]
    let told = Told()
    var options = TrainerOptions(outputFolder: folder.path + "/wider-out")
    options.initialModel = model
    let output = ProgressReporter.Output(isTerminal: false) { told.text += $0 }
    _ = try Trainer<RecognitionTask>(
      wider, options: options, reporter: ProgressReporter(output: output)
    ).run()
    #expect(told.text.contains("left out 1 samples"), "\(told.text)")
    #expect(told.text.contains("'d'") && told.text.contains("'e'"), "\(told.text)")
  }

  @Test func anAlphabetWithoutAnyOfTheTextsIsAnError() throws {
    var foreign = recipe
    foreign.data.train = [try Tones.write(["de", "ed"], to: "foreign", in: folder)]
    guard case .audit(.nothingLeft(let problems))? = error(foreign) else {
      Issue.record("expected that nothing is left")
      return
    }
    #expect(problems.count == 2)
  }

  @Test func anotherNetworkIsRefusedWithItsDifferences() throws {
    var larger = recipe
    larger.model = Tones.deepSpeech2(.gru) { $0.hiddenSize = 13 }
    var features = recipe
    features.features.sound.melCount = 15
    features.features.sound.normalization = .utterance
    var network = recipe
    network.model = .deepSpeech(DeepSpeechConfiguration())
    for recipe in [larger, network] {
      guard case .checkpoint(.doesNotFit(let path, _, let differences))? = error(recipe) else {
        Issue.record("a network that does not fit was taken")
        continue
      }
      #expect(path == model && !differences.isEmpty)
    }
    let refusal = error(features).map { "\($0)" } ?? ""
    #expect(refusal.contains("15"), "\(refusal)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/second/last.safetensors"))
  }

  @Test func whatIsNoPartOfTheWeightsMayChange() throws {
    var changed = recipe
    changed.model = Tones.deepSpeech2(.gru) { $0.dropout = 0.3 }
    changed.rules.batching.size = 2
    _ = try train(changed)
    let back = try Recognizer(reading: folder.path + "/second/last.safetensors")
    #expect(back.configuration.model == changed.model)
  }

  @Test func aFileThatIsNoModelIsNamed() throws {
    try folder.write("first/best.safetensors", "not a model")
    #expect(error(recipe).map { "\($0)" }?.contains(model) ?? false)
  }
}

private final class Told {
  var text = ""
}
