/// The n-grams of one order, in ascending order of context and word.
struct NGramLevel: Sendable {
  /// The last word of each; empty for order 1, where the number of a node is its word.
  var words: [UInt32] = []
  /// log₁₀ of the probability of the last word after the others.
  var probabilities: [Float] = []
  /// log₁₀ of the weight of shorter contexts when no longer n-gram fits; empty for the last order.
  var backoffs: [Float] = []
  /// Where the n-grams of the next order that continue this one begin, and where the last end.
  var firstChild: [UInt32] = []

  /// The number of n-grams.
  var count: Int { probabilities.count }
}

/// N-grams of one order as they come, before they are sorted.
struct NGramEntries: Sendable {
  /// The node of the context in the upper half, the word in the lower.
  var keys: [UInt64] = []
  var probabilities: [Float] = []
  var backoffs: [Float] = []

  static func key(_ context: UInt32, _ word: UInt32) -> UInt64 {
    UInt64(context) << 32 | UInt64(word)
  }

  mutating func append(_ key: UInt64, _ probability: Float, _ backoff: Float) {
    keys.append(key)
    probabilities.append(probability)
    backoffs.append(backoff)
  }
}

/// N-grams as a tree: the children of a node are the words that were seen after its words.
///
/// This is the form in which models are put together; ``NGramModel`` holds the packed form.
struct NGramTrie: Sendable {
  /// The most n-grams of one order; one number stays free to say that there is none.
  static let largestCount = Int(UInt32.max) - 1

  var words: WordTable
  private(set) var levels: [NGramLevel] = []

  /// A tree of 1-grams; there is a probability and a back-off for every word.
  init(words: WordTable, probabilities: [Float], backoffs: [Float]) {
    self.words = words
    levels = [NGramLevel(probabilities: probabilities, backoffs: backoffs)]
  }

  /// The same n-gram twice.
  struct Duplicate: Error {
    /// The number of the second one among the entries.
    let entry: Int
  }

  /// Adds the next order.
  ///
  /// - Returns: For every node of the new level, the number of its entry.
  @discardableResult
  mutating func append(_ entries: NGramEntries) throws(Duplicate) -> [UInt32] {
    let order = RadixSort.order(entries.keys)
    for (first, second) in zip(order, order.dropFirst())
    where entries.keys[Int(first)] == entries.keys[Int(second)] {
      throw Duplicate(entry: Int(second))
    }
    append(entries, in: order)
    return order
  }

  /// Adds the next order, none of whose n-grams comes twice; otherwise as ``append(_:)``.
  mutating func append(distinct entries: NGramEntries) -> [UInt32] {
    let order = RadixSort.order(entries.keys)
    append(entries, in: order)
    return order
  }

  private mutating func append(_ entries: NGramEntries, in order: [UInt32]) {
    var level = NGramLevel()
    level.words.reserveCapacity(order.count)
    level.probabilities = order.map { entries.probabilities[Int($0)] }
    level.backoffs = order.map { entries.backoffs[Int($0)] }
    var firstChild = [UInt32](repeating: 0, count: levels[levels.count - 1].count + 1)
    for entry in order {
      let key = entries.keys[Int(entry)]
      level.words.append(UInt32(truncatingIfNeeded: key))
      firstChild[Int(key >> 32) + 1] += 1
    }
    for node in 1..<firstChild.count { firstChild[node] += firstChild[node - 1] }
    levels[levels.count - 1].firstChild = firstChild
    levels.append(level)
  }

  /// Sets the back-offs of the last level.
  mutating func setBackoffs(_ backoffs: [Float]) { levels[levels.count - 1].backoffs = backoffs }

  /// Adds the next order, whose n-grams are in order already.
  mutating func append(sorted level: (firstChild: [UInt32], NGramLevel)) {
    levels[levels.count - 1].firstChild = level.firstChild
    levels.append(level.1)
  }

  /// The child of a node that a word leads to.
  ///
  /// - Parameter order: The order of the node; a child is one order higher.
  func child(of node: UInt32, order: Int, word: UInt32) -> UInt32? {
    var low = Int(levels[order - 1].firstChild[Int(node)])
    let end = Int(levels[order - 1].firstChild[Int(node) + 1])
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if levels[order].words[middle] < word { low = middle + 1 } else { high = middle }
    }
    return low < end && levels[order].words[low] == word ? UInt32(low) : nil
  }

  /// The words that lead to a node, for messages.
  func path(of node: UInt32, order: Int) -> [UInt32] {
    var words: [UInt32] = []
    var node = node
    for order in stride(from: order, to: 1, by: -1) {
      words.insert(levels[order - 1].words[Int(node)], at: 0)
      // The parent is the last node whose children begin at or before this one.
      var (low, high) = (0, levels[order - 2].count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if levels[order - 2].firstChild[middle] <= node { low = middle } else { high = middle }
      }
      node = UInt32(low)
    }
    return [node] + words
  }

  /// Replaces the back-offs of the last level, which nothing follows.
  mutating func finish() {
    levels[levels.count - 1].backoffs = []
  }
}
