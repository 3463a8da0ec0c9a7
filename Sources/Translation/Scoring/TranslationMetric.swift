/// A measure of translations against references that sums what it counts in each sentence.
///
/// That the counts of sentences add up is what makes resampling cheap: a drawn corpus is scored from
/// sums, without a look at its text.
public protocol TranslationMetric: Sendable {
  /// What the measure is called in tables.
  var name: String { get }

  /// What is counted in a sentence; as many numbers for every sentence.
  ///
  /// - Parameter references: One translation or more, each of them right.
  func statistics(of hypothesis: String, against references: [String]) -> [Int]

  /// The score of a corpus, 0...100, from the sums of its sentences' statistics.
  func score(ofSums statistics: [Int]) -> Double

  /// All that a reader needs to compute the score again, in sacreBLEU's form (Post 2018).
  ///
  /// - Parameters:
  ///   - references: The references of each hypothesis.
  ///   - resampling: How an interval beside the score was made, if there is one.
  func signature(references: [[String]], resampling: Resampling?) -> String
}

extension TranslationMetric {
  /// The statistics of each sentence of a corpus.
  ///
  /// - Parameter references: For each hypothesis its references, at least one.
  public func statistics(of hypotheses: [String], references: [[String]]) -> [[Int]] {
    precondition(
      hypotheses.count == references.count,
      "\(name): \(hypotheses.count) hypotheses and references of \(references.count), expected as many"
    )
    return zip(hypotheses, references).map { statistics(of: $0, against: $1) }
  }

  /// The score of a corpus, 0...100.
  ///
  /// - Parameter references: For each hypothesis its references, at least one.
  public func corpusScore(_ hypotheses: [String], references: [[String]]) -> Double {
    score(ofSums: sums(of: statistics(of: hypotheses, references: references)))
  }

  func sums(of statistics: [[Int]]) -> [Int] {
    guard var sums = statistics.first else { return [] }
    for sentence in statistics.dropFirst() {
      for index in sums.indices { sums[index] += sentence[index] }
    }
    return sums
  }
}

/// The parts of a signature that all measures share.
enum Signature {
  /// Fields in their order, between those of the data and the version.
  static func text(
    _ fields: [(String, String)], references: [[String]], resampling: Resampling?
  ) -> String {
    let counts = Set(references.map(\.count))
    let count = counts.count == 1 ? counts.first.map(String.init) : nil
    var all = [("nrefs", count ?? "var")]
    if let resampling {
      all += [("bs", "\(resampling.samples)"), ("seed", "\(resampling.seed)")]
    }
    return (all + fields + [("version", "Scribe")]).map { "\($0):\($1)" }.joined(separator: "|")
  }
}
