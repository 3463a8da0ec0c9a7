/// One place of the alignment of a reference and a hypothesis.
public struct AlignedWord: Codable, Sendable, Equatable {
  /// What is found at a place.
  public enum Verdict: String, Codable, CaseIterable, Sendable {
    /// Both have the word, or one of them an optional word that the other left out.
    case correct
    /// The hypothesis has another word.
    case substitution
    /// The hypothesis lacks the word.
    case deletion
    /// Only the hypothesis has the word.
    case insertion

    /// The letter for it: `C`, `S`, `D` or `I`.
    public var letter: String { rawValue.prefix(1).uppercased() }
  }

  /// The word of the reference; nil where only the hypothesis has one.
  public var reference: String?
  /// The word of the hypothesis; nil where only the reference has one.
  public var hypothesis: String?
  /// What is found.
  public var verdict: Verdict

  /// A place of an alignment.
  public init(reference: String? = nil, hypothesis: String? = nil, verdict: Verdict) {
    (self.reference, self.hypothesis, self.verdict) = (reference, hypothesis, verdict)
  }
}

extension AlignedWord {
  init<Text: CustomStringConvertible>(_ step: EditAlignment<Text>.Step) {
    switch step {
    case .match(let word):
      self.init(reference: "\(word)", hypothesis: "\(word)", verdict: .correct)
    case .substitution(let reference, let hypothesis):
      self.init(reference: "\(reference)", hypothesis: "\(hypothesis)", verdict: .substitution)
    case .deletion(let word): self.init(reference: "\(word)", verdict: .deletion)
    case .insertion(let word): self.init(hypothesis: "\(word)", verdict: .insertion)
    }
  }
}

extension EditCounts {
  /// The edits of an alignment.
  ///
  /// Optional words that one side left out count as matches, as sclite counts them.
  public init(_ words: some Sequence<AlignedWord>) {
    self.init()
    for word in words {
      switch word.verdict {
      case .correct: matches += 1
      case .substitution: substitutions += 1
      case .deletion: deletions += 1
      case .insertion: insertions += 1
      }
    }
  }
}
