/// BLEU (Papineni et al. 2002): how many n-grams of one to four words translations share with
/// references, and a penalty for translations that are too short.
///
/// The scores are those of sacreBLEU (Post 2018) with the same signature.
public struct BLEU: TranslationMetric, Equatable {
  /// What stands for the precision of an order of which no n-gram is right (Chen and Cherry 2014).
  public enum Smoothing: Sendable, Equatable {
    /// Half, a quarter, an eighth ... of one right n-gram, for each such order in turn; NIST's way.
    case exponential
    /// So much of a right n-gram.
    case floor(Double = 0.1)
    /// So much is added to the right n-grams and to all, of every order from two.
    case addK(Double = 1)
    /// Nothing: the score is 0 then.
    case none
  }

  /// The longest n-grams, in words.
  public static let maximumOrder = 4

  /// How sentences become words.
  public var tokenizer = Tokenizer.thirteenA
  /// What is done for orders without a right n-gram.
  public var smoothing = Smoothing.exponential
  /// Whether capitals and small letters are the same.
  public var lowercase = false

  /// BLEU as most papers report it: `tok:13a`, `smooth:exp`, `case:mixed`.
  public init() {}

  /// What the measure is called in tables.
  public var name: String { "BLEU" }

  /// The score of a corpus: its counts are summed before they are divided.
  ///
  /// - Parameter references: For each hypothesis its references, at least one.
  public func score(_ hypotheses: [String], references: [[String]]) -> Score {
    Score(
      sums(of: statistics(of: hypotheses, references: references)), smoothing: smoothing,
      effectiveOrder: false, signature: signature(references: references, resampling: nil))
  }

  /// The score of one sentence, without the orders for which it is too short.
  ///
  /// Sentences' scores tell the better of two translations; their mean is not the corpus' score.
  public func sentenceScore(_ hypothesis: String, references: [String]) -> Score {
    Score(
      statistics(of: hypothesis, against: references), smoothing: smoothing, effectiveOrder: true,
      signature: signature(references: [references], resampling: nil, effectiveOrder: true))
  }

  /// The words of the hypothesis, those of the reference whose length is closest, then for orders
  /// 1...4 the right n-grams, then for orders 1...4 all n-grams of the hypothesis.
  public func statistics(of hypothesis: String, against references: [String]) -> [Int] {
    precondition(!references.isEmpty, "BLEU: no reference, expected at least one")
    var (tokens, table) = (
      TokenNumbers<ScoringText.Word>(), NGramTable(maximumOrder: Self.maximumOrder)
    )
    let words = tokens.numbers(of: self.words(of: hypothesis))
    let found = table.counts(of: words)
    var allowed = [Int](repeating: 0, count: found.count)
    var lengths: [Int] = []
    for reference in references {
      let reference = tokens.numbers(of: self.words(of: reference))
      lengths.append(reference.count)
      for (number, count) in table.counts(of: reference).prefix(found.count).enumerated() {
        allowed[number] = max(allowed[number], count)
      }
    }
    let totals = (1...Self.maximumOrder).map { NGramTable.total(tokens: words.count, order: $0) }
    return [words.count, Self.closest(to: words.count, lengths)]
      + table.matches(found, allowed) + totals
  }

  /// The score of a corpus, 0...100, from the sums of its sentences' statistics.
  public func score(ofSums statistics: [Int]) -> Double {
    Score(statistics, smoothing: smoothing, effectiveOrder: false, signature: "").score
  }

  /// The signature, as `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:Scribe`.
  public func signature(references: [[String]], resampling: Resampling?) -> String {
    signature(references: references, resampling: resampling, effectiveOrder: false)
  }

  private func signature(
    references: [[String]], resampling: Resampling?, effectiveOrder: Bool
  ) -> String {
    Signature.text(
      [
        ("case", lowercase ? "lc" : "mixed"), ("eff", effectiveOrder ? "yes" : "no"),
        ("tok", tokenizer.rawValue), ("smooth", smoothing.signature),
      ], references: references, resampling: resampling)
  }

  private func words(of sentence: String) -> [ScoringText.Word] {
    let text = ScoringText.trimmed(sentence)
    return tokenizer.words(of: lowercase ? ScoringText.lowercased(text) : text)
  }

  /// Of the lengths that differ least from this one the shortest.
  private static func closest(to length: Int, _ lengths: [Int]) -> Int {
    lengths.min { (abs($0 - length), $0) < (abs($1 - length), $1) } ?? 0
  }
}
