import Tensors
import Translation

/// Splits the sentences of a batch into other pieces in each epoch.
struct SubwordResampling: Sendable {
  private let source: SubwordSampler
  private let target: SubwordSampler
  private let vocabularies: VocabularyPair
  private let seed: UInt64
  private let maximumLength: Int

  /// What a recipe asks for; nil if splits are to be the same in each epoch.
  init?(_ recipe: TranslationRecipe, _ vocabularies: VocabularyPair) {
    guard let method = recipe.vocabulary.sampling,
      let source = vocabularies.source.subwords, let target = vocabularies.target.subwords
    else { return nil }
    self.source = SubwordSampler(source, method)
    self.target = SubwordSampler(target, method)
    self.vocabularies = vocabularies
    seed = UInt64(recipe.rules.seed)
    maximumLength = recipe.data.maximumLength
  }

  /// The pair in other pieces, the same for the same epoch and place in the corpus; as it is where it would
  /// become longer than pairs may be.
  func callAsFunction(_ pair: TokenPair, epoch: Int, index: Int) -> TokenPair {
    var random = RandomSource(seed: seed, RandomPurpose.augmentation.rawValue, epoch, index)
    let sampled = TokenPair(
      source: encode(Array(pair.source.dropLast()), vocabularies.source, source, &random)
        + [vocabularies.source.end],
      target: encode(pair.target, vocabularies.target, target, &random))
    let length = max(sampled.source.count - 1, sampled.target.count)
    return length <= maximumLength ? sampled : pair
  }

  /// Sentences with an unknown piece stay, since their text does not come back.
  private func encode(
    _ tokens: [Int], _ vocabulary: Vocabulary, _ sampler: SubwordSampler,
    _ random: inout RandomSource
  ) -> [Int] {
    tokens.contains(vocabulary.unknown)
      ? tokens : sampler.encode(vocabulary.decode(tokens), random: &random)
  }
}
