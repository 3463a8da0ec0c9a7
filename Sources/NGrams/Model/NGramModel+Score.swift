extension NGramModel {
  /// The state before the first word of a sentence.
  public var begin: NGramState {
    var state = NGramState()
    if order > 1 { remember(WordTable.begin, 1, in: &state) }
    return state
  }

  /// The state of knowing nothing about what was before, as in the middle of a text.
  public var empty: NGramState { NGramState() }

  /// The log₁₀ probability of a word after what the state remembers, and the state behind it.
  ///
  /// That of the longest n-gram that fits, plus the back-offs of the longer contexts that have no
  /// such n-gram (Katz 1987). ``end`` gives the probability that the sentence ends.
  ///
  /// - Complexity: O(*length of the context* · log *children*).
  public func score(_ state: NGramState, _ word: UInt32) -> (Float, NGramState) {
    precondition(
      Int(word) < levels[0].count,
      "NGramModel.score: got word \(word), expected one below \(levels[0].count)")
    let base = base
    var next = NGramState()
    var score: Float = 0
    var isFound = false
    var count = state.length
    while count > 0 {
      let node = state[count]
      if node != NGramState.none {
        let child = child(base, of: node, count, word)
        if child != NGramState.none {
          if !isFound { score += probability(base, child, count + 1) }
          isFound = true
          if count + 1 < levels.count { remember(child, count + 1, in: &next) }
        } else if !isFound {
          score += backoff(base, node, count)
        }
      }
      count &-= 1
    }
    if !isFound { score += probability(base, word, 1) }
    if levels.count > 1 { remember(word, 1, in: &next) }
    return (score, next)
  }

  /// The log₁₀ probability of a sentence, its end included.
  public func score(sentence words: [UInt32]) -> Float {
    var state = begin
    var sum: Float = 0
    for word in words + [Self.end] {
      let (score, next) = score(state, word)
      sum += score
      state = next
    }
    return sum
  }

  /// Keeps a context if anything depends on it: words that follow it, or its back-off.
  @inline(__always)
  private func remember(_ node: UInt32, _ count: Int, in state: inout NGramState) {
    let (first, end) = children(base, of: node, count)
    if first < end || backoff(base, node, count) != 0 { state.remember(node, count) }
  }

  /// The child of a node of some order that a word leads to.
  @inline(__always)
  private func child(
    _ base: UnsafeRawPointer, of node: UInt32, _ order: Int, _ word: UInt32
  ) -> UInt32 {
    var (low, high) = children(base, of: node, order)
    let end = high
    return levels.withUnsafeBufferPointer { levels in
      let stride = levels[order].stride
      let firstBit = levels[order].firstBit
      let mask = levels[order].word.mask
      let wanted = UInt64(word)
      while low < high {
        let middle = (low &+ high) &>> 1
        let found = base.number(at: firstBit &+ middle &* stride, mask: mask)
        if found < wanted { low = middle &+ 1 } else { high = middle }
      }
      guard low < end, base.number(at: firstBit &+ low &* stride, mask: mask) == wanted else {
        return NGramState.none
      }
      return UInt32(truncatingIfNeeded: low)
    }
  }

  /// Where the children of a node of some order begin and end.
  @inline(__always)
  func children(_ base: UnsafeRawPointer, of node: UInt32, _ order: Int) -> (Int, Int) {
    levels.withUnsafeBufferPointer { levels in
      let stride = levels[order &- 1].stride
      let field = levels[order &- 1].child
      let bit = levels[order &- 1].firstBit &+ Int(node) &* stride &+ field.shift
      return (
        Int(base.number(at: bit, mask: field.mask)),
        Int(base.number(at: bit &+ stride, mask: field.mask))
      )
    }
  }

  /// log₁₀ of the probability of a node of some order.
  @inline(__always)
  func probability(_ base: UnsafeRawPointer, _ node: UInt32, _ order: Int) -> Float {
    levels.withUnsafeBufferPointer { levels in
      value(
        base, levels[order &- 1].probability, levels[order &- 1].probabilityTable,
        levels[order &- 1].firstBit &+ Int(node) &* levels[order &- 1].stride)
    }
  }

  /// log₁₀ of the back-off of a node of some order; it must not be the last.
  @inline(__always)
  func backoff(_ base: UnsafeRawPointer, _ node: UInt32, _ order: Int) -> Float {
    levels.withUnsafeBufferPointer { levels in
      value(
        base, levels[order &- 1].backoff, levels[order &- 1].backoffTable,
        levels[order &- 1].firstBit &+ Int(node) &* levels[order &- 1].stride)
    }
  }

  @inline(__always)
  private func value(
    _ base: UnsafeRawPointer, _ field: BitField, _ table: Int, _ record: Int
  ) -> Float {
    let code = UInt32(truncatingIfNeeded: base.number(at: record &+ field.shift, mask: field.mask))
    if field.bits == 32 { return Float(bitPattern: code) }
    let stored = base.load(fromByteOffset: table &+ 4 &* Int(code), as: UInt32.self)
    return Float(bitPattern: UInt32(littleEndian: stored))
  }
}
