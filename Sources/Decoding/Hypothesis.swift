#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A label and the frames that say it.
public struct LabelSpan: Sendable, Equatable {
  /// The label, never the blank.
  public var label: Int
  /// The first frame.
  public var start: Int
  /// The frame after the last one.
  public var end: Int
  /// How sure the network was, in `0...1`: the geometric mean of the label's probability over the
  /// span.
  public var confidence: Float

  /// A label said by the frames `start..<end`.
  public init(label: Int, start: Int, end: Int, confidence: Float) {
    (self.label, self.start, self.end, self.confidence) = (label, start, end, confidence)
  }
}

/// One reading of a sequence of frames.
public struct Hypothesis: Sendable, Equatable {
  /// The labels in order.
  public var spans: [LabelSpan]
  /// The natural logarithm of what the decoder maximises; for the greedy decoder the probability of
  /// the best path.
  public var score: Double
  /// How sure the decoder is of the whole, in `0...1`: the greedy decoder by the mean over the labels,
  /// the beam search by the share of this reading in the probability of all that it kept.
  public var confidence: Float
  /// The part of the score that is the log-probability of the labels given the signal.
  public var signalScore: Double
  /// The part of the score that comes from language models, weighted.
  public var languageScore: Double

  /// A reading with its score and confidence; without other parts the score is all the signal's.
  public init(
    spans: [LabelSpan], score: Double, confidence: Float, signalScore: Double? = nil,
    languageScore: Double = 0
  ) {
    (self.spans, self.score, self.confidence) = (spans, score, confidence)
    (self.signalScore, self.languageScore) = (signalScore ?? score, languageScore)
  }

  /// The labels without their frames.
  public var labels: [Int] { spans.map(\.label) }
}

/// Confidences from sums of logarithms.
enum Confidence {
  /// The geometric mean of `count` probabilities, kept inside `0...1` whatever the network wrote.
  static func mean(logSum: Double, count: Int) -> Float {
    guard count > 0 else { return 1 }
    let mean = exp(logSum / Double(count))
    return mean >= 0 ? Float(min(1, mean)) : 0
  }

  /// The geometric mean of confidences; 1 for none.
  static func mean(_ confidences: some Collection<Float>) -> Float {
    mean(logSum: confidences.reduce(0) { $0 + log(Double($1)) }, count: confidences.count)
  }
}
