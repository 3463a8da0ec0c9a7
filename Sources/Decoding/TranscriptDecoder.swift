import Tensors

/// Turns log-probabilities into labels, all at once or as they arrive.
///
/// A decoder is immutable; what it knows about one sequence lives in a `State`. However the frames
/// are cut into calls of ``advance(_:by:)``, the result is the same.
///
/// The greedy decoder and the prefix beam search both have this form.
public protocol TranscriptDecoder: Sendable {
  /// What is known of one sequence so far.
  associatedtype State: Sendable

  /// The number of labels in a row of log-probabilities, the blank included.
  var labelCount: Int { get }

  /// The state before the first frame.
  func begin() -> State

  /// Takes in the next frames.
  ///
  /// - Parameter logProbabilities: `[time, label]`, a log-softmax; *time* may be 0. An element that is
  ///   not a number counts as impossible.
  func advance(_ state: inout State, by logProbabilities: Tensor)

  /// The readings of the frames so far, best first, never empty; the sequence may go on.
  func hypotheses(_ state: State) -> [Hypothesis]

  /// The readings of the whole sequence, best first, never empty.
  func finish(_ state: State) -> [Hypothesis]
}

extension TranscriptDecoder {
  /// The readings of one whole sequence, best first, never empty.
  ///
  /// - Parameter logProbabilities: `[time, label]`, the log-softmax output for one sequence.
  public func decode(_ logProbabilities: Tensor) -> [Hypothesis] {
    var state = begin()
    advance(&state, by: logProbabilities)
    return finish(state)
  }

  /// The best reading of one whole sequence.
  public func best(_ logProbabilities: Tensor) -> Hypothesis { decode(logProbabilities)[0] }

  /// The best reading of one whole sequence as text.
  ///
  /// - Parameter frameDuration: The seconds from one row to the next.
  public func transcript(
    of logProbabilities: Tensor, alphabet: Alphabet, frameDuration: Double
  ) -> Transcript {
    Transcript(best(logProbabilities), alphabet: alphabet, frameDuration: frameDuration)
  }

  func check(_ logProbabilities: Tensor) {
    precondition(
      logProbabilities.shape.rank == 2 && logProbabilities.shape[1] == labelCount,
      "\(Self.self): log-probabilities of shape \(logProbabilities.shape), "
        + "expected [time, \(labelCount)]")
  }
}
