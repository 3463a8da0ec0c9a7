import Files

/// Writes a model as KenLM and others read it: fields parted by tabs, words by blanks, a back-off
/// with every n-gram that a longer one could follow.
struct ARPAWriter {
  private static let blockSize = 1 << 18
  private let model: NGramModel
  private let words: [[UInt8]]

  init(_ model: NGramModel) {
    self.model = model
    words = model.vocabulary.map { Array($0.utf8) }
  }

  func write(to output: borrowing OutputFile) throws(FileError) {
    var text = Array("\\data\\\n".utf8)
    for (index, count) in model.counts.enumerated() {
      text += Array("ngram \(index + 1)=\(count)\n".utf8)
    }
    for order in 1...model.order {
      text += Array("\n\\\(order)-grams:\n".utf8)
      try write(order, &text, to: output)
    }
    text += Array("\n\\end\\\n".utf8)
    try output.write(text)
  }

  private func write(
    _ order: Int, _ text: inout [UInt8], to output: borrowing OutputFile
  ) throws(FileError) {
    let base = model.base
    var path = NGramPath(model, order: order)
    for node in 0..<UInt32(model.counts[order - 1]) {
      path.move(to: Int(node))
      text += Array(model.probability(base, node, order).description.utf8)
      for (position, word) in path.words.enumerated() {
        text.append(position == 0 ? 9 : 32)
        text += words[Int(word)]
      }
      if order < model.order {
        text.append(9)
        text += Array(model.backoff(base, node, order).description.utf8)
      }
      text.append(10)
      if text.count >= Self.blockSize {
        try output.write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
  }
}

/// The words of the n-grams of one order, one after the other.
private struct NGramPath {
  private let model: NGramModel
  private let order: Int
  /// The nodes of order 1, 2, ... on the way.
  private var nodes: [Int]
  /// The words of the n-gram.
  private(set) var words: [UInt32]

  init(_ model: NGramModel, order: Int) {
    self.model = model
    self.order = order
    nodes = [Int](repeating: 0, count: order)
    words = [UInt32](repeating: 0, count: order)
    for level in 0..<order { setWord(level) }
    for level in stride(from: order - 2, through: 0, by: -1) { follow(level) }
  }

  /// Moves to a node that is not before the last one.
  mutating func move(to node: Int) {
    nodes[order - 1] = node
    setWord(order - 1)
    for level in stride(from: order - 2, through: 0, by: -1) {
      if !follow(level) { return }
    }
  }

  /// Moves the node of a level to the parent of the next; false if it was there.
  @discardableResult private mutating func follow(_ level: Int) -> Bool {
    let before = nodes[level]
    while nodes[level] < model.counts[level],
      model.children(model.base, of: UInt32(nodes[level]), level + 1).1 <= nodes[level + 1]
    {
      nodes[level] += 1
    }
    if nodes[level] != before { setWord(level) }
    return nodes[level] != before
  }

  private mutating func setWord(_ level: Int) {
    guard nodes[level] < model.counts[level] else { return }
    let layout = model.levels[level]
    words[level] =
      level == 0
      ? UInt32(nodes[0])
      : UInt32(
        model.base.number(
          at: layout.firstBit + nodes[level] * layout.stride, mask: layout.word.mask))
  }
}
