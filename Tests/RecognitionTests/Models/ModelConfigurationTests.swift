import Configuration
import Layers
import Recognition
import Testing

@Suite struct ModelConfigurationTests {
  private func decode(_ yaml: String) throws(ConfigurationError) -> ModelConfiguration {
    try ConfigurationFile.decode(yaml: yaml, file: "recipe.yaml")
  }

  private func refusal(of yaml: String) -> ConfigurationError? {
    #expect(throws: ConfigurationError.self) { _ = try decode(yaml) }
  }

  @Test(arguments: ModelVariant.all)
  func comesBackFromYAMLAndJSON(variant: ModelVariant) throws {
    let yaml = try ConfigurationFile.yaml(of: variant.configuration)
    #expect(try decode(yaml) == variant.configuration)
    let json = try ConfigurationFile.json(of: variant.configuration)
    let back: ModelConfiguration = try ConfigurationFile.decode(json: json, file: "model")
    #expect(back == variant.configuration)
    #expect(try ConfigurationFile.json(of: back) == json)
  }

  @Test func defaultsAreDeepSpeech2() throws {
    #expect(try decode("") == .deepSpeech2(DeepSpeech2Configuration()))
    #expect(try decode("kind: deepSpeech") == .deepSpeech(DeepSpeechConfiguration()))
    #expect(try decode("hiddenSize: 9").kind == .deepSpeech2)
  }

  @Test(arguments: [
    ("kind: deepSpeech\nhiddenSizes: 3", "hiddenSizes", "did you mean hiddenSize?"),
    ("kind: deepSpeech\nlayerCount: 3", "layerCount", "contextSize"),
    ("hidenSize: 3", "hidenSize", "did you mean hiddenSize?"),
    ("convolutions: [{chanels: 3}]", "convolutions.0.chanels", "did you mean channels?"),
    ("convolutions: [{kernel: {hight: 3}}]", "convolutions.0.kernel.hight", "height"),
  ])
  func unknownKeysAreRefused(yaml: String, key: String, hint: String) throws {
    let error = try #require(refusal(of: yaml))
    #expect(error.key == key)
    #expect("\(error)".contains(hint), "\(error)")
    #expect("\(error)".hasPrefix("recipe.yaml"), "\(error)")
  }

  @Test(arguments: [
    ("kind: deepSpeech\nhiddenSize: -1", "hiddenSize"),
    ("kind: deepSpeech\nhiddenSize: 0", "hiddenSize"),
    ("kind: deepSpeech\ncontextSize: -2", "contextSize"),
    ("kind: deepSpeech\ndropout: 1", "dropout"),
    ("kind: deepSpeech\ndropout: -0.1", "dropout"), ("kind: deepSpeech\ndropout: .nan", "dropout"),
    ("hiddenSize: -5", "hiddenSize"), ("hiddenSize: 100000000", "hiddenSize"),
    ("layerCount: 0", "layerCount"), ("layerCount: -1", "layerCount"),
    ("frameStride: 0", "frameStride"), ("contextSize: -1", "contextSize"),
    ("lookahead: -1", "lookahead"), ("dropout: 1.5", "dropout"),
    ("cell: gru\npeepholes: true", "peepholes"),
    ("convolutions: [{channels: -1}]", "convolutions.0.channels"),
    ("convolutions: [{}, {kernel: {height: -3, width: 1}}]", "convolutions.1.kernel.height"),
    ("convolutions: [{stride: {height: 1, width: 0}}]", "convolutions.0.stride.width"),
    ("convolutions: [{}, {}, {}, {}, {}, {}]", "convolutions"),
  ])
  func sizesOutOfRangeAreNamed(yaml: String, key: String) throws {
    let error = try #require(refusal(of: yaml))
    #expect(error.key == key, "\(error)")
  }

  @Test(arguments: ["kind: deepspeech3", "cell: mlp", "direction: sideways", "hiddenSize: many"])
  func wordsAndTypesAreChecked(yaml: String) throws {
    let error = try #require(refusal(of: yaml))
    #expect(error.key == String(yaml.prefix { $0 != ":" }), "\(error)")
  }

  @Test func partsOfARecognizerAreNestedUnderTheirKeys() throws {
    for (yaml, key) in [
      ("model: {hiddenSize: -1}", "model.hiddenSize"),
      ("model: {convolutions: [{channels: 0}]}", "model.convolutions.0.channels"),
      ("features: {melCount: 0}", "features.melCount"), ("modell: {}", "modell"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        _ = try ConfigurationFile.decode(RecognizerConfiguration.self, yaml: yaml, file: "r.yaml")
      }
      #expect(error?.key == key, "\(yaml)")
    }
  }
}
