import Audio
import Configuration
import Decoding
import Layers
import ModelFiles
import Tensors

extension Recognizer {
  /// Reads a recognizer from a model file.
  ///
  /// - Throws: `CheckpointError` naming the file and what is wrong with it.
  public init(reading path: String) throws(CheckpointError) {
    try self.init(ModelFile(reading: path))
  }

  /// The recognizer in a model file that was read.
  public init(_ file: ModelFile) throws(CheckpointError) {
    guard ModelConfiguration.Kind(rawValue: file.kind) != nil else {
      let kinds = ModelConfiguration.Kind.allCases.map(\.rawValue)
      throw .wrongKind(
        path: file.path ?? "model", found: file.kind, expected: kinds.joined(separator: "' or '"))
    }
    let configuration = try file.decode(RecognizerConfiguration.self, from: .configuration)
    try file.check(.configuration) { () throws(ConfigurationError) in
      try configuration.validate()
      if configuration.model.kind.rawValue != file.kind {
        throw .invalid(
          key: "kind", found: "'\(file.kind)'", expected: configuration.model.kind.rawValue)
      }
    }
    let alphabet = try file.decode(Alphabet.self, from: .alphabet)
    var needsStatistics = false
    if case .sound(let sound) = configuration.features {
      needsStatistics = sound.normalization == .dataset
    }
    let statistics =
      needsStatistics || file[.statistics] != nil
      ? try file.decode(FeatureStatistics.self, from: .statistics) : nil
    let extractor = try file.check(.statistics) { () throws(ConfigurationError) in
      try InputExtractor(configuration.features, statistics: statistics)
    }
    // The weights drawn here are replaced at once; the seed does not matter.
    var random = RandomSource(seed: 0)
    var network = RecognitionNetwork(
      configuration, inputSize: extractor.featureSize, labelCount: alphabet.labelCount,
      random: &random)
    try file.load(into: &network)
    self.init(
      configuration: configuration, alphabet: alphabet, extractor: extractor,
      model: network.model, speller: network.speller)
    decoder = try file.decoderRecord()
  }

  /// The recognizer as a model file without a training record.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    var file = ModelFile(kind: configuration.model.kind.rawValue)
    try file.encode(configuration, as: .configuration)
    try file.encode(alphabet, as: .alphabet)
    if let statistics = extractor.statistics { try file.encode(statistics, as: .statistics) }
    if let decoder { try file.encode(decoder, as: .decoder) }
    file.store(network)
    return file
  }
}

extension ModelFile {
  /// Runs a check of an entry and names file and entry if it fails.
  fileprivate func check<Result>(
    _ key: Key, _ body: () throws(ConfigurationError) -> Result
  ) throws(CheckpointError) -> Result {
    do {
      return try body()
    } catch {
      throw .invalidEntry(
        path: path ?? "model", key: key.rawValue, found: error.description,
        expected: "what this program writes")
    }
  }
}
