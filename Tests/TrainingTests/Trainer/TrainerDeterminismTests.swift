import Configuration
import Foundation
import Recognition
import Tensors
import Testing
import Training

/// The same recipe gives the same bytes. The number of threads is set for the whole process; other
/// tests may run meanwhile, as nothing may depend on it.
@Suite(.serialized) struct TrainerDeterminismTests {
  let folder: TemporaryFolder
  let manifest: String

  init() throws {
    folder = try TemporaryFolder()
    manifest = try Tones.write(Tones.texts(8), to: "data", in: folder)
  }

  private static var models: [ModelConfiguration] {
    var deepSpeech = DeepSpeechConfiguration()
    (deepSpeech.contextSize, deepSpeech.hiddenSize) = (2, 40)
    return [
      .deepSpeech(deepSpeech),
      Tones.deepSpeech2(.rnn) { $0.hiddenSize = 33 },
      Tones.deepSpeech2(.lstm) { ($0.hiddenSize, $0.peepholes) = (40, true) },
      Tones.deepSpeech2(.gru) {
        ($0.contextSize, $0.frameStride, $0.lookahead) = (0, 1, 3)
        $0.direction = .forward
        $0.convolutions = [
          ConvolutionConfiguration(channels: 5, kernel: .init(5), stride: .init(2))
        ]
      },
    ]
  }

  private func recipe(_ model: ModelConfiguration) -> RecognitionRecipe {
    var recipe = Tones.recipe(train: manifest, validation: manifest)
    recipe.model = model
    recipe.rules.epochs = 2
    return Tones.eventful(recipe)
  }

  private func train(_ recipe: RecognitionRecipe, threads: Int, _ name: String) throws -> [Data] {
    let before = WorkerPool.threadCount
    WorkerPool.threadCount = threads
    defer { WorkerPool.threadCount = before }
    let output = folder.path + "/" + name
    _ = try Tones.trainer(recipe, to: output).run()
    return try ["last", "best"].map { try Tones.bytes(output + "/\($0).safetensors") }
  }

  @Test(arguments: models.indices)
  func oneThreadAndSeveralGiveTheSameBytes(index: Int) throws {
    let recipe = recipe(Self.models[index])
    let one = try train(recipe, threads: 1, "one")
    #expect(try train(recipe, threads: WorkerPool.coreCount, "all") == one)
  }

  @Test func anotherSeedGivesOthers() throws {
    var recipe = recipe(Self.models[1])
    let first = try train(recipe, threads: 1, "first")
    recipe.rules.seed = 2
    #expect(try train(recipe, threads: 1, "second") != first)
  }
}
