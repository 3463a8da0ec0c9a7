import Tensors

/// The translations of one sentence that a search follows, and those that have ended.
struct Beam {
  private(set) var live = [PartialTranslation()]
  private var finished: [TranslationHypothesis] = []
  private let sourceLength: Int
  private let maximumLength: Int

  init(sourceLength: Int, _ search: TranslationSearch) {
    self.sourceLength = sourceLength
    let ratio = search.configuration.maximumLengthRatio
    maximumLength = Int(ratio * Float(sourceLength)) + 10
  }

  /// The translations that ended, the best first; equal ones in the order in which they ended.
  var sorted: [TranslationHypothesis] {
    finished.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .map(\.element)
  }

  /// Goes on by one token.
  ///
  /// - Parameters:
  ///   - candidates: The best continuations, as ``request(rows:_:)`` asks for.
  ///   - step: What the networks say.
  ///   - rows: The rows of this beam's hypotheses.
  /// - Returns: For each hypothesis that lives on, the row that it came from.
  mutating func advance(
    by candidates: [GreatElement], _ step: SearchStep, rows: Range<Int>,
    _ search: TranslationSearch
  ) -> [Int] {
    guard !live.isEmpty else { return [] }
    var parents: [Int] = []
    var next: [PartialTranslation] = []
    for candidate in candidates {
      let longer = live[candidate.row - rows.lowerBound].extended(
        by: candidate.column, logProbability: candidate.value,
        attending: step.attention(row: candidate.row, sourceLength: sourceLength))
      if candidate.column == search.end {
        finished.append(longer.finished(isComplete: true, search.configuration))
      } else if longer.tokens.count >= maximumLength {
        finished.append(longer.finished(isComplete: false, search.configuration))
      } else {
        next.append(longer)
        parents.append(candidate.row)
      }
    }
    // Without any possible token the best that there is must do.
    if next.isEmpty, finished.isEmpty {
      finished = live.map { $0.finished(isComplete: false, search.configuration) }
    }
    live = next
    return parents
  }

  /// The continuations that are wanted: as many of the most probable as translations are missing.
  func request(rows: Range<Int>, _ search: TranslationSearch) -> GreatestRequest {
    GreatestRequest(
      live.isEmpty ? 0 : search.configuration.beamWidth - finished.count, rows: rows,
      offsets: live.map(\.logProbability))
  }
}
