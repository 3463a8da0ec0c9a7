/// The ways in which a text may be read: words between nodes, from the first node to the last.
///
/// A text without alternatives is a chain. Arcs lead from lower to higher nodes, so the order of the
/// nodes is one in which they can be visited.
struct WordGraph: Equatable {
  /// A word as it is compared.
  struct Word: Equatable {
    var text: String
    /// Whether leaving it out is no error.
    var isOptional = false
    /// Which part of a word it is, if it is one that was broken off.
    var fragment = Fragment.none
  }

  /// A word that was broken off matches all words that go on, or end, like it.
  enum Fragment: Equatable {
    case none
    case beginning(String)
    case end(String)

    func matches(_ word: String) -> Bool {
      switch self {
      case .none: false
      case .beginning(let part): word.hasPrefix(part)
      case .end(let part): word.hasSuffix(part)
      }
    }
  }

  /// A way from a lower node, with a word or with none.
  struct Arc: Equatable {
    var from: Int
    var word: Word?
  }

  /// A part of a text: a word, or texts of which one is read.
  indirect enum Item: Equatable {
    case word(Word)
    case alternatives([[Item]])
  }

  /// The arcs that lead to each node; none lead to the first.
  private(set) var incoming: [[Arc]] = [[]]

  init(_ items: [Item]) { _ = append(items, after: 0) }

  /// The words, if there is but one way and every word is a plain one.
  var chain: [String]? {
    var words: [String] = []
    for (node, arcs) in incoming.enumerated().dropFirst() {
      guard arcs.count == 1, arcs[0].from == node - 1, let word = arcs[0].word,
        !word.isOptional, word.fragment == .none
      else { return nil }
      words.append(word.text)
    }
    return words
  }

  /// Adds ways that begin at a node; returns the node where they end.
  private mutating func append(_ items: [Item], after start: Int) -> Int {
    var node = start
    for item in items {
      switch item {
      case .word(let word):
        incoming.append([Arc(from: node, word: word)])
      case .alternatives(let texts):
        let ends = texts.map { append($0, after: node) }
        incoming.append(ends.map { Arc(from: $0, word: nil) })
      }
      node = incoming.count - 1
    }
    return node
  }
}
