/// The n-grams of one order that were seen, numbered in the order in which they first came.
///
/// An n-gram is the pair of the number of its context (the n-gram without its last word, one order
/// lower) and its last word, so that every order is searched by one 64-bit key.
struct NGramCountTable {
  /// The context and the last word of each n-gram.
  private(set) var keys: [UInt64] = []
  /// How often each was seen.
  private(set) var counts: [UInt32] = []
  /// Each without its first word: its number in the table of the next lower order.
  private(set) var suffixes: [UInt32] = []
  /// The number of different words that were seen before each.
  private(set) var continuations: [UInt32] = []
  private var slots = [UInt32](repeating: 0, count: 1 << 12)

  /// The number of different n-grams.
  var count: Int { keys.count }

  /// Counts one occurrence.
  ///
  /// - Returns: The number of the n-gram and whether it is new; nil if the table is full.
  mutating func add(_ key: UInt64, suffix: UInt32) -> (UInt32, isNew: Bool)? {
    let mask = slots.count - 1
    var position = Self.hash(key) & mask
    while slots[position] != 0 {
      let number = slots[position] - 1
      if keys[Int(number)] == key {
        if counts[Int(number)] < .max { counts[Int(number)] += 1 }
        return (number, false)
      }
      position = (position + 1) & mask
    }
    guard keys.count < NGramTrie.largestCount else { return nil }
    keys.append(key)
    counts.append(1)
    suffixes.append(suffix)
    continuations.append(0)
    slots[position] = UInt32(keys.count)
    if keys.count * 3 > slots.count * 2 { grow() }
    return (UInt32(keys.count - 1), true)
  }

  /// Adds an n-gram that was not seen.
  mutating func addUnseen(_ key: UInt64) {
    keys.append(key)
    counts.append(0)
    suffixes.append(0)
    continuations.append(0)
  }

  /// Counts one occurrence of an n-gram of known number.
  mutating func count(_ number: UInt32) {
    if counts[Int(number)] < .max { counts[Int(number)] += 1 }
  }

  /// Notes that another word was seen before an n-gram.
  mutating func addContinuation(_ number: UInt32) { continuations[Int(number)] += 1 }

  /// Gives back what only counting needs.
  mutating func finishCounting() { slots = [] }

  private static func hash(_ key: UInt64) -> Int {
    var hash = key &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    larger.withUnsafeMutableBufferPointer { larger in
      for (number, key) in keys.enumerated() {
        var position = Self.hash(key) & mask
        while larger[position] != 0 { position = (position + 1) & mask }
        larger[position] = UInt32(number + 1)
      }
    }
    slots = larger
  }
}
