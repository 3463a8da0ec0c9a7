import Configuration

/// Why a beam search cannot be set up as it was asked.
public enum DecodingError: Error, Equatable, CustomStringConvertible, Sendable {
  /// A hot word or phrase cannot be written in the alphabet.
  case hotWord(String, reason: AlphabetError)
  /// A hot word is nothing but spaces.
  case emptyHotWord
  /// The boost of a hot word is not a number of use.
  case boost(String, found: Float)
  /// A word of the lexicon cannot be written in the alphabet.
  case lexiconWord(String, reason: AlphabetError)
  /// An entry of the lexicon is not one word.
  case notOneWord(String)
  /// The lexicon has no word.
  case emptyLexicon
  /// No word of the word model can be written in the alphabet.
  case foreignVocabulary(words: Int)
  /// The labels are in the order on paper, the model in the order of speaking.
  case directionOfModel
  /// Two language models have the same unit.
  case twoModels(unit: String)
  /// The search is limited to a vocabulary, and there is no word model.
  case noVocabulary
  /// A list of words cannot be read.
  case unreadable(file: String, reason: String)
  /// A line of a list of words is not as it should be.
  case malformed(file: String, line: Int, found: String, expected: String)
  /// The configuration is not valid.
  case configuration(ConfigurationError)

  /// One line with what was found and what to do.
  public var description: String {
    switch self {
    case .hotWord(let text, let reason): "hot word '\(text)': \(reason)"
    case .emptyHotWord: "a hot word is empty; expected one or more words"
    case .boost(let text, let found):
      "hot word '\(text)': the boost is \(found); expected -1000 to 1000"
    case .lexiconWord(let word, let reason): "word '\(word)' of the lexicon: \(reason)"
    case .notOneWord(let entry):
      "'\(entry)' in the lexicon; expected one word without spaces"
    case .emptyLexicon: "the lexicon has no words; nothing could be written with it"
    case .foreignVocabulary(let words):
      "none of the \(words) words of the language model can be written in the alphabet; "
        + "expected a model of the same language and case"
    case .directionOfModel:
      "language models are not supported for writing from right to left; leave the model out"
    case .twoModels(let unit):
      "two language models of the unit '\(unit)'; expected at most one of words and one of characters"
    case .noVocabulary:
      "vocabularyOnly needs a word model; give one, or a lexicon, or set vocabularyOnly to false"
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .malformed(let file, let line, let found, let expected):
      "\(file):\(line): found '\(found)'; expected \(expected)"
    case .configuration(let error): error.description
    }
  }
}
