import Configuration

enum Cell: String, Codable, CaseIterable { case rnn, lstm, gru }

struct LayerConfiguration: Configuration {
  var hiddenSize = 256
  var dropout: Float = 0.1
  var cell = Cell.lstm

  enum CodingKeys: String, CodingKey, CaseIterable { case hiddenSize, dropout, cell }

  init() {}

  init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.dropout, into: &dropout)
    try container.read(.cell, into: &cell)
  }

  func validate() throws(ConfigurationError) {
    guard hiddenSize > 0 else {
      throw .invalid(key: "hiddenSize", found: "\(hiddenSize)", expected: "1 or more")
    }
  }
}

struct SampleConfiguration: Configuration {
  var name = "plain"
  var epochs = 10
  var learningRate = 1e-3
  var shuffle = true
  var seed: Int?
  var sizes = [1, 2, 3]
  var model = LayerConfiguration()
  var layers: [LayerConfiguration] = []

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, epochs, learningRate, shuffle, seed, sizes, model, layers
  }

  init() {}

  init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.name, into: &name)
    try container.read(.epochs, into: &epochs)
    try container.read(.learningRate, into: &learningRate)
    try container.read(.shuffle, into: &shuffle)
    try container.read(.seed, into: &seed)
    try container.read(.sizes, into: &sizes)
    try container.read(.model, into: &model)
    try container.read(.layers, into: &layers)
  }

  func validate() throws(ConfigurationError) {
    guard learningRate.isFinite, learningRate > 0 else {
      throw .invalid(key: "learningRate", found: "\(learningRate)", expected: "a number over 0")
    }
    try model.validate(under: "model")
  }
}

/// What `load` says of a YAML text.
func failure(_ yaml: String, _ overrides: String...) -> String {
  do {
    let value = try ConfigurationFile.decode(
      SampleConfiguration.self, yaml: yaml, file: "a.yaml", overrides: overrides)
    return "read as \(value)"
  } catch {
    return error.description
  }
}

/// A configuration read from YAML text.
func sample(_ yaml: String, _ overrides: String...) throws -> SampleConfiguration {
  try ConfigurationFile.decode(yaml: yaml, file: "a.yaml", overrides: overrides)
}
