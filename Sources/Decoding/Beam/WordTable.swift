/// The words that the search knows, as a tree over labels.
struct WordTable: Sendable {
  /// What a node of the tree says about the word that ends there.
  struct Entry {
    /// The identifier in the word model, that of unknown words if the model does not have the word.
    var token: UInt32
    /// Whether a word ends here.
    var isWord: Bool
    /// The largest log-probability without context among the words that go on from here.
    var lookAhead: Float
  }

  private var tree = ChildTable()
  private(set) var entries = [Entry(token: 0, isWord: false, lookAhead: -.infinity)]
  /// The labels that lead on from each node, label *k* as bit *k* modulo 64: a bit that is not set
  /// saves looking for a child.
  private var branches: [UInt64] = [0]
  /// Whether no other words may be written.
  let isClosed: Bool

  /// A table without words.
  init(isClosed: Bool) { self.isClosed = isClosed }

  /// The node between words.
  static let root: Int32 = 0
  /// The node of letters that begin no known word.
  static let unknown: Int32 = -1

  /// The node that a letter leads to.
  @inline(__always)
  func next(_ node: Int32, _ label: Int32) -> Int32 {
    node == Self.unknown ? Self.unknown : tree.child(of: node, by: label)
  }

  /// The labels, modulo 64, that may lead from a node to another.
  @inline(__always)
  func branches(of node: Int32) -> UInt64 { node == Self.unknown ? 0 : branches[Int(node)] }

  /// Adds a word; one that is there already keeps its identifier.
  mutating func insert(_ labels: [Int32], token: UInt32, score: Float) {
    var node = Self.root
    for label in labels {
      branches[Int(node)] |= 1 &<< UInt64(truncatingIfNeeded: label)
      node = tree.childAdding(to: node, by: label)
      if entries.count < tree.count {
        branches.append(0)
        entries.append(Entry(token: 0, isWord: false, lookAhead: -.infinity))
      }
    }
    guard node != Self.root, !entries[Int(node)].isWord else { return }
    entries[Int(node)] = Entry(token: token, isWord: true, lookAhead: score)
  }

  /// Spreads the look-ahead from the words to their beginnings. Call it once, after the last word.
  mutating func finish() {
    for node in entries.indices.reversed() where node > 0 {
      let parent = Int(tree.parent(of: Int32(node)))
      entries[parent].lookAhead = max(entries[parent].lookAhead, entries[node].lookAhead)
    }
  }
}

/// Writes words in labels, quickly where they are ASCII.
struct WordEncoder {
  private let alphabet: Alphabet
  private let ascii: [Int32]

  init(_ alphabet: Alphabet) {
    self.alphabet = alphabet
    ascii = (0..<128).map { byte in
      alphabet.label(of: Character(Unicode.Scalar(UInt8(byte)))).map(Int32.init) ?? -1
    }
  }

  /// The labels of a word; nil if the alphabet lacks a character or the word has a delimiter inside.
  func labels(of word: String) -> [Int32]? {
    let delimiter = alphabet.wordDelimiterLabel.map(Int32.init)
    var labels: [Int32] = []
    if alphabet.direction == .leftToRight, word.utf8.allSatisfy({ $0 < 128 && $0 != 13 }) {
      for byte in word.utf8 {
        let label = ascii[Int(byte)]
        guard label >= 0, label != delimiter else { return nil }
        labels.append(label)
      }
      return labels
    }
    guard let encoded = try? alphabet.encode(word) else { return nil }
    labels = encoded.map(Int32.init)
    return delimiter.map(labels.contains) == true ? nil : labels
  }
}
