import Autograd
import Decoding
import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The attentive decoder of a recogniser in the form of other decoders, so that recordings of any
/// length, pages and sets are read by it in the same way.
///
/// It takes rows of log-probabilities with the states of the network beside them
/// (``Recognizer/givesStates``), keeps them, and writes when the sequence has ended. Where the CTC
/// output is trained, letters have the frames of the best alignment with it, else those that were
/// attended to.
public struct SpellingDecoder: TranscriptDecoder {
  /// The weights and limits of the search.
  public let configuration: SpellingSearchConfiguration
  private let speller: Speller
  private let greedy: GreedyDecoder

  /// A decoder of a speller.
  ///
  /// - Precondition: The speller's training makes what the search needs.
  public init(_ speller: Speller, configuration: SpellingSearchConfiguration) {
    precondition(
      speller.configuration.trains(configuration.decoder),
      "SpellingDecoder: got \(configuration.decoder) for a speller with ctcWeight "
        + "\(speller.configuration.ctcWeight)")
    self.speller = speller
    self.configuration = configuration
    greedy = GreedyDecoder(labelCount: speller.labelCount)
  }

  /// The columns of a row: labels, then the features of a state.
  public var labelCount: Int { speller.labelCount + speller.stateSize }

  /// The rows of one sequence so far.
  public struct State: Sendable {
    fileprivate var rows: [Float] = []
  }

  /// The state before the first frame.
  public func begin() -> State { State() }

  /// Keeps the next frames.
  public func advance(_ state: inout State, by logProbabilities: Tensor) {
    precondition(
      logProbabilities.shape.rank == 2 && logProbabilities.shape[1] == labelCount,
      "SpellingDecoder: got rows of shape \(logProbabilities.shape), expected [time, \(labelCount)]: "
        + "labels with the states beside them")
    logProbabilities.withUnsafeBufferPointer { state.rows += $0 }
  }

  /// The readings of the frames so far, best first.
  public func hypotheses(_ state: State) -> [Hypothesis] { finish(state) }

  /// The readings of the whole sequence, best first.
  public func finish(_ state: State) -> [Hypothesis] {
    let rows = Tensor(state.rows, shape: [state.rows.count / labelCount, labelCount])
    let (logProbabilities, states) = speller.parts(of: rows)
    guard configuration.decoder != .ctc else { return greedy.decode(logProbabilities) }
    let texts = SpellingSearch(speller, configuration: configuration)(
      states: states, logProbabilities: logProbabilities)
    let greatest = texts.map(\.sum).max() ?? 0
    let total = texts.reduce(0) { $0 + exp($1.sum - greatest) }
    return texts.map { text in
      Hypothesis(
        spans: spans(of: text, logProbabilities), score: text.score,
        confidence: total > 0 ? Float(exp(text.sum - greatest) / total) : 0)
    }
  }

  private func spans(of text: SpelledText, _ logProbabilities: Tensor) -> [LabelSpan] {
    var spans: [LabelSpan] = []
    if speller.configuration.ctcWeight > 0,
      let alignment = try? ForcedAlignment(of: text.labels, to: logProbabilities)
    {
      spans = alignment.spans
    } else {
      spans = attended(text, frameCount: logProbabilities.shape[0])
    }
    for (index, probability) in text.probabilities.prefix(spans.count).enumerated() {
      spans[index].confidence = probability
    }
    return spans
  }

  /// The frames that each label attended to most, never before those of the label before it.
  private func attended(_ text: SpelledText, frameCount: Int) -> [LabelSpan] {
    let joined = speller.configuration.joinedFrames
    var first = 0
    return zip(text.labels, text.attention).map { label, weights in
      let peak = weights.indices.max { weights[$0] < weights[$1] } ?? 0
      first = min(max(first, peak * joined), max(0, frameCount - 1))
      let end = max(first, min(frameCount, max(first + 1, (peak + 1) * joined)))
      return LabelSpan(label: label, start: first, end: end, confidence: 0)
    }
  }
}

extension Speller {
  /// The log-probabilities and the states of rows that have both beside each other.
  func parts(of rows: Tensor) -> (logProbabilities: Tensor, states: Tensor) {
    (rows.columns(0..<labelCount), rows.columns(labelCount..<labelCount + stateSize))
  }
}

extension Recognizer {
  /// The decoder that spells with attention; nil if there is no speller. It needs ``givesStates``.
  ///
  /// - Parameter configuration: Other weights and limits than those of the model.
  public func spellingDecoder(
    _ configuration: SpellingSearchConfiguration? = nil
  ) -> SpellingDecoder? {
    speller.map { SpellingDecoder($0, configuration: configuration ?? $0.configuration.search) }
  }

  /// The best text of an input by the attentive decoder, with what was attended to; nil if there is no
  /// speller or if it is not trained.
  public func spelledText(of signal: InputSignal) -> SpelledText? {
    guard let speller, speller.configuration.ctcWeight < 1 else { return nil }
    var recognizer = self
    recognizer.givesStates = true
    let (logProbabilities, states) = speller.parts(
      of: recognizer.logProbabilities(of: [signal])[0])
    var configuration = speller.configuration.search
    if configuration.decoder == .ctc { configuration.decoder = .attention }
    return SpellingSearch(speller, configuration: configuration)(
      states: states, logProbabilities: logProbabilities
    ).first
  }

  /// What a text costs in nats, as in training: of CTC, or the weighted sum of CTC and attention where
  /// there is a speller and ``givesStates``.
  ///
  /// - Parameter rows: As ``logProbabilities(_:)`` gives them.
  package func cost(of target: [Int], _ rows: Tensor) -> Double {
    let (frames, labels) = (rows.shape[0], alphabet.labelCount)
    let spelling = givesStates ? speller : nil
    let weight = Double(spelling?.configuration.ctcWeight ?? 1)
    var cost = 0.0
    if weight > 0 {
      let logProbabilities = spelling.map { $0.parts(of: rows).logProbabilities } ?? rows
      // A log-softmax of log-probabilities changes nothing, so they can stand in for the logits.
      cost +=
        weight
        * Double(
          ctcLoss(
            logits: Variable(logProbabilities.reshaped([frames, 1, labels])),
            frameLengths: [frames], targets: [target]
          ).perSequence[0])
    }
    if let spelling, weight < 1, frames > 0 {
      let states = spelling.parts(of: rows).states.reshaped([frames, 1, spelling.stateSize])
      cost +=
        (1 - weight)
        * Double(
          spelling.loss(states: Variable(states), frameLengths: [frames], targets: [target])
            .perSequence[0])
    }
    return cost
  }
}
