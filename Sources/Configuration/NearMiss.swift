/// Finds the word that was probably meant.
enum NearMiss {
  /// The closest of `candidates` if it is close enough to be a slip of the pen.
  ///
  /// Case, underscores and hyphens do not count, so that `hidden_size` finds `hiddenSize`; beyond
  /// that one edit in three letters is allowed.
  static func suggestion(for word: String, among candidates: [String]) -> String? {
    let plain = folded(word)
    let best = candidates.map { (distance(plain, folded($0)), $0) }.min { $0 < $1 }
    guard let (edits, candidate) = best, edits <= max(1, plain.count / 3), edits < plain.count
    else { return nil }
    return candidate
  }

  private static func folded(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "_" && $0 != "-" }
  }

  /// The number of insertions, deletions, substitutions and swaps of neighbours.
  ///
  /// This is the optimal string alignment distance, in O(a · b).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var edits = min(rows[i][j + 1], row[j]) + 1
        edits = min(edits, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          edits = min(edits, rows[i - 1][j - 1] + 1)
        }
        row.append(edits)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
