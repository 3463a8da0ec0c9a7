/// The first part of an ARPA file: how many n-grams of every order follow.
struct ARPAHeader {
  /// The highest order of a model.
  static let highestOrder = NGramState.capacity + 1

  /// The number of n-grams of order 1, 2, ...
  var counts: [Int] = []

  /// Reads from the beginning of the file to the first line behind the header, which it returns.
  ///
  /// Whatever stands before `\data\` is a comment.
  init(_ lines: inout ARPALines) throws(NGramError) {
    repeat {
      guard try lines.next() else { throw lines.problem(.missingSection("\\data\\")) }
    } while lines.text != "\\data\\"
    while try lines.next() {
      let line = lines.text
      if line.isEmpty { continue }
      if line.hasPrefix("\\") { break }
      try add(line, lines)
    }
    guard !counts.isEmpty else { throw lines.problem(.missingSection("line 'ngram 1=COUNT'")) }
  }

  private mutating func add(
    _ line: String, _ lines: borrowing ARPALines
  ) throws(NGramError) {
    let order = counts.count + 1
    let expected = "'ngram \(order)=COUNT' or '\\1-grams:'"
    let parts = line.split(separator: "=", omittingEmptySubsequences: false)
    let name = parts[0].split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard parts.count == 2, name == ["ngram", Substring(String(order))] else {
      throw lines.problem(.unexpected(found: line, expected: expected))
    }
    let digits = parts[1].drop { $0 == " " || $0 == "\t" }
    guard let count = Int(digits), count >= 0 else {
      throw lines.problem(.unexpected(found: line, expected: expected))
    }
    guard count <= NGramTrie.largestCount else {
      throw lines.problem(
        .tooLarge(found: count, limit: NGramTrie.largestCount, what: "count of \(order)-grams"))
    }
    guard order <= Self.highestOrder else {
      throw lines.problem(.tooLarge(found: order, limit: Self.highestOrder, what: "order"))
    }
    counts.append(count)
  }
}
