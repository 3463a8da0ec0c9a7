import Autograd
import Decoding
import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Beam search over the texts of an attentive decoder, alone or joint with CTC.
///
/// Each step every beginning is tried with every label and with the end. A beginning's score is
/// λ · log p of CTC, as ``CTCPrefixScores`` gives it, + (1 − λ) · log p of the attentive decoder (Hori,
/// Watanabe and Hershey 2017); the best `beamWidth` go on. As no label makes a score better, the search
/// ends when no beginning can become better than the best whole text; and before that when the texts
/// of three lengths after each other fell far behind (Watanabe et al. 2017).
public struct SpellingSearch: Sendable {
  /// What spells.
  public let speller: Speller
  /// How the search goes.
  public let configuration: SpellingSearchConfiguration

  /// A search; see the properties.
  public init(_ speller: Speller, configuration: SpellingSearchConfiguration) {
    precondition(
      configuration.decoder != .ctc,
      "SpellingSearch: got decoder ctc, expected attention or joint")
    self.speller = speller
    self.configuration = configuration
  }

  /// The texts of one sequence, the best first; at most as many as the beam is wide, at least one.
  ///
  /// - Parameters:
  ///   - states: `[time, stateSize]`.
  ///   - logProbabilities: `[time, label]` or wider, of the CTC output; of use for the joint decoder.
  public func callAsFunction(states: Tensor, logProbabilities: Tensor) -> [SpelledText] {
    let time = states.shape[0]
    guard time > 0 else { return [PartialText().finished(isComplete: false, configuration)] }
    var run = SpellingRun(self, states: states, logProbabilities: logProbabilities)
    let longest = max(1, Int(configuration.maximumLengthRatio * Float(time))) + 1
    for length in 1...longest where run.goesOn {
      run.advance(mayGoOn: length < longest, longest: longest)
    }
    return run.results
  }
}

/// A beginning of a text.
struct PartialText {
  var labels: [Int] = []
  var attentionScore = 0.0
  var ctcScore = 0.0
  var sum = 0.0
  var probabilities: [Float] = []
  var attention: [[Float]] = []

  func finished(isComplete: Bool, _ configuration: SpellingSearchConfiguration) -> SpelledText {
    SpelledText(
      labels: labels, attentionScore: attentionScore, ctcScore: ctcScore, sum: sum,
      score: configuration.score(sum: sum, length: labels.count + 1, attention: attention),
      probabilities: probabilities, attention: attention, isComplete: isComplete)
  }
}

/// A search on its way.
private struct SpellingRun {
  private let search: SpellingSearch
  private let share: Double
  private let ctc: CTCPrefixScores?
  private var state: AttentiveDecoderState
  private var live = [PartialText()]
  private var ctcStates: [CTCPrefixScores.State]
  private var finished: [SpelledText] = []
  private(set) var goesOn = true
  /// The best sum of any whole text, and the lengths since that fell behind it one after another.
  private var greatest = -Double.infinity
  private var lateLengths = 0

  private static let lateLengthsAtEnd = 3

  init(_ search: SpellingSearch, states: Tensor, logProbabilities: Tensor) {
    self.search = search
    share = search.configuration.ctcShare
    let (time, size) = (states.shape[0], states.shape[1])
    let (memory, lengths) = search.speller.memory(
      of: Variable(states.reshaped([time, 1, size])), frameLengths: [time])
    state = search.speller.decoder.start(memory: memory.tensor, memoryLengths: lengths)
    ctc =
      share > 0
      ? CTCPrefixScores(logProbabilities, labelCount: search.speller.labelCount) : nil
    ctcStates = ctc.map { [$0.begin()] } ?? []
  }

  var results: [SpelledText] {
    if finished.isEmpty {
      return live.prefix(1).map { $0.finished(isComplete: false, search.configuration) }
    }
    return finished
  }

  private struct Candidate {
    var row: Int
    var label: Int
    var attention: Double
    var ctc: Double
    var sum: Double
    var probability: Float
  }

