import Autograd
import Layers
import Tensors

/// Beam search over the translations of one network, or of several whose probabilities are averaged.
///
/// Sentences go through the networks together. A sentence's beam narrows by one with each translation
/// that ends, as in Bahdanau et al. (2015), so that the search ends when as many were found as the
/// beam is wide.
public struct TranslationSearch: Sendable {
  /// The networks; they must have the same tokens.
  public let networks: [TranslationNetwork]
  /// How the search goes.
  public let configuration: TranslationSearchConfiguration
  /// The token that a translation begins with.
  public let begin: Int
  /// The token that ends it.
  public let end: Int
  /// Tokens that are never written.
  public let excluded: Set<Int>

  /// A search; see the properties.
  public init(
    _ networks: [TranslationNetwork], configuration: TranslationSearchConfiguration, begin: Int,
    end: Int, excluded: Set<Int> = []
  ) {
    precondition(!networks.isEmpty, "TranslationSearch: got no network, expected one or more")
    self.networks = networks
    self.configuration = configuration
    self.begin = begin
    self.end = end
    self.excluded = excluded
  }

  /// The translations of sentences, for each the best one first; at most as many as the beam is wide.
  ///
  /// - Parameter sources: The tokens of each sentence as the encoder takes them; an empty one has the
  ///   empty translation.
  public func callAsFunction(_ sources: [[Int]]) -> [[TranslationHypothesis]] {
    var results = [[TranslationHypothesis]](
      repeating: [PartialTranslation().finished(isComplete: false, configuration)],
      count: sources.count)
    let present = sources.indices.filter { !sources[$0].isEmpty }
    guard !present.isEmpty else { return results }
    var beams = present.map { Beam(sourceLength: sources[$0].count, self) }
    let batch = LabelBatch(present.map { sources[$0] }, padding: end)
    var states = networks.map { network in
      network.decoder.start(
        memory: network.encode(batch).tensor, memoryLengths: batch.frameLengths)
    }
    // A row for each live hypothesis, beam after beam.
    while true {
      let tokens = beams.flatMap { $0.live.map { $0.tokens.last ?? begin } }
      var step = step(tokens, &states)
      var (parents, first) = ([Int](), 0)
      let rows = beams.map { beam in
        defer { first += beam.live.count }
        return first..<first + beam.live.count
      }
      let requests = beams.indices.map { beams[$0].request(rows: rows[$0], self) }
      for (index, found) in step.best(requests, excluding: excluded).enumerated() {
        parents += beams[index].advance(by: found, step, rows: rows[index], self)
      }
      guard !parents.isEmpty else { break }
      states = states.map { $0.select(rows: parents) }
    }
    for (place, beam) in zip(present, beams) { results[place] = beam.sorted }
    return results
  }

  /// What the networks make of the next token of each row, on average.
  private func step(_ tokens: [Int], _ states: inout [AttentiveDecoderState]) -> SearchStep {
    var result: SearchStep?
    for (index, network) in networks.enumerated() {
      let (state, weights) = network.decoder.step(network.embedded(tokens), &states[index])
      let logits = network.logits(of: Variable(state)).tensor
      if networks.count == 1 {
        return SearchStep(logProbabilities: logits, isNormalized: false, weights: weights)
      }
      let logProbabilities = logits.logSoftmax()
      if result == nil {
        result = SearchStep(logProbabilities: logProbabilities, weights: weights)
      } else {
        result?.addExponentials(of: logProbabilities, weights: weights, isFirst: index == 1)
      }
    }
    guard var result else { preconditionFailure("TranslationSearch: no network") }
    result.average(over: networks.count)
    for token in excluded { result.logProbabilities.setColumn(token, to: -.infinity) }
    return result
  }
}
