/// chrF (Popović 2015) and chrF++ (Popović 2017): the F-measure of the character n-grams, and for
/// chrF++ of the n-grams of one and two words too, that translations share with references.
///
/// The scores are those of sacreBLEU (Post 2018) with the same signature.
public struct ChrF: TranslationMetric, Equatable {
  /// The longest n-grams of words: 0 is chrF, 2 is chrF++.
  public var wordOrder: Int
  /// The longest n-grams of characters.
  public var characterOrder: Int
  /// How much more recall weighs than precision.
  public var beta: Int
  /// Whether capitals and small letters are the same.
  public var lowercase = false
  /// Whether white space counts as characters.
  public var whitespace = false

  /// A measure with n-grams up to these orders.
  public init(wordOrder: Int = 0, characterOrder: Int = 6, beta: Int = 2) {
    precondition(
      wordOrder >= 0 && characterOrder > 0 && beta > 0,
      "ChrF: word order \(wordOrder), character order \(characterOrder), beta \(beta), "
        + "expected 0 or more, 1 or more, 1 or more")
    (self.wordOrder, self.characterOrder, self.beta) = (wordOrder, characterOrder, beta)
  }

  /// What the measure is called in tables, as `chrF2++`.
  public var name: String { "chrF\(beta)" + String(repeating: "+", count: wordOrder) }

  /// A score and how it was made.
  public struct Score: Sendable, Equatable {
    /// The F-measure, 0...100.
    public let score: Double
    /// How the score was made, in sacreBLEU's form.
    public let signature: String
  }

  /// The score of a corpus: its counts are summed before they are divided. Of several references of
  /// a sentence the one counts that scores best.
  ///
  /// - Parameter references: For each hypothesis its references, at least one.
  public func score(_ hypotheses: [String], references: [[String]]) -> Score {
    let statistics = sums(of: statistics(of: hypotheses, references: references))
    return Score(
      score: score(ofSums: statistics),
      signature: signature(references: references, resampling: nil))
  }

  /// The score of one sentence.
  public func sentenceScore(_ hypothesis: String, references: [String]) -> Score {
    score([hypothesis], references: [references])
  }

  /// For each order, those of characters first: the n-grams of the hypothesis, those of the best
  /// reference, and how many they share.
  public func statistics(of hypothesis: String, against references: [String]) -> [Int] {
    precondition(!references.isEmpty, "ChrF: no reference, expected at least one")
    var grams = Grams(characterOrder: characterOrder, wordOrder: wordOrder)
    let hypothesis = grams.counts(of: pieces(of: hypothesis))
    var best: (statistics: [Int], score: Double) = ([], -1)
    for reference in references {
      let reference = grams.counts(of: pieces(of: reference))
      let statistics = grams.statistics(hypothesis, reference)
      let score = score(ofSums: statistics)
      if score > best.score { best = (statistics, score) }
    }
    return best.statistics
  }

  /// The score of a corpus, 0...100, from the sums of its sentences' statistics.
  ///
  /// Precision and recall are means over the orders for which both sides are long enough.
  public func score(ofSums statistics: [Int]) -> Double {
    var (precision, recall, orders) = (0.0, 0.0, 0.0)
    for index in stride(from: 0, to: statistics.count, by: 3) {
      let (found, wanted) = (Double(statistics[index]), Double(statistics[index + 1]))
      guard found > 0, wanted > 0 else { continue }
      let shared = Double(statistics[index + 2])
      precision += shared / found
      recall += shared / wanted
      orders += 1
    }
    guard precision + recall > 0 else { return 0 }
    (precision, recall) = (precision / orders, recall / orders)
    let factor = Double(beta * beta)
    return 100 * ((1 + factor) * precision * recall / (factor * precision + recall))
  }

  /// The signature, as `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:Scribe`.
  public func signature(references: [[String]], resampling: Resampling?) -> String {
    Signature.text(
      [
        ("case", lowercase ? "lc" : "mixed"), ("eff", "yes"), ("nc", "\(characterOrder)"),
        ("nw", "\(wordOrder)"), ("space", whitespace ? "yes" : "no"),
      ], references: references, resampling: resampling)
  }
}

extension ChrF {
  /// What the n-grams of a text are made of.
  private struct Pieces {
    var characters: [UInt32]
    var words: [ScoringText.Word]
  }

  private func pieces(of sentence: String) -> Pieces {
    var text = ScoringText.Scalars(sentence.unicodeScalars)
    if lowercase { text = ScoringText.lowercased(text) }
    return Pieces(
      characters: text.filter { whitespace || !ScoringText.isSpace($0) }.map(\.value),
      words: wordOrder == 0 ? [] : ScoringText.words(of: text).flatMap(Self.separated))
  }

  /// A word and the sign at its end, or else at its beginning, apart: one sign only.
  private static func separated(_ word: ScoringText.Word) -> [ScoringText.Word] {
    guard word.count > 1, let first = word.first, let last = word.last else { return [word] }
    if isPunctuation(last) { return [word.dropLast(), word.suffix(1)] }
    if isPunctuation(first) { return [word.prefix(1), word.dropFirst()] }
    return [word]
  }

  /// ASCII's punctuation and symbols.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!"..."/", ":"..."@", "["..."`", "{"..."~": return true
    default: return false
    }
  }

  /// The n-grams of a hypothesis and its references.
  private struct Grams {
    /// The n-grams of a text, by their numbers, and its lengths.
    struct Counts {
      var characters: [Int]
      var words: [Int]
      var characterCount: Int
      var wordCount: Int
    }

    private var characters: NGramTable
    private var words: NGramTable
    private var numbers = TokenNumbers<ScoringText.Word>()

    init(characterOrder: Int, wordOrder: Int) {
      characters = NGramTable(maximumOrder: characterOrder)
      words = NGramTable(maximumOrder: wordOrder)
    }

    mutating func counts(of text: Pieces) -> Counts {
      Counts(
        characters: characters.counts(of: text.characters),
        words: words.counts(of: numbers.numbers(of: text.words)),
        characterCount: text.characters.count, wordCount: text.words.count)
    }

    func statistics(_ hypothesis: Counts, _ reference: Counts) -> [Int] {
      Self.triples(
        characters.matches(hypothesis.characters, reference.characters),
        hypothesis.characterCount, reference.characterCount)
        + Self.triples(
          words.matches(hypothesis.words, reference.words),
          hypothesis.wordCount, reference.wordCount)
    }

    /// N-grams of the hypothesis count only where the reference has any of that order.
    private static func triples(_ matches: [Int], _ found: Int, _ wanted: Int) -> [Int] {
      matches.enumerated().flatMap { index, shared in
        let wanted = NGramTable.total(tokens: wanted, order: index + 1)
        let found = NGramTable.total(tokens: found, order: index + 1)
        return [wanted > 0 ? found : 0, wanted, shared]
      }
    }
  }
}
