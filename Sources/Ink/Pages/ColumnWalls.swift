/// The gaps that run down a page between columns: cells that no line of writing crosses.
///
/// A wall is a cell with no ink near it to its left and right, in a run of such cells that goes on
/// down the page for several lines. Breuel (2002) calls such maximal white rectangles the most
/// reliable evidence of a page's layout. The gaps between words do not line up for so long, and in
/// a margin a wall does no harm.
struct ColumnWalls {
  private let columns: Int
  private let rows: Int
  /// For each cell, how many wall cells there are in its row before it.
  private var before: [Int32]

  /// No walls: the whole page is one column.
  init(none map: DensityMap) {
    (columns, rows) = (map.columns, map.rows)
    before = [Int32](repeating: 0, count: (map.columns + 1) * map.rows)
  }

  /// The walls at least `width` cells wide and `height` cells high.
  init(_ map: DensityMap, width: Int, height: Int) {
    self.init(none: map)
    let free = Self.freeCells(map, width: width)
    let writing = Self.extents(map, reach: height / 12)
    var walls = [Bool](repeating: false, count: free.count)
    for column in 0..<columns {
      var start = 0
      for row in 0...rows where row == rows || !free[row * columns + column] {
        if let wall = Self.wall(start..<row, column, writing), wall.count >= height {
          for inside in wall { walls[inside * columns + column] = true }
        }
        start = row + 1
      }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let at = row * (columns + 1) + column
        before[at + 1] = before[at] + (walls[row * columns + column] ? 1 : 0)
      }
    }
  }

  /// The part of a free run of a column that has writing on both sides in most of its rows.
  private static func wall(
    _ run: Range<Int>, _ column: Int, _ writing: [ClosedRange<Int>?]
  ) -> Range<Int>? {
    let between = run.filter { writing[$0]?.contains(column) ?? false }
    guard let first = between.first, let last = between.last else { return nil }
    return between.count * 3 >= (last - first + 1) * 2 ? first..<last + 1 : nil
  }

  /// From the first to the last ink of each row and of those within `reach` of it.
  private static func extents(_ map: DensityMap, reach: Int) -> [ClosedRange<Int>?] {
    let own = (0..<map.rows).map { row -> ClosedRange<Int>? in
      let inked = (0..<map.columns).filter { map[$0, row] > 0.02 }
      return inked.first.flatMap { first in inked.last.map { first...$0 } }
    }
    return own.indices.map { row in
      let near = own[max(0, row - reach)...min(own.count - 1, row + reach)].compactMap { $0 }
      guard let low = near.map(\.lowerBound).min(), let high = near.map(\.upperBound).max() else {
        return nil
      }
      return low...high
    }
  }

  /// Cells in the middle of a gap of at least `width` cells.
  private static func freeCells(_ map: DensityMap, width: Int) -> [Bool] {
    let reach = width / 2
    var free = [Bool](repeating: true, count: map.values.count)
    for row in 0..<map.rows {
      for column in 0..<map.columns where map[column, row] > 0.02 {
        for near in max(0, column - reach)...min(map.columns - 1, column + reach) {
          free[row * map.columns + near] = false
        }
      }
    }
    return free
  }

  /// Whether there is a wall between two cells of a row.
  func separates(_ first: Int, _ second: Int, row: Int) -> Bool {
    let row = min(max(0, row), rows - 1)
    let (low, high) = (max(0, min(first, second)), min(columns, max(first, second) + 1))
    guard low < high else { return false }
    return before[row * (columns + 1) + high] > before[row * (columns + 1) + low]
  }
}
