/// The order in which the lines of a page are read.
///
/// The partial order of Breuel 2003: of two lines one above the other, the upper comes first; of
/// two lines side by side, the left one comes first unless a line between their heights reaches
/// over both. That reads columns one after the other, and a heading over them before both.
package enum ReadingOrder {
  /// A line's extent: its columns, and the row of its middle.
  package struct Extent {
    package var left: Float
    package var right: Float
    package var row: Float

    package init(left: Float, right: Float, row: Float) {
      (self.left, self.right, self.row) = (left, right, row)
    }
  }

  /// The indices of the lines in reading order.
  ///
  /// - Complexity: O(*lines*³) in the worst case, with pages of columns; O(*lines*²) otherwise.
  package static func order(_ lines: [Extent]) -> [Int] {
    var waiting = [Int](repeating: 0, count: lines.count)
    var followers = [[Int]](repeating: [], count: lines.count)
    for i in lines.indices {
      for j in lines.indices where i != j && precedes(lines[i], lines[j], lines) {
        followers[i].append(j)
        waiting[j] += 1
      }
    }
    var left = Set(lines.indices)
    var order: [Int] = []
    while !left.isEmpty {
      // Lines that cross could wait for one another in a circle: then the uppermost goes first.
      let ready = left.filter { waiting[$0] == 0 }
      guard let next = (ready.isEmpty ? left : ready).min(by: { isSooner($0, $1, lines) }) else {
        break
      }
      left.remove(next)
      order.append(next)
      for follower in followers[next] { waiting[follower] -= 1 }
    }
    return order
  }

  private static func isSooner(_ a: Int, _ b: Int, _ lines: [Extent]) -> Bool {
    (lines[a].row, lines[a].left, a) < (lines[b].row, lines[b].left, b)
  }

  private static func overlap(_ a: Extent, _ b: Extent) -> Bool {
    // A tenth of the shorter may reach into the neighbouring column.
    min(a.right, b.right) - max(a.left, b.left)
      > 0.1 * min(a.right - a.left, b.right - b.left)
  }

  private static func precedes(_ a: Extent, _ b: Extent, _ lines: [Extent]) -> Bool {
    if overlap(a, b) { return a.row < b.row }
    guard a.left < b.left else { return false }
    let (low, high) = (min(a.row, b.row), max(a.row, b.row))
    return !lines.contains { line in
      line.row > low && line.row < high && overlap(line, a) && overlap(line, b)
    }
  }
}
