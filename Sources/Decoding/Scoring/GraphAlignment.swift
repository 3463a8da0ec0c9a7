/// The cheapest alignment of a way through one graph with a way through another.
struct GraphAlignment {
  private let reference: Side
  private let hypothesis: Side
  private let weights: AlignmentWeights
  /// The least cost of reaching a pair of nodes, `[reference, hypothesis]`.
  private var costs: [Int]

  /// - Complexity: O(*arcs* · *arcs*) time, 8 bytes for each pair of nodes.
  init(reference: WordGraph, hypothesis: WordGraph, method: AlignmentMethod) {
    var numbers: [String: Int32] = [:]
    self.reference = Side(reference, &numbers)
    self.hypothesis = Side(hypothesis, &numbers)
    weights = method.weights
    costs = [Int](repeating: 0, count: self.reference.count * self.hypothesis.count)
    for row in 0..<self.reference.count {
      for column in 0..<self.hypothesis.count where row + column > 0 {
        costs[row * self.hypothesis.count + column] = best(row, column).cost
      }
    }
  }

  /// The words of the alignment in order.
  var words: [AlignedWord] {
    var (row, column) = (reference.count - 1, hypothesis.count - 1)
    var words: [AlignedWord] = []
    while row + column > 0 {
      let step = best(row, column)
      if let word = aligned(step) { words.append(word) }
      row = step.reference?.from ?? row
      column = step.hypothesis?.from ?? column
    }
    return words.reversed()
  }

  /// The last step of a way to a pair of nodes: an arc of one graph or of both.
  private struct Step {
    var cost = Int.max
    var reference: NumberedArc?
    var hypothesis: NumberedArc?
  }

  /// An arc whose word has the same number as equal words; words have numbers over 0.
  private struct NumberedArc {
    var from: Int
    var word: WordGraph.Word?
    var number: Int32
  }

  private struct Side {
    let incoming: [[NumberedArc]]
    var count: Int { incoming.count }

    init(_ graph: WordGraph, _ numbers: inout [String: Int32]) {
      var incoming: [[NumberedArc]] = []
      for arcs in graph.incoming {
        incoming.append(
          arcs.map { arc in
            guard let word = arc.word else {
              return NumberedArc(from: arc.from, word: nil, number: 0)
            }
            let number = numbers[word.text] ?? Int32(numbers.count + 1)
            numbers[word.text] = number
            return NumberedArc(from: arc.from, word: word, number: number)
          })
      }
      self.incoming = incoming
    }
  }

  /// The cheapest last step to a pair of nodes; of equally cheap ones the first in this order: no word,
  /// two words side by side, a word alone as the weights prefer it.
  private func best(_ row: Int, _ column: Int) -> Step {
    var best = Step()
    for above in reference.incoming[row] where above.word == nil {
      let cost = cost(above.from, column)
      if cost < best.cost { best = Step(cost: cost, reference: above) }
    }
    for left in hypothesis.incoming[column] where left.word == nil {
      let cost = cost(row, left.from)
      if cost < best.cost { best = Step(cost: cost, hypothesis: left) }
    }
    for above in reference.incoming[row] where above.word != nil {
      for left in hypothesis.incoming[column] where left.word != nil {
        let cost = cost(above.from, left.from) + distance(above, left)
        if cost < best.cost { best = Step(cost: cost, reference: above, hypothesis: left) }
      }
    }
    if weights.prefersInsertions {
      insert(row, column, &best)
      delete(row, column, &best)
    } else {
      delete(row, column, &best)
      insert(row, column, &best)
    }
    return best
  }

  private func insert(_ row: Int, _ column: Int, _ best: inout Step) {
    for left in hypothesis.incoming[column] {
      guard let word = left.word else { continue }
      let cost = cost(row, left.from) + (word.isOptional ? weights.optional : weights.insertion)
      if cost < best.cost { best = Step(cost: cost, hypothesis: left) }
    }
  }

  private func delete(_ row: Int, _ column: Int, _ best: inout Step) {
    for above in reference.incoming[row] {
      guard let word = above.word else { continue }
      let cost =
        cost(above.from, column) + (word.isOptional ? weights.optional : weights.deletion)
      if cost < best.cost { best = Step(cost: cost, reference: above) }
    }
  }

  private func cost(_ row: Int, _ column: Int) -> Int { costs[row * hypothesis.count + column] }

  private func distance(_ above: NumberedArc, _ left: NumberedArc) -> Int {
    matches(above, left) ? 0 : weights.substitution
  }

  private func matches(_ above: NumberedArc, _ left: NumberedArc) -> Bool {
    if above.number == left.number { return true }
    guard let a = above.word, let b = left.word else { return false }
    return a.fragment.matches(b.text) || b.fragment.matches(a.text)
  }

  private func aligned(_ step: Step) -> AlignedWord? {
    switch (step.reference, step.hypothesis) {
    case (let above?, let left?):
      return AlignedWord(
        reference: above.word?.text, hypothesis: left.word?.text,
        verdict: matches(above, left) ? .correct : .substitution)
    case (let above?, nil):
      return above.word.map {
        AlignedWord(reference: $0.text, verdict: $0.isOptional ? .correct : .deletion)
      }
    case (nil, let left?):
      return left.word.map {
        AlignedWord(hypothesis: $0.text, verdict: $0.isOptional ? .correct : .insertion)
      }
    case (nil, nil): return nil
    }
  }
}
