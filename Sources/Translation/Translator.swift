import Configuration
import Layers
import ModelFiles
import Tensors

/// What is stored of a translator besides its weights.
public struct TranslatorConfiguration: Configuration {
  /// The network.
  public var model = TranslationNetworkConfiguration()
  /// How translations are looked for, unless the user says otherwise.
  public var search = TranslationSearchConfiguration()

  /// The defaults.
  public init() {}

  /// The keys in a model file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case model, search }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.model, into: &model)
    try container.read(.search, into: &search)
  }

  /// Checks every part against its range.
  public func validate() throws(ConfigurationError) {
    try model.validate(under: "model")
    try search.validate(under: "search")
  }
}

/// A network with the vocabularies of its two languages: text in, text out.
public struct Translator: Sendable {
  /// The name of this kind of model in files.
  public static let kind = "translator"

  /// How the parts are made.
  public var configuration: TranslatorConfiguration
  /// The tokens of both languages.
  public let vocabularies: VocabularyPair
  /// The network.
  public var network: TranslationNetwork

  /// A translator of these parts.
  public init(
    configuration: TranslatorConfiguration, vocabularies: VocabularyPair,
    network: TranslationNetwork
  ) {
    self.configuration = configuration
    self.vocabularies = vocabularies
    self.network = network
  }

  /// Reads a translator from a model file.
  ///
  /// - Throws: `CheckpointError` naming the file and what is wrong with it.
  public init(reading path: String) throws(CheckpointError) {
    try self.init(ModelFile(reading: path))
  }

  /// The translator in a model file that was read.
  public init(_ file: ModelFile) throws(CheckpointError) {
    try file.expect(kind: Self.kind)
    configuration = try file.decode(TranslatorConfiguration.self, from: .configuration)
    do {
      try configuration.validate()
    } catch {
      throw .invalidEntry(
        path: file.path ?? "model", key: ModelFile.Key.configuration.rawValue,
        found: error.description, expected: "what this program writes")
    }
    vocabularies = try file.decode(VocabularyPair.self, from: .vocabulary)
    // The weights drawn here are replaced at once; the seed does not matter.
    var random = RandomSource(seed: 0)
    network = TranslationNetwork(
      configuration.model, sourceCount: vocabularies.source.count,
      targetCount: vocabularies.target.count, random: &random)
    try file.load(into: &network)
  }

  /// Whether another translator has the same tokens, so that both can decide together.
  public func hasVocabularies(of other: Translator) -> Bool {
    vocabularies.source.hasTokens(of: other.vocabularies.source)
      && vocabularies.target.hasTokens(of: other.vocabularies.target)
  }

  /// The translator as a model file without a training record.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    var file = ModelFile(kind: Self.kind)
    try file.encode(configuration, as: .configuration)
    try file.encode(vocabularies, as: .vocabulary)
    file.store(network)
    return file
  }
}
