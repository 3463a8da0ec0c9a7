/// Estimates language models from text by interpolated modified Kneser–Ney smoothing.
///
/// The method and its details are those of KenLM's `lmplz` (Chen and Goodman 1998; Heafield et al.
/// 2013): n-grams of the highest order, and those that begin with `<s>`, are counted by occurrence,
/// all others by the number of different words before them; the discounts of an order come from its
/// counts of counts, before pruning; what is pruned goes to the back-off; 1-grams are interpolated
/// with the uniform distribution over all words, `<unk>` and `</s>`, which is all that `<unk>` gets.
public struct NGramEstimator: Sendable {
  /// The number of words in the longest n-grams.
  public var order = 3
  /// What the symbols are.
  public var unit = NGramUnit.word
  /// N-grams seen so often or less are left out, by order, the last number for all further orders;
  /// they must not fall, and the first is 0: which words stay is for the vocabulary limit to say.
  public var pruning: [Int] = [0]
  /// The most words, the most frequent ones, `<unk>`, `<s>` and `</s>` not counted; n-grams with
  /// other words are left out.
  public var vocabularyLimit: Int?

  /// An estimator of word 3-grams that keeps everything.
  public init() {}

  /// A model and how it was found.
  public struct Estimate: Sendable {
    /// The model, not quantised.
    public let model: NGramModel
    /// The discounts of order 1, 2, ...
    public let discounts: [Discounts]
    /// The number of n-grams of every order in the text.
    public let countsBeforePruning: [Int]
    /// The number of sentences.
    public let sentenceCount: Int
    /// The number of words or characters, ends of sentences not among them.
    public let symbolCount: Int
  }

  /// Estimates a model from the lines of text files, each a sentence.
  ///
  /// - Throws: ``NGramError``.
  /// - Complexity: O(*symbols* · *order*); memory grows with the number of different n-grams.
  public func estimate(_ paths: [String]) throws(NGramError) -> Estimate {
    try validate()
    var counter = NGramCounter(order: order)
    for path in paths { try counter.count(path, unit: unit) }
    counter.finish()
    guard counter.sentenceCount > 0 else { throw .noText(files: paths) }
    let smoothing = KneserNey(counter, self)
    let note =
      "interpolated modified Kneser-Ney, order \(order), unit \(unit.rawValue), "
      + "prune \(pruning.map(String.init).joined(separator: " ")), "
      + "vocabulary \(vocabularyLimit.map(String.init) ?? "all"), "
      + "\(counter.sentenceCount) lines, \(counter.symbolCount) symbols"
    return Estimate(
      model: try NGramModel(smoothing.trie(), unit: unit, note: note),
      discounts: smoothing.discounts,
      countsBeforePruning: counter.tables.map(\.count),
      sentenceCount: counter.sentenceCount, symbolCount: counter.symbolCount)
  }

  /// Checks the options.
  ///
  /// - Throws: ``NGramError/option(name:found:expected:)``.
  public func validate() throws(NGramError) {
    guard (1...ARPAHeader.highestOrder).contains(order) else {
      throw .option(
        name: "order", found: "\(order)", expected: "1 to \(ARPAHeader.highestOrder)")
    }
    let found = pruning.map(String.init).joined(separator: " ")
    guard pruning.count <= order, pruning.first == 0, pruning.allSatisfy({ $0 >= 0 }) else {
      throw .option(
        name: "prune", found: found, expected: "a 0, then at most \(order - 1) counts, as 0 0 1")
    }
    guard zip(pruning, pruning.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw .option(name: "prune", found: found, expected: "counts that do not fall")
    }
    guard vocabularyLimit.map({ $0 > 0 }) ?? true else {
      throw .option(
        name: "vocabulary", found: "\(vocabularyLimit ?? 0)", expected: "at least 1 word")
    }
  }

  /// The count up to which n-grams of an order are left out.
  func threshold(_ order: Int) -> Int { pruning[min(order, pruning.count) - 1] }
}
