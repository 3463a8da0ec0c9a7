import Tensors

/// Why a sequence of labels cannot be laid over frames.
public enum AlignmentError: Error, Equatable, CustomStringConvertible, Sendable {
  /// There are more labels, and blanks between equal neighbours, than frames.
  case tooFewFrames(available: Int, needed: Int)
  /// Every way through the labels meets a probability of zero.
  case impossible(frames: Int)

  /// One line with what was found and what is needed.
  public var description: String {
    switch self {
    case .tooFewFrames(let available, let needed):
      "\(available) frames cannot hold the text, which needs at least \(needed); "
        + "the recording is too short for its transcript"
    case .impossible(let frames):
      "no alignment of the text to the \(frames) frames has a probability over zero"
    }
  }
}

/// The most probable way to say given labels in given frames.
///
/// The Viterbi path through the blank-extended labels of Graves et al. 2006, section 4.1, with the
/// sums of the forward recursion replaced by maxima.
public struct ForcedAlignment: Sendable, Equatable {
  /// The labels in order, each with its frames and its confidence in `0...1`.
  public let spans: [LabelSpan]
  /// The natural logarithm of the probability of the path.
  public let logProbability: Double

  /// The fewest frames that can say these labels: one each, and a blank between equal neighbours.
  public static func framesNeeded(for labels: some Sequence<Int>) -> Int {
    let labels = Array(labels)
    return labels.count + zip(labels, labels.dropFirst()).count { $0 == $1 }
  }

  /// Aligns `labels` to the rows of `logProbabilities`.
  ///
  /// - Parameters:
  ///   - labels: The labels in order, without blanks; none is allowed.
  ///   - logProbabilities: `[time, label]`; an element that is not a number counts as impossible.
  /// - Throws: `AlignmentError.tooFewFrames`, or `.impossible` if only paths of probability 0 exist.
  /// - Complexity: O(*time* · *labels*) time, a byte of memory for each.
  public init(of labels: [Int], to logProbabilities: Tensor) throws(AlignmentError) {
    precondition(
      logProbabilities.shape.rank == 2,
      "ForcedAlignment: log-probabilities of shape \(logProbabilities.shape), expected [time, label]"
    )
    let (time, labelCount) = (logProbabilities.shape[0], logProbabilities.shape[1])
    precondition(
      labels.allSatisfy { $0 > 0 && $0 < labelCount },
      "ForcedAlignment: labels \(labels), expected 1..<\(labelCount)")
    let needed = Self.framesNeeded(for: labels)
    guard time >= needed else { throw .tooFewFrames(available: time, needed: needed) }
    let path = logProbabilities.withUnsafeBufferPointer {
      ViterbiTrellis(labels: labels, rows: $0, labelCount: labelCount).bestPath()
    }
    guard let path else { throw .impossible(frames: time) }
    logProbability = path.score
    spans = logProbabilities.withUnsafeBufferPointer {
      Self.spans(labels, path.states, $0, labelCount)
    }
  }

  private static func spans(
    _ labels: [Int], _ states: [Int], _ rows: UnsafeBufferPointer<Float>, _ labelCount: Int
  ) -> [LabelSpan] {
    var spans: [LabelSpan] = []
    var frame = 0
    while frame < states.count {
      let state = states[frame]
      var (end, logSum) = (frame, 0.0)
      let label = state % 2 == 0 ? Alphabet.blank : labels[state / 2]
      while end < states.count, states[end] == state {
        logSum += Double(min(rows[end * labelCount + label], 0))
        end += 1
      }
      if label != Alphabet.blank {
        let confidence = Confidence.mean(logSum: logSum, count: end - frame)
        spans.append(LabelSpan(label: label, start: frame, end: end, confidence: confidence))
      }
      frame = end
    }
    return spans
  }
}

/// The blank-extended labels over time: even states are blanks, odd ones labels.
private struct ViterbiTrellis {
  let labels: [Int]
  let rows: UnsafeBufferPointer<Float>
  let labelCount: Int

  private var stateCount: Int { 2 * labels.count + 1 }
  private var time: Int { rows.count / labelCount }

  private func logProbability(_ frame: Int, _ state: Int) -> Double {
    let label = state % 2 == 0 ? Alphabet.blank : labels[state / 2]
    let value = rows[frame * labelCount + label]
    return value.isNaN ? -.infinity : Double(value)
  }

  /// The state of each frame on the best path; nil if its probability is 0.
  func bestPath() -> (states: [Int], score: Double)? {
    guard time > 0 else { return ([], 0) }
    let count = stateCount
    var scores = [Double](repeating: -.infinity, count: count)
    for state in 0..<min(2, count) { scores[state] = logProbability(0, state) }
    var jumps = [UInt8](repeating: 0, count: time * count)
    for frame in 1..<time { advance(frame, &scores, &jumps) }
    var state = count - 1
    if count > 1, scores[count - 2] > scores[count - 1] { state = count - 2 }
    guard scores[state] > -.infinity else { return nil }
    let score = scores[state]
    var states = [Int](repeating: 0, count: time)
    for frame in stride(from: time - 1, through: 0, by: -1) {
      states[frame] = state
      state -= Int(jumps[frame * count + state])
    }
    return (states, score)
  }

  /// Moves every score one frame on and notes how many states the best way jumped.
  private func advance(_ frame: Int, _ scores: inout [Double], _ jumps: inout [UInt8]) {
    let count = stateCount
    for state in stride(from: count - 1, through: 0, by: -1) {
      var (best, jump) = (scores[state], 0)
      if state >= 1, scores[state - 1] > best { (best, jump) = (scores[state - 1], 1) }
      if maySkipBlank(to: state), scores[state - 2] > best { (best, jump) = (scores[state - 2], 2) }
      scores[state] = best + logProbability(frame, state)
      jumps[frame * count + state] = UInt8(jump)
    }
  }

  private func maySkipBlank(to state: Int) -> Bool {
    state % 2 == 1 && state >= 3 && labels[state / 2] != labels[state / 2 - 1]
  }
}
