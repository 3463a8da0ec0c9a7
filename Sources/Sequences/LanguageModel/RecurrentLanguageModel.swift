import Autograd
import Layers
import ModelFiles
import Tensors

/// Predicts the next character or word of a text from all before it (Mikolov et al. 2010).
public struct RecurrentLanguageModel: Sendable {
  /// The kind of its model file.
  public static let kind = "languageModel"

  /// The sizes.
  public let configuration: LanguageModelConfiguration
  /// The tokens, the line's end among them.
  public let vocabulary: Vocabulary
  /// The network.
  public var network: LanguageNetwork

  /// A model with freshly drawn weights.
  public init(
    _ configuration: LanguageModelConfiguration, vocabulary: Vocabulary,
    random: inout RandomSource
  ) {
    (self.configuration, self.vocabulary) = (configuration, vocabulary)
    network = LanguageNetwork(
      configuration, labelCount: vocabulary.labelCount, random: &random)
  }

  /// The model in a file that was read.
  ///
  /// - Throws: `CheckpointError` naming the file and what is wrong with it.
  public init(_ file: ModelFile) throws(CheckpointError) {
    try file.expect(kind: Self.kind)
    let configuration = try file.decode(LanguageModelConfiguration.self, from: .configuration)
    try file.check(configuration)
    let vocabulary = try file.decode(Vocabulary.self, from: .inputs)
    // The weights drawn here are replaced at once; the seed does not matter.
    var random = RandomSource(seed: 0)
    self.init(configuration, vocabulary: vocabulary, random: &random)
    try file.load(into: &network)
  }

  /// The model as a file without a training record.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    var file = ModelFile(kind: Self.kind)
    try file.encode(configuration, as: .configuration)
    try file.encode(vocabulary, as: .inputs)
    file.store(network)
    return file
  }

  /// The states before a text.
  public var initialStates: [RecurrentState] { network.recurrent.initialStates }

  /// The mean cost of a batch's targets, in nats.
  ///
  /// - Parameter states: What the batch before left behind, a constant to the way back; moved on.
  public func loss(
    _ batch: TokenBatch, states: inout [RecurrentState], on tape: Tape? = nil
  ) -> Variable {
    let logits = network(batch.inputs, batch: batch.columns, states: &states, on: tape)
    return crossEntropy(logits: logits, targets: batch.targets, on: tape).loss
  }
}

/// How well a model predicts a text.
public struct TextScore: Sendable, Equatable {
  /// The tokens that were predicted.
  public let tokenCount: Int
  /// How many of them the model does not know; they are predicted as one token.
  public let unknownCount: Int
  /// The characters of the text.
  public let characterCount: Int
  /// The negative log-likelihood of all tokens.
  public let nats: Double

  /// e to the mean cost of a token.
  public var perplexity: Double { Sequences.perplexity(ofNats: nats / Double(max(1, tokenCount))) }
  /// The cost of a character in bits.
  public var bitsPerCharacter: Double { nats / natsPerBit / Double(max(1, characterCount)) }
}

extension RecurrentLanguageModel {
  /// How well the model predicts a text.
  ///
  /// - Parameters:
  ///   - columns: How many parts of the text are read beside each other, each from its own beginning:
  ///     faster, and a little worse, because all but the first lack what came before. Tokens that do
  ///     not fill a row at the end are left out.
  ///   - stepLength: How many steps are read at a time, which changes nothing but memory.
  public func score(
    _ stream: TokenStream, columns: Int = 1, stepLength: Int = 256
  ) -> TextScore {
    let pieces = stream.pieces(columns: columns, stepLength: stepLength)
    var states = initialStates
    var (nats, tokens, unknown) = (0.0, 0, 0)
    for index in 0..<pieces.count {
      let batch = pieces[index]
      let logits = network(batch.inputs, batch: batch.columns, states: &states)
      nats += crossEntropy(logits: logits, targets: batch.targets).perRow
        .reduce(0.0) { $0 + Double($1) }
      tokens += batch.targets.count
      unknown += batch.targets.count { $0 == Vocabulary.unknown }
    }
    let share = Double(tokens) / Double(max(1, stream.tokenCount))
    return TextScore(
      tokenCount: tokens, unknownCount: unknown,
      characterCount: Int((Double(stream.characterCount) * share).rounded()), nats: nats)
  }
}
