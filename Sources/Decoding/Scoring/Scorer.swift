/// Compares hypotheses with references.
public struct Scorer: Sendable {
  /// What is not held against a hypothesis.
  public let normalization: ScoringNormalization
  /// Which alignment is taken.
  public let method: AlignmentMethod
  private let parser: ScoringParser
  private let literalParser: ScoringParser
  private let rewriter: ScoringRewriter

  /// A scorer for which, by default, every difference counts and errors are the fewest possible.
  ///
  /// - Throws: `ScoringError.alternatives` if a rule's braces do not fit.
  public init(
    _ normalization: ScoringNormalization = ScoringNormalization(),
    method: AlignmentMethod = .levenshtein
  ) throws(ScoringError) {
    (self.normalization, self.method) = (normalization, method)
    parser = ScoringParser(normalization)
    literalParser = ScoringParser(normalization.plain)
    rewriter = try ScoringRewriter(normalization)
  }

  /// One reference and its hypothesis, compared.
  public struct Pair: Sendable, Equatable {
    /// The alignment of the words.
    public let words: [AlignedWord]
    /// The edits between the words.
    public let wordCounts: EditCounts
    /// The edits between the characters.
    public let characterCounts: EditCounts
    fileprivate let method: AlignmentMethod

    /// The alignment of the characters: graphemes of the words with one space between them.
    ///
    /// - Complexity: O(*n* · *m*) time and memory.
    public var characters: [AlignedWord] {
      let (reference, hypothesis) = AlignedWord.texts(of: words)
      return EditAlignment(reference: reference, hypothesis: hypothesis, method: method)
        .steps.map { AlignedWord($0) }
    }
  }

  /// Aligns a hypothesis with a reference.
  ///
  /// Words are what white space parts. Where a text leaves a choice, the words that cost least are
  /// taken; the characters are then those of the words that were taken, without the optional words
  /// that one side left out, and with the whole word in place of a fragment that matched it. Texts
  /// that are canonically equivalent in Unicode are equal. A hypothesis whose braces do not fit is
  /// taken as it is written.
  ///
  /// - Throws: `ScoringError.alternatives` if the braces of the reference do not fit.
  /// - Complexity: O(*n* · *m*) in words, and in characters.
  public func callAsFunction(
    reference: String, hypothesis: String
  ) throws(ScoringError) -> Pair {
    let words = align(
      WordGraph(rewriter(try parser.items(of: reference))),
      WordGraph(rewriter(itemsWritten(in: hypothesis))))
    let texts = AlignedWord.texts(of: words)
    let characters =
      method == .levenshtein
      ? EditCounts(reference: texts.reference, hypothesis: texts.hypothesis)
      : EditAlignment(reference: texts.reference, hypothesis: texts.hypothesis, method: method)
        .counts
    return Pair(
      words: words, wordCounts: EditCounts(words), characterCounts: characters, method: method)
  }

  /// The parts of a hypothesis; what a program wrote may have braces that do not fit.
  private func itemsWritten(in hypothesis: String) -> [WordGraph.Item] {
    do {
      return try parser.items(of: hypothesis)
    } catch {
      return literalParser.items(ofPlain: hypothesis)
    }
  }

  private func align(_ reference: WordGraph, _ hypothesis: WordGraph) -> [AlignedWord] {
    guard let a = reference.chain, let b = hypothesis.chain else {
      return GraphAlignment(reference: reference, hypothesis: hypothesis, method: method).words
    }
    return EditAlignment(reference: a, hypothesis: b, method: method).steps.map {
      AlignedWord($0)
    }
  }
}

extension AlignedWord {
  /// Both sides of an alignment of words as texts to compare by characters.
  fileprivate static func texts(
    of words: [AlignedWord]
  ) -> (reference: String, hypothesis: String) {
    var (reference, hypothesis): ([String], [String]) = ([], [])
    for word in words {
      switch (word.verdict, word.reference, word.hypothesis) {
      case (.correct, _?, let right?):
        reference.append(right)
        hypothesis.append(right)
      case (.correct, _, _): continue
      case (_, let left, let right):
        if let left { reference.append(left) }
        if let right { hypothesis.append(right) }
      }
    }
    return (reference.joined(separator: " "), hypothesis.joined(separator: " "))
  }
}
