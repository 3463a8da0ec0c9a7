import Tensors

/// The label of highest probability in each frame, repetitions joined and blanks taken out.
///
/// Best path decoding of Graves et al. 2006, section 3.2. O(*time* · *label*); the state grows with
/// the labels written, not with the frames.
public struct GreedyDecoder: TranscriptDecoder {
  /// The number of labels in a row of log-probabilities, the blank included.
  public let labelCount: Int

  /// A decoder for rows of `labelCount` log-probabilities, the first of them the blank's.
  public init(labelCount: Int) {
    precondition(labelCount > 0, "GreedyDecoder: labelCount is \(labelCount), expected 1 or more")
    self.labelCount = labelCount
  }

  /// What is known of one sequence so far.
  public struct State: Sendable {
    var spans: [LabelSpan] = []
    /// The run that is still open: its label, first frame and sum of log-probabilities.
    var open: (label: Int, start: Int, logSum: Double)?
    var frameCount = 0
    var score = 0.0
    var blankLogSum = 0.0
  }

  /// The state before the first frame.
  public func begin() -> State { State() }

  /// Takes in the next frames, `[time, label]`.
  public func advance(_ state: inout State, by logProbabilities: Tensor) {
    check(logProbabilities)
    logProbabilities.withUnsafeBufferPointer { elements in
      for start in stride(from: 0, to: elements.count, by: labelCount) {
        state.take(elements[start..<start + labelCount])
      }
    }
  }

  /// The reading so far, one.
  public func hypotheses(_ state: State) -> [Hypothesis] { finish(state) }

  /// The reading of the whole, one.
  public func finish(_ state: State) -> [Hypothesis] {
    var state = state
    state.close()
    let confidence =
      state.spans.isEmpty
      ? Confidence.mean(logSum: state.blankLogSum, count: state.frameCount)
      : Confidence.mean(state.spans.lazy.map(\.confidence))
    return [Hypothesis(spans: state.spans, score: state.score, confidence: confidence)]
  }
}

extension GreedyDecoder.State {
  fileprivate mutating func take(_ row: Slice<UnsafeBufferPointer<Float>>) {
    var (label, best) = (Alphabet.blank, -Float.infinity)
    for (index, value) in row.enumerated() where value > best { (label, best) = (index, value) }
    best = min(best, 0)
    score += Double(best)
    if let run = open, run.label == label {
      open?.logSum += Double(best)
    } else {
      close()
      if label != Alphabet.blank { open = (label, frameCount, Double(best)) }
    }
    if label == Alphabet.blank { blankLogSum += Double(best) }
    frameCount += 1
  }

  fileprivate mutating func close() {
    guard let run = open else { return }
    spans.append(
      LabelSpan(
        label: run.label, start: run.start, end: frameCount,
        confidence: Confidence.mean(logSum: run.logSum, count: frameCount - run.start)))
    open = nil
  }
}
