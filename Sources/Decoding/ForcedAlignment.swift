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
  ///   - trellisBytes: The memory for the steps of the path; where they need more, the path is found
  ///     by halves, in at most twice the time.
  /// - Throws: `AlignmentError.tooFewFrames`, or `.impossible` if only paths of probability 0 exist.
  /// - Complexity: O(*time* · *labels*) time, a byte of memory for each up to `trellisBytes`.
  public init(
    of labels: [Int], to logProbabilities: Tensor, trellisBytes: Int = 1 << 28
  ) throws(AlignmentError) {
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
      ViterbiTrellis(
        labels: labels, rows: $0, labelCount: labelCount, byteLimit: trellisBytes
      ).bestPath()
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
