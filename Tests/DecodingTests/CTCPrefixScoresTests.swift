import Decoding
import Foundation
import Tensors
import Testing

/// Prefix probabilities against the sum over every path through tiny outputs.
@Suite struct CTCPrefixScoresTests {
  /// The probability of every text, by adding up all paths.
  private func texts(_ matrix: Tensor) -> [[Int]: Double] {
    let (time, labels) = (matrix.shape[0], matrix.shape[1])
    let values = matrix.scalars
    var texts: [[Int]: Double] = [:]
    var paths: [(path: [Int], score: Double)] = [([], 0)]
    for frame in 0..<time {
      paths = paths.flatMap { path, score in
        (0..<labels).map { (path + [$0], score + Double(values[frame * labels + $0])) }
      }
    }
    for (path, score) in paths {
      var text: [Int] = []
      for (index, label) in path.enumerated()
      where label != Alphabet.blank && (index == 0 || path[index - 1] != label) {
        text.append(label)
      }
      texts[text, default: 0] += exp(score)
    }
    return texts
  }

  private func state(_ scores: CTCPrefixScores, _ prefix: [Int]) -> CTCPrefixScores.State {
    prefix.reduce(scores.begin()) { scores.extended($0, by: $1) }
  }

  @Test(arguments: 0..<12) func everyPrefixHasTheSumOverAllAlignments(seed: Int) {
    var source = RandomSource(seed: UInt64(seed), 5)
    let (time, labels) = (1 + seed % 6, 3)
    let matrix = randomLogProbabilities(&source, time: time, labels: labels)
    let scores = CTCPrefixScores(matrix)
    let texts = texts(matrix)
    var prefixes: [[Int]] = [[]]
    for _ in 0..<time { prefixes += prefixes.flatMap { prefix in [1, 2].map { prefix + [$0] } } }
    for prefix in Set(prefixes) {
      let state = state(scores, prefix)
      let whole = texts[prefix] ?? 0
      // A path of six frames is six rounded numbers; sums of logarithms are within 3e-9 each.
      #expect(abs(exp(scores.endScore(state)) - whole) < 1e-6, "\(prefix)")
      let next = scores.scores(after: state)
      #expect(next[Alphabet.blank] == -.infinity)
      for label in 1..<labels {
        let expected = texts.filter { $0.key.starts(with: prefix + [label]) }.values.reduce(0, +)
        #expect(abs(exp(next[label]) - expected) < 1e-6, "\(prefix) and \(label)")
      }
    }
  }

  @Test func onePathByHand() {
    // Two frames, blank and one label: the text "1" is said by 1b, b1 and 11.
    let (p, q) = (0.3, 0.6)
    let matrix = Tensor(
      [1 - p, p, 1 - q, q].map { Float(log($0)) }, shape: [2, 2])
    let scores = CTCPrefixScores(matrix)
    #expect(abs(exp(scores.scores(after: scores.begin())[1]) - (1 - (1 - p) * (1 - q))) < 1e-6)
    #expect(abs(exp(scores.endScore(scores.begin())) - (1 - p) * (1 - q)) < 1e-6)
    // Twice the same label needs a blank between, for which there is no frame.
    #expect(scores.scores(after: state(scores, [1]))[1] == -.infinity)
  }

  @Test func furtherColumnsAndImpossibleNumbers() {
    var source = RandomSource(seed: 3)
    let matrix = randomLogProbabilities(&source, time: 4, labels: 3)
    let rows = (0..<4).map { Array(matrix.scalars[$0 * 3..<($0 + 1) * 3]) }
    let wide = CTCPrefixScores(Tensor(rows: rows.map { $0 + [7, .nan] }), labelCount: 3)
    let plain = CTCPrefixScores(matrix)
    #expect(wide.scores(after: state(wide, [2])) == plain.scores(after: state(plain, [2])))
    let broken = CTCPrefixScores(Tensor(rows: rows.map { [$0[0], .nan, $0[2]] }))
    #expect(broken.scores(after: broken.begin())[1] == -.infinity)
    #expect(broken.scores(after: broken.begin())[2] > -.infinity)
    let none = CTCPrefixScores(Tensor(zeros: [0, 3]))
    #expect(none.endScore(none.begin()) == 0)
    #expect(none.scores(after: none.begin()) == [-.infinity, -.infinity, -.infinity])
  }
}
