/// Which words are taken for which, and which are added or left out, the most frequent first.
public struct ErrorLists: Codable, Sendable, Equatable {
  /// How often a word of the references is taken for another one.
  public struct Confusion: Codable, Sendable, Equatable {
    /// The word of the references.
    public var reference: String
    /// The word of the hypotheses.
    public var hypothesis: String
    /// How often.
    public var count: Int
  }

  /// How often something happens to a word.
  public struct Word: Codable, Sendable, Equatable {
    /// The word.
    public var word: String
    /// How often.
    public var count: Int
  }

  /// Pairs of a word and what it was taken for.
  public let confusions: [Confusion]
  /// Words that only the hypotheses have.
  public let insertions: [Word]
  /// Words that the hypotheses lack.
  public let deletions: [Word]
  /// Words of the references in whose place are others.
  public let substitutions: [Word]
  /// Words of the hypotheses in the place of others.
  public let falselyRecognized: [Word]

  /// Counts the errors of alignments; equally frequent ones stand in the order of their characters.
  public init(_ utterances: some Sequence<ScoredUtterance>) {
    var confusions: [[String]: Int] = [:]
    var (inserted, deleted): ([String: Int], [String: Int]) = ([:], [:])
    var (substituted, written): ([String: Int], [String: Int]) = ([:], [:])
    for word in utterances.lazy.flatMap(\.alignment) {
      let (reference, hypothesis) = (word.reference ?? "", word.hypothesis ?? "")
      switch word.verdict {
      case .correct: continue
      case .insertion: inserted[hypothesis, default: 0] += 1
      case .deletion: deleted[reference, default: 0] += 1
      case .substitution:
        confusions[[reference, hypothesis], default: 0] += 1
        substituted[reference, default: 0] += 1
        written[hypothesis, default: 0] += 1
      }
    }
    self.confusions = confusions.map {
      Confusion(reference: $0.key[0], hypothesis: $0.key[1], count: $0.value)
    }.sorted {
      ($1.count, $0.reference, $0.hypothesis) < ($0.count, $1.reference, $1.hypothesis)
    }
    insertions = Self.sorted(inserted)
    deletions = Self.sorted(deleted)
    substitutions = Self.sorted(substituted)
    falselyRecognized = Self.sorted(written)
  }

  private static func sorted(_ counts: [String: Int]) -> [Word] {
    counts.map { Word(word: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.word) < ($0.count, $1.word) }
  }
}

extension ErrorLists {
  /// The confusion pairs, at most so many.
  public func confusionText(_ limit: Int) -> String {
    Self.text(
      "CONFUSION PAIRS", confusions.map { ("\($0.reference) ==> \($0.hypothesis)", $0.count) },
      limit)
  }

  /// The words that are added, left out or replaced, at most so many of each.
  public func wordText(_ limit: Int) -> String {
    [
      ("INSERTIONS", insertions), ("DELETIONS", deletions), ("SUBSTITUTIONS", substitutions),
      ("FALSELY RECOGNIZED", falselyRecognized),
    ].map { title, words in Self.text(title, words.map { ($0.word, $0.count) }, limit) }
      .joined(separator: "\n")
  }

  private static func text(_ title: String, _ rows: [(String, Int)], _ limit: Int) -> String {
    let total = rows.reduce(0) { $0 + $1.1 }
    var text = "\(title.padded(to: 20)) \(total) in all, \(rows.count) different\n"
    for (index, row) in rows.prefix(limit).enumerated() {
      let (place, count) = ("\(index + 1)", "\(row.1)")
      text +=
        "\(place.padded(to: 4, right: true)): \(count.padded(to: 4, right: true))  ->  "
        + "\(row.0.visible)\n"
    }
    return text
  }
}
