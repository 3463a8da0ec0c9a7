import Decoding
import Recognition

extension TrainingSetup {
  /// The characters to learn.
  ///
  /// - Parameters:
  ///   - stored: The recognizer to begin with, if there is one.
  ///   - path: Its file, for the error.
  static func alphabet(
    of counts: [Character: Int], _ recipe: RecognitionRecipe, stored: Recognizer?,
    policy: AlphabetPolicy,
    path: String?
  ) throws(TrainerError) -> Alphabet {
    let learned = Alphabet(
      counts: counts, minimumCount: recipe.data.minimumCharacterCount, unit: recipe.text.unit,
      direction: recipe.text.direction)
    guard let known = stored?.alphabet, policy != .new else { return learned }
    guard (known.unit, known.direction) == (learned.unit, learned.direction) else {
      throw .otherAlphabet(
        path: path ?? "the model", found: words(known), expected: words(learned))
    }
    return policy == .keep ? known : known.union(learned)
  }

  private static func words(_ alphabet: Alphabet) -> String {
    (alphabet.unit == .grapheme ? "whole characters" : "letters and marks apart")
      + (alphabet.direction == .leftToRight ? " from left to right" : " from right to left")
  }

  /// How often each character occurs in the transcripts.
  static func characterCounts(_ samples: [Sample], _ recipe: RecognitionRecipe) -> [Character: Int]
  {
    Alphabet.graphemeCounts(
      in: samples.lazy.map { recipe.text($0.text) }, unit: recipe.text.unit)
  }

  /// Strings of recordings have separators between them, even where no single recording has one.
  static func countSeparators(_ recipe: RecognitionRecipe, in counts: inout [Character: Int]) {
    guard let composition = recipe.composition, composition.maximumItems > 1 else { return }
    for character in composition.separator {
      counts[character, default: 0] += recipe.data.minimumCharacterCount
    }
  }

  /// A line about the characters that are seen so seldom that they are hardly learned; nil if none is.
  static func rareCharacterNote(
    _ samples: [Sample], counts: [Character: Int], _ recipe: RecognitionRecipe
  ) -> String? {
    let limit = recipe.data.rareCharacterCount
    let rare = CharacterOccurrences.rare(
      in: samples, counts: counts, limit: limit, normalization: recipe.text)
    guard !rare.isEmpty else { return nil }
    let least = recipe.data.minimumCharacterCount
    let unlearned = least > 1 ? " (those seen fewer than \(least) times are not learned)" : ""
    return "\(rare.count) characters are seen fewer than \(limit) times\(unlearned): "
      + CharacterOccurrences.words(rare)
  }

  /// A line about the characters of a set that the model cannot write; nil if it can write all.
  static func unknownCharacterNote(_ audit: DatasetAudit, of name: String) -> String? {
    let unknown = audit.unknownCharacters
    guard !unknown.isEmpty else { return nil }
    return "\(unknown.count) characters of the \(name) set are not in the alphabet: "
      + CharacterOccurrences.words(unknown)
  }
}
