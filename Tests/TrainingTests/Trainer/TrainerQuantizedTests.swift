import Configuration
import Foundation
import ModelFiles
import Recognition
import Tensors
import Testing
import Training

/// Trained models with 8-bit weights, and trainings that begin with them.
@Suite struct TrainerQuantizedTests {
  let folder: TemporaryFolder
  let recipe: RecognitionRecipe
  let manifest: String
  var trained: String { folder.path + "/first/best.safetensors" }
  var quantized: String { folder.path + "/quantized.safetensors" }

  init() throws {
    folder = try TemporaryFolder()
    manifest = try Tones.write(Tones.texts(24), to: "data", in: folder)
    var recipe = Tones.recipe(train: manifest, validation: manifest)
    recipe.model = Tones.deepSpeech2(.lstm) { $0.hiddenSize = 24 }
    recipe.rules.optimizer.learningRate = 1e-2
    recipe.rules.epochs = 12
    self.recipe = recipe
    _ = try Tones.trainer(recipe, to: folder.path + "/first").run()
    var file = try ModelFile(reading: trained)
    try file.quantize()
    try file.write(to: quantized)
  }

  @Test func aTrainedModelHearsTheSame() throws {
    let samples = try Manifest.read(manifest)
    let results = try [trained, quantized].map { path in
      let recognizer = try Recognizer(reading: path)
      let dataset = EvaluationSet.make(samples, for: recognizer, batchSize: 8).dataset
      return Evaluation.run(recognizer: recognizer, dataset: dataset, withLoss: true)
    }
    let rates = results.map(\.characterErrorRate)
    #expect(rates[0] < 0.1, "the network was to learn something: \(rates)")
    #expect(abs(rates[1] - rates[0]) <= 0.02, "\(rates)")
    let losses = try results.map { try #require($0.loss) }
    #expect(losses[0] != losses[1], "nothing was rounded")
    #expect(abs(losses[1] - losses[0]) < 0.1 * losses[0] + 0.05, "\(losses)")
  }

  @Test func aTrainingBeginsWithTheRoundedWeightsAndWritesFloats() throws {
    var still = recipe
    still.rules.optimizer.kind = .sgd
    still.rules.optimizer.learningRate = 1e-30
    still.rules.epochs = 1
    var options = TrainerOptions(outputFolder: folder.path + "/second")
    options.initialModel = quantized
    let told = Told()
    let output = ProgressReporter.Output(isTerminal: false) { told.text += $0 }
    _ = try Trainer<RecognitionTask>(
      still, options: options, reporter: ProgressReporter(output: output)
    ).run()
    #expect(told.text.contains(quantized) && told.text.contains("8-bit"), "\(told.text)")

    let (first, second) = (
      try ModelFile(reading: quantized),
      try ModelFile(reading: folder.path + "/second/best.safetensors")
    )
    #expect(first.isQuantized && !second.isQuantized)
    for (name, tensor) in second.tensors {
      let start = try #require(first.tensors.first { $0.name == name }).tensor
      // Weights that were rounded to zero move by the step; others are too large to.
      #expect(zip(start.scalars, tensor.scalars).allSatisfy { abs($0 - $1) < 1e-24 }, "\(name)")
    }
    let checkpoint = try ModelFile(reading: folder.path + "/second/last.safetensors")
    #expect(!checkpoint.isQuantized)
  }

  @Test func aTrainingFromFloatsTellsNothing() throws {
    var options = TrainerOptions(outputFolder: folder.path + "/third")
    options.initialModel = trained
    let told = Told()
    let output = ProgressReporter.Output(isTerminal: false) { told.text += $0 }
    _ = try Trainer<RecognitionTask>(
      recipe, options: options, reporter: ProgressReporter(output: output))
    #expect(!told.text.contains("8-bit"), "\(told.text)")
  }
}

private final class Told {
  var text = ""
}
