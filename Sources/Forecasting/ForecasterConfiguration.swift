import Configuration
import Layers

/// A model of time series: what the columns are, what it sees, what it is made of, what it says.
public struct ForecasterConfiguration: Configuration {
  /// What the columns of a file mean.
  public var data = SeriesConfiguration()
  /// How the rows are divided for training, validation and test.
  public var split = SplitConfiguration()
  /// Rows that the network sees.
  public var contextLength = 168
  /// Rows that it forecasts.
  public var predictionLength = 24
  /// What is subtracted from the targets of each window.
  public var normalization = WindowNormalization.none
  /// The rows of a season, for the seasonal naive forecast; by default what the frequency suggests.
  public var seasonLength: Int?
  /// What the network is made of.
  public var model = ForecastModelConfiguration()
  /// What it says about each value.
  public var output = ForecastOutputConfiguration()

  /// A direct LSTM over a week of hours.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case data, split, contextLength, predictionLength, normalization, seasonLength, model, output
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.data, into: &data)
    try container.read(.split, into: &split)
    try container.read(.contextLength, into: &contextLength)
    try container.read(.predictionLength, into: &predictionLength)
    try container.read(.normalization, into: &normalization)
    try container.read(.seasonLength, into: &seasonLength)
    try container.read(.model, into: &model)
    try container.read(.output, into: &output)
  }

  /// Checks every value, and that they go together.
  public func validate() throws(ConfigurationError) {
    try data.validate(under: "data")
    try split.validate(under: "split")
    try Self.require(
      (1...100_000).contains(contextLength), "contextLength", contextLength, "1 to 100000")
    try Self.require(
      (1...10_000).contains(predictionLength), "predictionLength", predictionLength, "1 to 10000")
    if let seasonLength {
      try Self.require(
        (1...1_000_000).contains(seasonLength), "seasonLength", seasonLength, "1 or more")
    }
    try model.validate(under: "model")
    try output.validate(under: "output")
    guard model.feedsBack else { return }
    guard output.kind != .quantiles else {
      throw .invalid(
        key: "output.kind", found: "quantiles with model.kind \(model.kind.rawValue)",
        expected: "gaussian or point, for a forecast that is fed back is drawn or is one number; "
          + "or model.kind: direct")
    }
    guard model.kind != .autoregressive || data.pastCovariates.isEmpty else {
      throw .invalid(
        key: "data.pastCovariates", found: "given with model.kind autoregressive",
        expected: "none, because they are not known for its next step; or model.kind: direct")
    }
  }

  private static func require(
    _ condition: Bool, _ key: String, _ found: Int, _ expected: String
  ) throws(ConfigurationError) {
    guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
  }

  /// The lengths of a window.
  public var window: WindowShape {
    WindowShape(
      contextLength: contextLength, predictionLength: predictionLength,
      normalization: normalization)
  }
}

/// What a forecaster's network is made of.
public struct ForecastModelConfiguration: Configuration {
  /// How it comes from the context to the horizon.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// A recurrent encoder whose last state is mapped to all steps at once.
    case direct
    /// A recurrent net that says the next value and is fed with it (Graves 2013; Salinas et al. 2020).
    case autoregressive
    /// A recurrent decoder that looks back at all states of the encoder (Bahdanau et al. 2015).
    case attention
  }

  /// A recurrent cell.
  public enum Cell: String, Codable, Sendable, CaseIterable {
    case rnn, lstm, gru
  }

  /// How it comes from the context to the horizon.
  public var kind = Kind.direct
  /// The recurrent cell.
  public var cell = Cell.lstm
  /// The number of features of a state.
  public var hiddenSize = 64
  /// The number of recurrent layers.
  public var layerCount = 1
  /// The probability that a feature between layers is dropped.
  public var dropout: Float = 0
  /// Whether a linear map of the window's targets is added to the forecast (as Zeng et al. 2023
  /// forecast by that alone).
  public var linearSkip = false
  /// The size of a vector that is learned for each series, 0 for none.
  public var groupEmbeddingSize = 0
  /// How the decoder of `attention` looks back.
  public var attention = AttentionConfiguration()
  /// Whether the decoder of `attention` is fed with the value before; without, it is told the last
  /// value of the context at every step, errors do not add up, and it may say quantiles.
  public var feedback = true

  /// A direct LSTM.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, cell, hiddenSize, layerCount, dropout, linearSkip, groupEmbeddingSize
    case attention, feedback
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.cell, into: &cell)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.layerCount, into: &layerCount)
    try container.read(.dropout, into: &dropout)
    try container.read(.linearSkip, into: &linearSkip)
    try container.read(.groupEmbeddingSize, into: &groupEmbeddingSize)
    try container.read(.attention, into: &attention)
    try container.read(.feedback, into: &feedback)
  }

  /// Whether what the network says is fed back to it.
  var feedsBack: Bool { kind == .autoregressive || kind == .attention && feedback }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    let sizes = [
      ("hiddenSize", hiddenSize, 1...8192), ("layerCount", layerCount, 1...16),
      ("groupEmbeddingSize", groupEmbeddingSize, 0...1024),
    ]
    for (key, value, range) in sizes where !range.contains(value) {
      throw .invalid(
        key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    guard dropout >= 0, dropout < 1 else {
      throw .invalid(key: "dropout", found: "\(dropout)", expected: "0 to below 1")
    }
    try attention.validate(under: "attention")
    guard kind != .attention || cell != .rnn else {
      throw .invalid(key: "cell", found: "rnn with kind: attention", expected: "lstm or gru")
    }
  }
}

/// What a forecaster says about each value.
public struct ForecastOutputConfiguration: Configuration {
  /// In what form.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// One number.
    case point
    /// Some quantiles.
    case quantiles
    /// Mean and deviation of a normal distribution.
    case gaussian
  }

  /// What a point forecast is trained to make small.
  public enum Loss: String, Codable, Sendable, CaseIterable {
    /// The squared error.
    case mse
    /// The absolute error.
    case mae
    /// The squared error of small errors and the absolute one of large ones (Huber 1964).
    case huber
  }

  /// In what form.
  public var kind = Kind.point
  /// What a point forecast is trained to make small.
  public var loss = Loss.mse
  /// The levels of quantiles, ascending.
  public var levels: [Float] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]

  /// One number, by the squared error.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case kind, loss, levels }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.loss, into: &loss)
    try container.read(.levels, into: &levels)
  }

  /// Checks the levels.
  public func validate() throws(ConfigurationError) {
    let ascends = zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 }
    guard !levels.isEmpty, ascends, levels.allSatisfy({ 0 < $0 && $0 < 1 }) else {
      throw .invalid(
        key: "levels", found: "\(levels)", expected: "ascending numbers between 0 and 1")
    }
  }

  /// How many numbers the network says about one value.
  var width: Int {
    switch kind {
    case .point: 1
    case .quantiles: levels.count
    case .gaussian: 2
    }
  }
}
