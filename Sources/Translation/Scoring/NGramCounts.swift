/// Numbers for the different tokens of a few texts.
struct TokenNumbers<Token: Hashable> {
  private var numbers: [Token: UInt32] = [:]

  /// The number of each token; equal tokens have one number.
  mutating func numbers(of tokens: [Token]) -> [UInt32] {
    tokens.map { token in
      if let number = numbers[token] { return number }
      let number = UInt32(numbers.count)
      numbers[token] = number
      return number
    }
  }
}

/// The n-grams of a few texts that are compared, as a trie: an n-gram is the one without its last
/// token, and that token.
struct NGramTable {
  /// The longest n-grams.
  let maximumOrder: Int
  private var numbers: [UInt64: Int] = [:]
  private var orders: [Int] = []

  init(maximumOrder: Int) { self.maximumOrder = maximumOrder }

  /// How often each n-gram, by its number in this table, occurs in a text of token numbers.
  mutating func counts(of tokens: [UInt32]) -> [Int] {
    var counts = [Int](repeating: 0, count: orders.count)
    var prefixes = [UInt32](repeating: .max, count: tokens.count)
    for order in 1...max(1, maximumOrder) where order <= maximumOrder {
      for start in 0..<max(0, tokens.count - order + 1) {
        let key = UInt64(prefixes[start]) << 32 | UInt64(tokens[start + order - 1])
        let number = number(of: key, order: order)
        if number == counts.count { counts.append(0) }
        counts[number] += 1
        prefixes[start] = UInt32(number)
      }
    }
    return counts
  }

  private mutating func number(of key: UInt64, order: Int) -> Int {
    if let number = numbers[key] { return number }
    let number = orders.count
    numbers[key] = number
    orders.append(order)
    return number
  }

  /// For each order, how many n-grams two texts share; each counts as often as in the text that has
  /// it less often.
  func matches(_ first: [Int], _ second: [Int]) -> [Int] {
    var matches = [Int](repeating: 0, count: maximumOrder)
    for (number, counts) in zip(first, second).enumerated() {
      matches[orders[number] - 1] += min(counts.0, counts.1)
    }
    return matches
  }

  /// How many n-grams of an order a text of so many tokens has.
  static func total(tokens: Int, order: Int) -> Int { max(0, tokens - order + 1) }
}
