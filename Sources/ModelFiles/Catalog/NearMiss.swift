/// Finds the name that was probably meant.
enum NearMiss {
  /// The candidate with the fewest typing errors, if these are at most a third of its letters; of
  /// equals, the first.
  static func suggestion(for name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased())
    let rated = candidates.map { candidate in
      let letters = Array(candidate.lowercased())
      let begins = !wanted.isEmpty && letters.starts(with: wanted)
      return (candidate, begins ? 0 : distance(wanted, letters), max(1, letters.count / 3))
    }
    return rated.filter { $0.1 <= $0.2 }.min { $0.1 < $1.1 }?.0
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
