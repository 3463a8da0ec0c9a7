/// Interpolated modified Kneser–Ney by its definition, as an oracle: slow, with one formula a line.
struct PlainKneserNey {
  private var counts: [[String]: Int] = [:]
  private let order: Int
  private let thresholds: [Int]
  private(set) var words: Set<String> = ["<unk>", "</s>"]
  private var discounts: [[Double]] = []

  init(_ sentences: [[String]], order: Int, thresholds: [Int]) {
    self.order = order
    self.thresholds = thresholds
    for sentence in sentences {
      let symbols = ["<s>"] + sentence + ["</s>"]
      words.formUnion(sentence)
      for end in symbols.indices.dropFirst() {
        for length in 1...order where end - length + 1 >= 0 {
          counts[Array(symbols[(end - length + 1)...end]), default: 0] += 1
        }
      }
    }
    for length in 1...order {
      let adjusted = counts.keys.filter { $0.count == length }.map { adjustedCount($0) }
      let n = (0...4).map { j in Double(adjusted.count { $0 == j }) }
      let closed = (1...3).map { j in
        Double(j) - Double(j + 1) * n[1] / (n[1] + 2 * n[2]) * n[j + 1] / n[j]
      }
      let isGood = zip(closed, 1...3).allSatisfy { $0 >= 0 && $0 <= Double($1) }
      discounts.append([0] + (isGood ? closed : [0.5, 1, 1.5]))
    }
  }

  /// Every context that occurs, of all lengths.
  var contexts: [[String]] {
    Array(Set(counts.keys.filter { $0.count < order && $0.last != "</s>" } + [[], ["<s>"]]))
  }

  private func adjustedCount(_ gram: [String]) -> Int {
    if gram.count == order || gram[0] == "<s>" { return counts[gram] ?? 0 }
    return (words.union(["<s>"])).count { counts[[$0] + gram] != nil }
  }

  private func discount(_ gram: [String]) -> Double {
    discounts[gram.count - 1][min(adjustedCount(gram), 3)]
  }

  private func isKept(_ gram: [String]) -> Bool {
    let threshold = thresholds[min(gram.count, thresholds.count) - 1]
    return (counts[gram] ?? 0) > threshold
  }

  func probability(_ word: String, after context: [String]) -> Double {
    let followers = words.map { context + [$0] }
    let total = Double(followers.reduce(0) { $0 + adjustedCount($1) })
    let lower =
      context.isEmpty
      ? 1 / Double(words.count) : probability(word, after: Array(context.dropFirst()))
    guard total > 0 else { return lower }
    let left = followers.reduce(0.0) { sum, gram in
      sum + (isKept(gram) ? discount(gram) : Double(adjustedCount(gram)))
    }
    let gram = context + [word]
    let own = isKept(gram) ? Double(adjustedCount(gram)) - discount(gram) : 0
    return own / total + left / total * lower
  }
}
