/// The path from the left to the right of a component, between the middles of two lines, that
/// crosses the least ink.
struct Seam {
  private let left: Int
  /// The row below the path, column by column.
  private var rows: [Int32]

  /// What it costs to cross a pixel of ink, where a step away from half way costs up to 1.
  private static let inkCost: Float = 12
  /// What a step up or down costs.
  private static let turnCost: Float = 0.3

  /// - Complexity: O(*box of the component*).
  init(
    through component: InkComponent, above: (Float) -> Float, below: (Float) -> Float
  ) {
    left = component.left
    let width = component.width
    let bounds = (0..<width).map { column -> (top: Float, bottom: Float) in
      let x = Float(component.left + column)
      let (a, b) = (above(x), below(x))
      return (min(a, b), max(a, b, min(a, b) + 2))
    }
    let top = Int(bounds.reduce(Float.infinity) { min($0, $1.top) }.rounded(.down))
    let bottom = Int(bounds.reduce(-Float.infinity) { max($0, $1.bottom) }.rounded(.up))
    let height = bottom - top + 1
    var costs = [Float](repeating: 0, count: width * height)
    Self.fill(&costs, bounds: bounds, top: top, height: height)
    for run in component.runs where (top...bottom).contains(Int(run.y)) {
      for x in Int(run.start)..<Int(run.end) {
        costs[(x - left) * height + Int(run.y) - top] += Self.inkCost
      }
    }
    rows = Self.path(costs, width: width, height: height).map { $0 + Int32(top) }
  }

  /// The price of places: nothing half way, 1 at a line's middle, much beyond it.
  private static func fill(
    _ costs: inout [Float], bounds: [(top: Float, bottom: Float)], top: Int, height: Int
  ) {
    for (column, bound) in bounds.enumerated() {
      let (center, half) = ((bound.top + bound.bottom) / 2, (bound.bottom - bound.top) / 2)
      for row in 0..<height {
        let offset = abs(Float(row + top) - center) / half
        costs[column * height + row] = offset <= 1 ? offset * offset : 100 * offset
      }
    }
  }

  /// The cheapest path from the first column to the last.
  private static func path(_ costs: [Float], width: Int, height: Int) -> [Int32] {
    var sums = Array(costs.prefix(height))
    var steps = [Int8](repeating: 0, count: costs.count)
    var next = sums
    for column in 1..<max(1, width) {
      for row in 0..<height {
        var (best, step) = (sums[row], Int8(0))
        if row > 0, sums[row - 1] + turnCost < best { (best, step) = (sums[row - 1] + turnCost, -1) }
        if row + 1 < height, sums[row + 1] + turnCost < best {
          (best, step) = (sums[row + 1] + turnCost, 1)
        }
        next[row] = best + costs[column * height + row]
        steps[column * height + row] = step
      }
      swap(&sums, &next)
    }
    var row = sums.indices.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
    var rows = [Int32](repeating: 0, count: width)
    for column in stride(from: width - 1, through: 0, by: -1) {
      rows[column] = Int32(row)
      row += Int(steps[column * height + row])
    }
    return rows
  }

  /// The runs of a component above the path, and those on it and below.
  func split(_ component: InkComponent) -> (over: [InkRun], under: [InkRun]) {
    var (over, under): ([InkRun], [InkRun]) = ([], [])
    for run in component.runs {
      var start = run.start
      while start < run.end {
        let isOver = run.y < rows[Int(start) - left]
        var end = start + 1
        while end < run.end, (run.y < rows[Int(end) - left]) == isOver { end += 1 }
        let part = InkRun(y: run.y, start: start, end: end)
        if isOver { over.append(part) } else { under.append(part) }
        start = end
      }
    }
    return (over, under)
  }
}
