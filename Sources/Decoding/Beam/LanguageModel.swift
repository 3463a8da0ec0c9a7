/// What a language model remembers of the units before the next one.
///
/// A fixed block of words, so that it is copied without counting references and hashed quickly. What
/// the words mean is the model's matter: the identifiers of an n-gram's context, or the place of the
/// context in a trie.
public struct LanguageModelState: Hashable, Sendable {
  /// The words, zeros where the model needs fewer.
  public var words: SIMD16<UInt32>

  /// A state of these words.
  public init(words: SIMD16<UInt32> = .zero) { self.words = words }
}

/// A language model over words or over characters, as the beam search needs it.
///
/// It is asked once for each prefix that the search considers, not in every frame; so a call through
/// the protocol costs nothing that can be measured. Logarithms are natural.
public protocol LanguageModel: Sendable {
  /// The units that the model knows, without the marks of sentences and of unknown units, and their
  /// identifiers.
  var vocabulary: [(text: String, token: UInt32)] { get }

  /// The identifier that stands for every unknown unit.
  var unknownToken: UInt32 { get }

  /// The state at the start of a sentence.
  func begin() -> LanguageModelState

  /// The log-probability of a unit after a state, which moves on.
  func score(_ token: UInt32, after state: inout LanguageModelState) -> Float

  /// The log-probability that the sentence ends after a state.
  func endScore(after state: LanguageModelState) -> Float

  /// The log-probability of a unit without any context.
  func unigramScore(_ token: UInt32) -> Float
}
