import Audio
import Decoding
import Layers
import ModelFiles
import Recognition
import Tensors
import TestSupport
import Testing

@Suite struct RecognizerFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ModelVariant.all)
  func aModelReadBackHearsTheSameToTheBit(variant: ModelVariant) throws {
    for normalization in FeatureConfiguration.Normalization.allCases {
      let recognizer = try RecognizerFixtures.random(
        variant.configuration, normalization: normalization)
      try recognizer.modelFile().write(to: path)
      let back = try Recognizer(reading: path)
      #expect(back.configuration == recognizer.configuration)
      #expect(back.alphabet == recognizer.alphabet)
      #expect(back.extractor.statistics == recognizer.extractor.statistics)
      #expect(back.frameDuration == recognizer.frameDuration)
      let sounds = [RecognizerFixtures.noise(6000), RecognizerFixtures.noise(2500, seed: 8)]
      #expect(back.logProbabilities(of: sounds) == recognizer.logProbabilities(of: sounds))
      let again = folder.file("again.safetensors")
      try back.modelFile().write(to: again)
      #expect(try contents(of: again) == contents(of: path))
    }
  }

  @Test func aModelOfAnotherArchitectureIsRefusedWithItsDifferences() throws {
    let file = try RecognizerFixtures.random(ModelVariant.deepSpeech.configuration).modelFile()
    for variant in ModelVariant.all.dropFirst() {
      var random = RandomSource(seed: 1)
      var model = variant.configuration.makeModel(
        inputSize: 12, labelCount: 6, random: &random)
      let before = model.namedParameters.map(\.parameter.value)
      let error = #expect(throws: CheckpointError.self) { try file.load(into: &model) }
      let message = error.map { "\($0)" } ?? ""
      #expect(message.contains("dense.0.weight"), "\(message)")
      #expect(message.contains("is not part of the model"), "\(message)")
      #expect(model.namedParameters.map(\.parameter.value) == before, "all or nothing")
    }
  }

  @Test func anotherSizeIsRefusedWithBothShapes() throws {
    var sizes = DeepSpeechConfiguration()
    (sizes.contextSize, sizes.hiddenSize) = (2, 7)
    var file = try RecognizerFixtures.random(.deepSpeech(sizes)).modelFile()
    sizes.hiddenSize = 8
    let other = try RecognizerFixtures.random(.deepSpeech(sizes))
    try file.encode(other.configuration, as: .configuration)
    try file.write(to: path)
    let error = #expect(throws: CheckpointError.self) { try Recognizer(reading: path) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.hasPrefix(path), "\(message)")
    #expect(
      message.contains("dense.0.weight is [7, 60] in the file, expected [8, 60]"), "\(message)")
  }

  @Test func aModelThatIsNoRecognizerIsNamedByItsKind() {
    let error = #expect(throws: CheckpointError.self) {
      try Recognizer(ModelFile(kind: "translator"))
    }
    guard case .wrongKind(_, "translator", let expected)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(expected.contains("deepSpeech2"))
  }

  @Test func entriesThatContradictTheTensorsAreNamed() throws {
    let good = try RecognizerFixtures.random(
      ModelVariant.deepSpeech.configuration, normalization: .dataset
    ).modelFile()
    let spoilers: [(String, (inout ModelFile) throws -> Void)] = [
      ("alphabet", { try $0.encode(Alphabet("ab"), as: .alphabet) }),
      ("configuration", { $0[.configuration] = "{\"model\": {\"hiddenSize\": -3}}" }),
      ("configuration", { $0[.configuration] = "{\"modle\": {}}" }),
      ("configuration", { $0[.configuration] = nil }),
      ("alphabet", { $0[.alphabet] = "[\"a\", \"a\"]" }),
      ("alphabet", { $0[.alphabet] = nil }),
      ("statistics", { $0[.statistics] = "{}" }),
      (
        "statistics",
        {
          try $0.encode(FeatureStatistics(of: Tensor(zeros: [4, 3])), as: .statistics)
        }
      ),
      ("kind", { $0[.kind] = "deepSpeech2" }),
    ]
    for (key, spoil) in spoilers {
      var file = good
      try spoil(&file)
      let error = #expect(throws: CheckpointError.self, "\(key)") { try Recognizer(file) }
      let message = error.map { "\($0)" } ?? ""
      // An alphabet of another size shows in the shape of the output layer.
      #expect(message.contains(key) || message.contains("output.weight"), "\(key): \(message)")
    }
  }

  @Test func statisticsThatAreNeededAndMissingAreNamed() throws {
    var file = try RecognizerFixtures.random(
      ModelVariant.deepSpeech.configuration, normalization: .dataset
    ).modelFile()
    file[.statistics] = nil
    let error = #expect(throws: CheckpointError.self) { try Recognizer(file) }
    #expect(error.map { "\($0)" }?.contains("statistics") ?? false)
  }
}
