import Configuration
import Layers
import ModelFiles
import Tensors

/// What a classifier of sequences and a labeller of their steps have in common: a configuration, how
/// inputs become numbers, the names of the labels, and the network.
public struct SequenceModel: Sendable {
  /// The sizes.
  public let configuration: SequenceModelConfiguration
  /// How inputs become numbers.
  public let encoder: SequenceEncoder
  /// The names of the network's outputs.
  public let labels: [String]
  /// The network.
  public var network: SequenceNetwork

  /// The target of what is behind a sequence's end.
  static let ignored = -1

  private let indices: [String: Int]

  /// A model with freshly drawn weights.
  ///
  /// - Parameter pools: Whether a sequence has one label instead of one for each step.
  /// - Throws: `SequencesError.tooFewLabels` for fewer than two.
  public init(
    _ configuration: SequenceModelConfiguration, encoder: SequenceEncoder, labels: [String],
    pools: Bool, random: inout RandomSource
  ) throws(SequencesError) {
    guard labels.count > 1 else { throw .tooFewLabels(found: labels) }
    self.init(
      configuration, encoder, labels,
      SequenceNetwork(
        configuration, encoder: encoder, labelCount: labels.count, pools: pools, random: &random))
  }

  private init(
    _ configuration: SequenceModelConfiguration, _ encoder: SequenceEncoder, _ labels: [String],
    _ network: SequenceNetwork
  ) {
    (self.configuration, self.encoder, self.labels) = (configuration, encoder, labels)
    self.network = network
    indices = Dictionary(zip(labels, 0...)) { first, _ in first }
  }

  /// The place of a label among the network's outputs.
  public func index(of label: String) -> Int? { indices[label] }

  /// The model in a file that was read.
  ///
  /// - Throws: `CheckpointError` naming the file and what is wrong with it.
  init(_ file: ModelFile, kind: String, pools: Bool) throws(CheckpointError) {
    try file.expect(kind: kind)
    let configuration = try file.decode(SequenceModelConfiguration.self, from: .configuration)
    try file.check(configuration)
    let encoder = try file.decode(SequenceEncoder.self, from: .inputs)
    let labels = try file.decode([String].self, from: .labels)
    guard labels.count > 1, Set(labels).count == labels.count else {
      throw .invalidEntry(
        path: file.name, key: ModelFile.Key.labels.rawValue, found: "\(labels)",
        expected: "two labels or more that differ")
    }
    // The weights drawn here are replaced at once; the seed does not matter.
    var random = RandomSource(seed: 0)
    var network = SequenceNetwork(
      configuration, encoder: encoder, labelCount: labels.count, pools: pools, random: &random)
    try file.load(into: &network)
    self.init(configuration, encoder, labels, network)
  }

  /// The model as a file without a training record.
  func modelFile(kind: String) throws(CheckpointError) -> ModelFile {
    var file = ModelFile(kind: kind)
    try file.encode(configuration, as: .configuration)
    try file.encode(encoder, as: .inputs)
    try file.encode(labels, as: .labels)
    file.store(network)
    return file
  }
}

extension ModelFile {
  /// What messages call it.
  var name: String { path ?? "the model in memory" }

  /// Checks a configuration that was decoded.
  func check(_ configuration: some Configuration) throws(CheckpointError) {
    do {
      try configuration.validate()
    } catch {
      throw .invalidEntry(
        path: name, key: Key.configuration.rawValue, found: error.description,
        expected: "what this program writes")
    }
  }
}
