/// The blank-extended labels over time: even states are blanks, odd ones labels.
///
/// The steps of every state at every frame take a byte each. Where that is too much, the best state
/// of the middle frame is found from both ends, and each half is solved on its own (Hirschberg 1975):
/// memory is then that of a row of scores, and the halves together hold half of the cells.
struct ViterbiTrellis {
  private let labels: [Int]
  /// Whether the blank before a label may be left out.
  private let skips: [Bool]
  private let rows: UnsafeBufferPointer<Float>
  private let labelCount: Int
  private let byteLimit: Int

  init(labels: [Int], rows: UnsafeBufferPointer<Float>, labelCount: Int, byteLimit: Int) {
    self.labels = labels
    skips = labels.indices.map { $0 > 0 && labels[$0] != labels[$0 - 1] }
    (self.rows, self.labelCount, self.byteLimit) = (rows, labelCount, byteLimit)
  }

  private var time: Int { rows.count / labelCount }

  /// Frames that are crossed from one of some states to one of others.
  private struct Part {
    var first: Int
    var last: Int
    var starts: ClosedRange<Int>
    var ends: ClosedRange<Int>

    var lowest: Int { starts.lowerBound }
    var width: Int { ends.upperBound - starts.lowerBound + 1 }
    var frameCount: Int { last - first + 1 }

    /// The states that can be reached at a frame and can still reach the end.
    func states(at frame: Int) -> (low: Int, high: Int) {
      (
        max(starts.lowerBound, ends.lowerBound - 2 * (last - frame)),
        min(ends.upperBound, starts.upperBound + 2 * (frame - first))
      )
    }
  }

  /// The state of each frame on the best path; nil if its probability is 0.
  func bestPath() -> (states: [Int], score: Double)? {
    guard time > 0 else { return ([], 0) }
    let top = 2 * labels.count
    let whole = Part(
      first: 0, last: time - 1, starts: 0...min(1, top), ends: max(0, top - 1)...top)
    var states = [Int](repeating: 0, count: time)
    guard find(whole, &states) else { return nil }
    var score = 0.0
    for (frame, state) in states.enumerated() { score += logProbability(frame, state) }
    return (states, score)
  }

  private func logProbability(_ frame: Int, _ state: Int) -> Double {
    let label = state & 1 == 0 ? Alphabet.blank : labels[state / 2]
    return value(rows[frame * labelCount + label])
  }

  private func value(_ number: Float) -> Double { number.isNaN ? -.infinity : Double(number) }

  /// Writes the best states of a part; false if there are none.
  private func find(_ part: Part, _ states: inout [Int]) -> Bool {
    if part.frameCount <= 2 || part.frameCount * part.width <= byteLimit {
      return trace(part, &states)
    }
    let middle = (part.first + part.last) / 2
    guard let state = bestState(at: middle, of: part) else { return false }
    var (before, after) = (part, part)
    (before.last, before.ends) = (middle, state...state)
    (after.first, after.starts) = (middle, state...state)
    return find(before, &states) && find(after, &states)
  }

  private func bestState(at middle: Int, of part: Part) -> Int? {
    var (forward, backward) = (initialScores(part), finalScores(part))
    for frame in part.first + 1..<middle + 1 { advance(frame, part, &forward, nil) }
    for frame in (middle..<part.last).reversed() { retreat(frame, part, &backward) }
    let (low, high) = part.states(at: middle)
    var (best, state) = (-Double.infinity, Int?.none)
    for candidate in stride(from: high, through: low, by: -1) {
      let index = candidate - part.lowest
      let score = forward[index + Self.margin] + backward[index]
      if score > best { (best, state) = (score, candidate) }
    }
    return state
  }

  /// The whole trellis of a part, and the way back through it.
  private func trace(_ part: Part, _ states: inout [Int]) -> Bool {
    var scores = initialScores(part)
    var jumps = [UInt8](repeating: 0, count: part.frameCount * part.width)
    jumps.withUnsafeMutableBufferPointer { jumps in
      for frame in part.first + 1..<part.last + 1 {
        let row = (frame - part.first) * part.width
        advance(frame, part, &scores, jumps.baseAddress.map { $0 + row })
      }
    }
    var (best, state) = (-Double.infinity, part.ends.upperBound)
    for candidate in part.ends.reversed() {
      let score = scores[candidate - part.lowest + Self.margin]
      if score > best { (best, state) = (score, candidate) }
    }
    guard best > -.infinity else { return false }
    for frame in stride(from: part.last, through: part.first, by: -1) {
      states[frame] = state
      state -= Int(jumps[(frame - part.first) * part.width + state - part.lowest])
    }
    return true
  }

  /// Impossible states beside a row of scores, which spare the loops a check.
  private static let margin = 2

  private func initialScores(_ part: Part) -> [Double] {
    var scores = [Double](repeating: -.infinity, count: part.width + Self.margin)
    for state in part.starts where state <= part.ends.upperBound {
      scores[state - part.lowest + Self.margin] = logProbability(part.first, state)
    }
    return scores
  }

  private func finalScores(_ part: Part) -> [Double] {
    var scores = [Double](repeating: -.infinity, count: part.width + Self.margin)
    for state in part.ends where state >= part.lowest { scores[state - part.lowest] = 0 }
    return scores
  }

  /// Moves every score on to `frame`, and notes how many states the best way jumped.
  private func advance(
    _ frame: Int, _ part: Part, _ scores: inout [Double], _ jumps: UnsafeMutablePointer<UInt8>?
  ) {
    let (low, high) = part.states(at: frame)
    let row = frame * labelCount
    let blank = value(rows[row])
    scores.withUnsafeMutableBufferPointer { scores in
      for state in stride(from: high, through: low, by: -1) {
        let index = state - part.lowest + Self.margin
        var (best, jump) = (scores[index], UInt8(0))
        if scores[index - 1] > best { (best, jump) = (scores[index - 1], 1) }
        if state & 1 == 1 {
          if skips[state / 2], scores[index - 2] > best { (best, jump) = (scores[index - 2], 2) }
          scores[index] = best + value(rows[row + labels[state / 2]])
        } else {
          scores[index] = best + blank
        }
        jumps?[state - part.lowest] = jump
      }
    }
  }

  /// Moves every score back to `frame`: the best of all ways from there, without the frame itself.
  private func retreat(_ frame: Int, _ part: Part, _ scores: inout [Double]) {
    let (low, high) = part.states(at: frame)
    let row = (frame + 1) * labelCount
    let blank = value(rows[row])
    let top = part.ends.upperBound
    scores.withUnsafeMutableBufferPointer { scores in
      for state in stride(from: low, through: high, by: 1) {
        let index = state - part.lowest
        let isLabel = state & 1 == 1
        let own = isLabel ? value(rows[row + labels[state / 2]]) : blank
        var best = scores[index] + own
        if state < top {
          let next = isLabel ? blank : value(rows[row + labels[state / 2]])
          best = max(best, scores[index + 1] + next)
        }
        if isLabel, state + 2 <= top, skips[state / 2 + 1] {
          best = max(best, scores[index + 2] + value(rows[row + labels[state / 2 + 1]]))
        }
        scores[index] = best
      }
    }
  }
}
