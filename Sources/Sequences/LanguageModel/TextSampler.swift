import Layers
import Tensors

/// Writes a text token by token, each drawn from what the model expects after those before it.
public struct TextSampler {
  /// The model.
  public let model: RecurrentLanguageModel
  /// How tokens are chosen.
  public let options: SamplingOptions
  private var random: RandomSource
  private var states: [RecurrentState]
  private var logits: [Float] = []

  /// A sampler at the beginning of a line, behind a prompt.
  ///
  /// - Parameter seed: The same seed gives the same text.
  public init(
    _ model: RecurrentLanguageModel, prompt: String = "", options: SamplingOptions = .init(),
    seed: UInt64
  ) {
    (self.model, self.options) = (model, options)
    random = RandomSource(seed: seed)
    states = model.initialStates
    let vocabulary = model.vocabulary
    read(vocabulary.label(of: TokenStream.lineEnd))
    for (index, line) in prompt.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      if index > 0 { read(vocabulary.label(of: TokenStream.lineEnd)) }
      for token in vocabulary.unit.split(line) { read(vocabulary.label(of: token)) }
    }
  }

  private mutating func read(_ label: Int) {
    logits = model.network([label], batch: 1, states: &states).tensor.scalars
  }

  /// The next token.
  public mutating func next() -> String {
    let label = options.draw(logits, from: Vocabulary.unknown + 1, random: &random)
    read(label)
    return model.vocabulary.token(of: label) ?? ""
  }

  /// The text of the next tokens; words stand behind each other with a space between.
  public mutating func text(length: Int) -> String {
    model.vocabulary.unit.join((0..<length).map { _ in next() })
  }
}
