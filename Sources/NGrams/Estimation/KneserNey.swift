#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns counts into probabilities and back-offs; see ``NGramEstimator`` for the method.
struct KneserNey {
  private let counter: NGramCounter
  private let estimator: NGramEstimator
  private let isKeptWord: [Bool]
  /// The discounts of order 1, 2, ...
  let discounts: [Discounts]
  /// The count that smoothing works with, of every n-gram of every order.
  private let adjusted: [[UInt32]]

  init(_ counter: NGramCounter, _ estimator: NGramEstimator) {
    self.counter = counter
    self.estimator = estimator
    isKeptWord = Self.keptWords(counter, estimator.vocabularyLimit)
    adjusted = Self.adjustedCounts(counter.tables)
    discounts = adjusted.map { counts in
      var countsOfCounts = [Int](repeating: 0, count: 5)
      for count in counts where count < 5 { countsOfCounts[Int(count)] += 1 }
      return Discounts(countsOfCounts: countsOfCounts)
    }
  }

  /// Which words the limit leaves: the most frequent, of equally frequent ones those seen first.
  private static func keptWords(_ counter: NGramCounter, _ limit: Int?) -> [Bool] {
    let counts = counter.tables[0].counts
    let specials = WordTable.reserved.count
    guard let limit, counts.count - specials > limit else {
      return [Bool](repeating: true, count: counts.count)
    }
    let keys = counts.dropFirst(specials).map { UInt64(UInt32.max - $0) }
    var isKept = [Bool](repeating: false, count: counts.count)
    for id in 0..<specials { isKept[id] = true }
    for index in RadixSort.order(keys).prefix(limit) { isKept[Int(index) + specials] = true }
    return isKept
  }

  private static func adjustedCounts(_ tables: [NGramCountTable]) -> [[UInt32]] {
    var beginsSentence = [Bool](repeating: false, count: tables[0].count)
    beginsSentence[Int(WordTable.begin)] = true
    return tables.enumerated().map { index, table in
      if index > 0 { beginsSentence = table.keys.map { beginsSentence[Int($0 >> 32)] } }
      if index == tables.count - 1 { return table.counts }
      return table.counts.indices.map { number in
        beginsSentence[number] ? table.counts[number] : table.continuations[number]
      }
    }
  }

  /// The model.
  func trie() -> NGramTrie {
    var level = Level(
      isKept: isKeptWord, probabilities: unigramProbabilities(), nodes: Self.ranks(isKeptWord))
    let wordNodes = level.nodes
    var trie = unigramTrie(level)
    if estimator.order > 1 {
      for order in 2...estimator.order {
        let isKept = keptGrams(order, contexts: level.isKept)
        let sums = Sums(
          counter.tables[order - 1].keys, adjusted[order - 1], isKept,
          discounts[order - 1], contextCount: level.isKept.count)
        trie.setBackoffs(level.inOrderOfNodes(sums.gammas).map(Self.logarithm))
        let probabilities = probabilities(order, isKept, sums, lower: level.probabilities)
        let nodes = append(
          order, isKept, probabilities, contexts: level.nodes, words: wordNodes, to: &trie)
        level = Level(isKept: isKept, probabilities: probabilities, nodes: nodes)
      }
    }
    trie.finish()
    return trie
  }

  /// What is known of the n-grams of one order, by their numbers in the table of counts.
  private struct Level {
    var isKept: [Bool]
    var probabilities: [Double]
    /// Their nodes in the tree, if they are kept.
    var nodes: [UInt32]

