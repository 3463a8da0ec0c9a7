import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How probable it is, by the rows of a CTC output, that a text begins with given labels.
///
/// The prefix probabilities of Graves (2008, section 7.4): the sum over all alignments of all texts
/// that begin so, whereby alignments of the prefix are kept apart by whether they end in a blank. A
/// search that adds label after label by other means, such as an attentive decoder, scores its
/// beginnings with them (Hori, Watanabe and Hershey 2017).
public struct CTCPrefixScores: Sendable {
  private let rows: [Double]
  /// The number of rows.
  public let frameCount: Int
  /// The number of labels in a row, the blank included.
  public let labelCount: Int

  /// What is known of one prefix: for each number of frames the log-probability that exactly those
  /// frames say exactly the prefix.
  public struct State: Sendable {
    /// The last label; nil for the empty prefix.
    fileprivate var last: Int?
    /// The last frame is no blank; `frameCount + 1` values from no frames on.
    fileprivate var inLabel: [Double]
    /// The last frame is a blank.
    fileprivate var inBlank: [Double]
  }

  /// Scores by rows of log-probabilities.
  ///
  /// - Parameters:
  ///   - logProbabilities: `[time, label]`, or with further columns behind the labels. What is not a
  ///     number counts as impossible.
  ///   - labelCount: How many columns are labels; all of them by default.
  public init(_ logProbabilities: Tensor, labelCount: Int? = nil) {
    precondition(
      logProbabilities.shape.rank == 2 && labelCount ?? 1 <= logProbabilities.shape[1],
      "CTCPrefixScores: got \(logProbabilities.shape), expected [time, label]"
        + (labelCount.map { " with \($0) labels or more" } ?? ""))
    let (time, width) = (logProbabilities.shape[0], logProbabilities.shape[1])
    let labels = labelCount ?? width
    (frameCount, self.labelCount) = (time, labels)
    rows = logProbabilities.withUnsafeBufferPointer { values in
      var rows: [Double] = []
      rows.reserveCapacity(time * labels)
      for frame in 0..<time {
        for label in 0..<labels {
          let value = Double(values[frame * width + label])
          rows.append(value.isNaN ? -.infinity : value)
        }
      }
      return rows
    }
  }

  /// The state of the empty prefix, which is said by blanks alone.
  public func begin() -> State {
    var blanks = [0.0]
    blanks.reserveCapacity(frameCount + 1)
    for frame in 0..<frameCount {
      blanks.append(blanks[frame] + rows[frame * labelCount + Alphabet.blank])
    }
    return State(
      last: nil, inLabel: [Double](repeating: -.infinity, count: frameCount + 1), inBlank: blanks)
  }

  /// The log-probability that all frames say exactly the prefix.
  public func endScore(_ state: State) -> Double {
    LogSum.withFunction { $0(state.inLabel[frameCount], state.inBlank[frameCount]) }
  }

  /// The log-probabilities that the text begins with the prefix and then each of the labels; that of
  /// the blank is minus infinity.
  ///
  /// - Complexity: O(*time* · *label*).
  public func scores(after state: State) -> [Double] {
    let (other, same) = entries(after: state)
    var scores = [Double](repeating: -.infinity, count: labelCount)
    for label in 0..<labelCount where label != Alphabet.blank {
      let entry = label == state.last ? same : other
      var greatest = -Double.infinity
      for frame in 0..<frameCount {
        greatest = max(greatest, entry[frame] + rows[frame * labelCount + label])
      }
      guard greatest > -.infinity else { continue }
      var sum = 0.0
      for frame in 0..<frameCount {
        sum += exp(entry[frame] + rows[frame * labelCount + label] - greatest)
      }
      scores[label] = greatest + log(sum)
    }
    return scores
  }

  /// The state of the prefix with another label.
  public func extended(_ state: State, by label: Int) -> State {
    precondition(
      label != Alphabet.blank && 0..<labelCount ~= label,
      "CTCPrefixScores: got label \(label), expected 1..<\(labelCount)")
    let (other, same) = entries(after: state)
    let entry = label == state.last ? same : other
    var longer = State(last: label, inLabel: [-.infinity], inBlank: [-.infinity])
    longer.inLabel.reserveCapacity(frameCount + 1)
    longer.inBlank.reserveCapacity(frameCount + 1)
    LogSum.withFunction { sum in
      for frame in 0..<frameCount {
        let row = frame * labelCount
        let (label, blank) = (rows[row + label], rows[row + Alphabet.blank])
        let (before, apart) = (longer.inLabel[frame], longer.inBlank[frame])
        longer.inLabel.append(sum(before, entry[frame]) + label)
        longer.inBlank.append(sum(before, apart) + blank)
      }
    }
    return longer
  }

  /// Before each frame, the log-probability from which a new label may begin; the same label as the
  /// last one may only begin behind a blank.
  private func entries(after state: State) -> (other: [Double], same: [Double]) {
    LogSum.withFunction { sum in
      (zip(state.inLabel, state.inBlank).map { sum($0, $1) }, state.inBlank)
    }
  }
}
