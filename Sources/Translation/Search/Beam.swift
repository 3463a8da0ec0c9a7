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
  ///   - step: What the networks say.
  ///   - rows: The rows of this beam's hypotheses.
  /// - Returns: For each hypothesis that lives on, the row that it came from.
  mutating func advance(
    _ step: SearchStep, rows: Range<Int>, _ search: TranslationSearch
  ) -> [Int] {
    guard !live.isEmpty else { return [] }
    let open = search.configuration.beamWidth - finished.count
    var parents: [Int] = []
    var next: [PartialTranslation] = []
    for candidate in best(open, step.logProbabilities, rows) {
      let longer = live[candidate.row - rows.lowerBound].extended(
        by: candidate.token, logProbability: candidate.score,
        attending: step.attention(row: candidate.row, sourceLength: sourceLength))
      if candidate.token == search.end {
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

  private struct Candidate {
    var row: Int
    var token: Int
    var score: Float
  }

  /// The most probable continuations, the best first; of equals the earlier row and lower token.
  private func best(_ count: Int, _ logProbabilities: Tensor, _ rows: Range<Int>) -> [Candidate] {
    var kept: [Candidate] = []
    kept.reserveCapacity(count + 1)
    let width = logProbabilities.shape[1]
    logProbabilities.withUnsafeBufferPointer { values in
      for row in rows {
        let sum = live[row - rows.lowerBound].logProbability
        var threshold = kept.count < count ? -Float.infinity : kept[kept.count - 1].score
        for token in 0..<width {
          let score = sum + values[row * width + token]
          guard score > threshold else { continue }
          let place = kept.firstIndex { score > $0.score } ?? kept.count
          kept.insert(Candidate(row: row, token: token, score: score), at: place)
          if kept.count > count { kept.removeLast() }
          if kept.count == count { threshold = kept[count - 1].score }
        }
      }
    }
    return kept
  }
}