    /// The values of what is kept, in the order of the tree.
    func inOrderOfNodes(_ values: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: isKept.count { $0 })
      for number in isKept.indices where isKept[number] {
        result[Int(nodes[number])] = values[number]
      }
      return result
    }
  }

  /// The sums over the n-grams of each context.
  private struct Sums {
    /// Of the counts, by the number of the context.
    var denominators: [Double]
    /// The share of what was discounted or pruned, 1 where nothing follows.
    var gammas: [Double]

    init(
      _ keys: [UInt64], _ counts: [UInt32], _ isKept: [Bool], _ discounts: Discounts,
      contextCount: Int
    ) {
      denominators = [Double](repeating: 0, count: contextCount)
      gammas = denominators
      for number in keys.indices {
        let context = Int(keys[number] >> 32)
        let count = counts[number]
        denominators[context] += Double(count)
        gammas[context] += isKept[number] ? discounts.discount(count) : Double(count)
      }
      for context in gammas.indices {
        gammas[context] =
          denominators[context] > 0 ? gammas[context] / denominators[context] : 1
      }
    }
  }

  /// Which n-grams of an order stay.
  private func keptGrams(_ order: Int, contexts: [Bool]) -> [Bool] {
    let table = counter.tables[order - 1]
    let threshold = estimator.threshold(order)
    return table.keys.indices.map { number in
      let key = table.keys[number]
      return Int(table.counts[number]) > threshold && contexts[Int(key >> 32)]
        && isKeptWord[Int(UInt32(truncatingIfNeeded: key))]
    }
  }

  /// The probabilities of words without context, that of `<s>` 1 because it is never asked for.
  private func unigramProbabilities() -> [Double] {
    let counts = adjusted[0]
    let keys = [UInt64](repeating: 0, count: counts.count)
    let sums = Sums(keys, counts, isKeptWord, discounts[0], contextCount: 1)
    let uniform = 1 / Double(isKeptWord.count { $0 } - 1)
    var probabilities = counts.map { count in
      (Double(count) - discounts[0].discount(count)) / sums.denominators[0]
        + sums.gammas[0] * uniform
    }
    probabilities[Int(WordTable.begin)] = 1
    return probabilities
  }

  private func probabilities(
    _ order: Int, _ isKept: [Bool], _ sums: Sums, lower: [Double]
  ) -> [Double] {
    let table = counter.tables[order - 1]
    return table.keys.indices.map { number in
      guard isKept[number] else { return 0 }
      let context = Int(table.keys[number] >> 32)
      let count = adjusted[order - 1][number]
      return (Double(count) - discounts[order - 1].discount(count)) / sums.denominators[context]
        + sums.gammas[context] * lower[Int(table.suffixes[number])]
    }
  }

  private func unigramTrie(_ level: Level) -> NGramTrie {
    var words = WordTable()
    for id in isKeptWord.indices where isKeptWord[id] { words.insert(counter.words[UInt32(id)]) }
    let probabilities = level.inOrderOfNodes(level.probabilities).map(Self.logarithm)
    return NGramTrie(
      words: words, probabilities: probabilities,
      backoffs: [Float](repeating: 0, count: words.count))
  }

  /// Adds an order to the tree; returns the nodes of its n-grams.
  private func append(
    _ order: Int, _ isKept: [Bool], _ probabilities: [Double], contexts: [UInt32],
    words: [UInt32], to trie: inout NGramTrie
  ) -> [UInt32] {
    var entries = NGramEntries()
    var numbers: [Int] = []
    for (number, key) in counter.tables[order - 1].keys.enumerated() where isKept[number] {
      let word = words[Int(UInt32(truncatingIfNeeded: key))]
      entries.append(
        NGramEntries.key(contexts[Int(key >> 32)], word), Self.logarithm(probabilities[number]), 0)
      numbers.append(number)
    }
    var nodes = [UInt32](repeating: 0, count: isKept.count)
    for (node, entry) in trie.append(distinct: entries).enumerated() {
      nodes[numbers[Int(entry)]] = UInt32(node)
    }
    return nodes
  }

  /// The number of kept ones before each.
  private static func ranks(_ isKept: [Bool]) -> [UInt32] {
    var rank: UInt32 = 0
    return isKept.map { isKept in
      defer { if isKept { rank += 1 } }
      return rank
    }
  }

  /// log₁₀ as models store it: at most 0, and finite also if nothing at all was discounted.
  private static func logarithm(_ probability: Double) -> Float {
    Float(log10(min(max(probability, 1e-37), 1)))
  }
}
