import Configuration
import Tensors

/// The most probable texts of a signal under a network, language models, a lexicon and hot words.
///
/// CTC prefix beam search in log space (Hannun et al. 2014; Graves and Jaitly 2014). What is maximised
/// is written at ``DecodingConfiguration``. A word is scored by the word model when a delimiter or the
/// end follows; in an alphabet without a delimiter the whole text is one word. The search is exact if
/// the beam is as wide as there are prefixes and nothing is pruned.
///
/// Delimiters at the ends of a text and repeated ones are not part of it: the probability of a text
/// is the sum over all ways to write it with and without them.
public struct PrefixBeamSearch: TranscriptDecoder {
  /// The number of labels in a row of log-probabilities, the blank included.
  public let labelCount: Int
  /// The weights and the limits of the search.
  public var configuration: DecodingConfiguration { scorer.configuration }
  let scorer: PrefixScorer

  /// What is known of one sequence so far.
  public struct State: Sendable {
    var beam: Beam

    /// How many prefixes are held, those in the beam and those that may be needed again.
    package var prefixCount: Int { beam.arena.count }
  }

  /// A search for texts in an alphabet.
  ///
  /// - Parameters:
  ///   - wordModel: A model over words, if any.
  ///   - characterModel: A model over characters, if any; the delimiter is one of them.
  ///   - lexicon: The only words that may be written, besides those of `hotWords`; nil allows any.
  ///   - hotWords: Words and phrases that are more likely than the models think.
  /// - Throws: `DecodingError` if a hot word or a word of the lexicon has a character that the
  ///   alphabet lacks, or if the parts do not fit together.
  public init(
    alphabet: Alphabet, configuration: DecodingConfiguration = DecodingConfiguration(),
    wordModel: (any LanguageModel)? = nil, characterModel: (any LanguageModel)? = nil,
    lexicon: [String]? = nil, hotWords: [HotWord] = []
  ) throws(DecodingError) {
    do {
      try configuration.validate()
    } catch {
      throw .configuration(error)
    }
    labelCount = alphabet.labelCount
    scorer = try PrefixScorer(
      alphabet: alphabet, configuration: configuration, words: wordModel,
      characters: characterModel, lexicon: lexicon, hotWords: hotWords)
  }

  /// The same search with other weights and limits.
  ///
  /// The tables of words are shared, so that a grid of weights costs one construction. Boosts of hot
  /// words and the vocabulary stay as they are.
  ///
  /// - Throws: `ConfigurationError` naming the key.
  public func with(_ configuration: DecodingConfiguration) throws(ConfigurationError) -> Self {
    try configuration.validate()
    return Self(labelCount: labelCount, scorer: scorer.with(configuration))
  }

  private init(labelCount: Int, scorer: PrefixScorer) {
    (self.labelCount, self.scorer) = (labelCount, scorer)
  }

  /// The state before the first frame.
  public func begin() -> State { State(beam: Beam(scorer)) }

  /// Takes in the next frames, `[time, label]`.
  ///
  /// - Complexity: O(*time* · *beamWidth* · *label*), less what is pruned.
  public func advance(_ state: inout State, by logProbabilities: Tensor) {
    check(logProbabilities)
    logProbabilities.withUnsafeBufferPointer { elements in
      LogSum.withFunction { sum in
        var frame = BeamFrame(scorer, sum)
        for start in stride(from: 0, to: elements.count, by: labelCount) {
          frame.advance(&state.beam, by: elements[start..<start + labelCount])
        }
      }
    }
  }

  /// The best readings of the frames so far; the last word of each may be unfinished.
  ///
  /// A word that could not end here is ranked by what it may become, and the sentence does not end.
  public func hypotheses(_ state: State) -> [Hypothesis] {
    BeamReadings(state.beam, scorer, isWhole: false).best
  }

  /// The best readings of the whole sequence.
  ///
  /// Where a lexicon is obligatory and no reading ends with one of its words, the readings are those
  /// of ``hypotheses(_:)`` without their last word.
  public func finish(_ state: State) -> [Hypothesis] {
    BeamReadings(state.beam, scorer, isWhole: true).best
  }
}