  /// Takes another step.
  ///
  /// - Parameter mayGoOn: Whether texts of more labels are allowed.
  mutating func advance(mayGoOn: Bool, longest: Int) {
    let speller = search.speller
    let inputs = speller.embedding(
      live.map { $0.labels.last ?? Speller.mark }, shape: [live.count]
    ).tensor
    let (states, weights) = speller.decoder.step(inputs, &state)
    let rows = speller.output(Variable(states)).tensor.logSoftmax()
    let attention = weights.matrixRows
    let (ends, candidates) = candidates(rows)
    finish(ends, attention)
    guard mayGoOn, !candidates.isEmpty else {
      goesOn = false
      return
    }
    let parents = candidates.map(\.row)
    let next = candidates.map { extended($0, attention[$0.row]) }
    if let ctc { ctcStates = candidates.map { ctc.extended(ctcStates[$0.row], by: $0.label) } }
    live = next
    state = state.select(rows: parents)
    // Nothing that follows has a greater sum, nor is it divided by more than the longest text.
    let bound = live[0].sum / search.configuration.lengthFactor(longest)
    if let best = finished.first, bound <= best.score { goesOn = false }
    if lateLengths >= Self.lateLengthsAtEnd { goesOn = false }
  }

  /// What each beginning may become: the ends, and the best labels, the best first.
  private func candidates(_ rows: Tensor) -> (ends: [Candidate], labels: [Candidate]) {
    let (width, beam) = (search.speller.labelCount, search.configuration.beamWidth)
    var ends: [Candidate] = []
    var kept: [Candidate] = []
    rows.withUnsafeBufferPointer { values in
      for (row, text) in live.enumerated() {
        let prefixes = ctc.map { $0.scores(after: ctcStates[row]) }
        for label in 0..<width {
          let logProbability = values[row * width + label]
          let attention = text.attentionScore + Double(logProbability)
          var (prefix, sum) = (0.0, attention)
          if let ctc, let prefixes {
            prefix = label == Speller.mark ? ctc.endScore(ctcStates[row]) : prefixes[label]
            sum = share * prefix + (share < 1 ? (1 - share) * attention : 0)
          }
          // What is impossible or no number is never written.
          guard sum > -.infinity else { continue }
          let candidate = Candidate(
            row: row, label: label, attention: attention, ctc: prefix, sum: sum,
            probability: exp(logProbability))
          if label == Speller.mark {
            ends.append(candidate)
          } else if kept.count < beam || sum > kept[beam - 1].sum {
            let place = kept.firstIndex { sum > $0.sum } ?? kept.count
            kept.insert(candidate, at: place)
            if kept.count > beam { kept.removeLast() }
          }
        }
      }
    }
    return (ends, kept)
  }

  private func extended(_ candidate: Candidate, _ weights: [Float]) -> PartialText {
    var text = live[candidate.row]
    if candidate.label != Speller.mark { text.labels.append(candidate.label) }
    text.attentionScore = candidate.attention
    text.ctcScore = candidate.ctc
    text.sum = candidate.sum
    text.probabilities.append(candidate.probability)
    text.attention.append(weights)
    return text
  }

  /// Keeps the best of the texts that end here, and counts the lengths that came too late.
  private mutating func finish(_ ends: [Candidate], _ attention: [[Float]]) {
    for candidate in ends {
      let text = extended(candidate, attention[candidate.row])
        .finished(isComplete: true, search.configuration)
      let place = finished.firstIndex { text.score > $0.score } ?? finished.count
      guard place < search.configuration.beamWidth else { continue }
      finished.insert(text, at: place)
      if finished.count > search.configuration.beamWidth { finished.removeLast() }
    }
    let best = ends.map(\.sum).max() ?? -.infinity
    greatest = max(greatest, best)
    let isLate = greatest > -.infinity && best < greatest - Double(search.configuration.endMargin)
    lateLengths = isLate ? lateLengths + 1 : 0
  }
}

extension Tensor {
  /// The rows of a matrix.
  fileprivate var matrixRows: [[Float]] {
    let width = shape[1]
    return withUnsafeBufferPointer { values in
      (0..<shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
  }
}
