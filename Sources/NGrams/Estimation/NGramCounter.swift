/// Counts the n-grams of a text as it is read.
///
/// Memory grows with the number of different n-grams, about 35 bytes each, not with the text.
struct NGramCounter {
  private(set) var words = WordTable()
  /// The n-grams of order 1, 2, ...; those of order 1 have the numbers of their words.
  private(set) var tables: [NGramCountTable]
  private(set) var sentenceCount = 0
  /// The number of words or characters, ends of sentences not among them.
  private(set) var symbolCount = 0
  /// The n-grams that end at the last word, by order; none behind the length.
  private var history: [UInt32]
  private var historyLength = 0
  private let order: Int

  init(order: Int) {
    self.order = order
    tables = [NGramCountTable](repeating: NGramCountTable(), count: order)
    history = [UInt32](repeating: 0, count: order)
    addNewWords()
  }

  /// Counts all sentences of a file.
  mutating func count(_ path: String, unit: NGramUnit) throws(NGramError) {
    var reader = try SentenceReader(path, unit: unit)
    var ids: [UInt32] = []
    while try reader.next(&words, into: &ids) {
      addNewWords()
      sentenceCount += 1
      symbolCount += ids.count
      (history[0], historyLength) = (WordTable.begin, 1)
      for id in ids { try count(id) }
      try count(WordTable.end)
    }
  }

  /// Gives back what only counting needs.
  mutating func finish() {
    for order in tables.indices { tables[order].finishCounting() }
  }

  private mutating func addNewWords() {
    while tables[0].count < words.count { tables[0].addUnseen(UInt64(tables[0].count)) }
  }

  /// Counts the n-grams of every order that end with a word.
  private mutating func count(_ word: UInt32) throws(NGramError) {
    tables[0].count(word)
    var suffix = word
    var previous = history[0]
    history[0] = word
    let longest = min(order - 1, historyLength)
    for length in 0..<longest {
      let key = NGramEntries.key(previous, word)
      guard let (number, isNew) = tables[length + 1].add(key, suffix: suffix) else {
        throw .tooLarge(
          what: "\(length + 2)-grams", found: NGramTrie.largestCount,
          limit: NGramTrie.largestCount)
      }
      if isNew { tables[length].addContinuation(suffix) }
      suffix = number
      if length + 1 < order {
        (previous, history[length + 1]) = (history[length + 1], number)
      }
    }
    historyLength = min(order, historyLength + 1)
  }
}
