/// A level run of ink.
struct InkRun {
  var y: Int32
  /// The first column.
  var start: Int32
  /// The column after the last.
  var end: Int32

  var length: Int { Int(end - start) }
}

/// Ink that hangs together: runs that touch, also at their corners.
struct InkComponent {
  var runs: [InkRun]
  private(set) var left = Int.max
  private(set) var right = Int.min
  private(set) var top = Int.max
  private(set) var bottom = Int.min
  private(set) var area = 0

  init(_ runs: [InkRun]) {
    self.runs = runs
    for run in runs {
      (left, right) = (min(left, Int(run.start)), max(right, Int(run.end)))
      (top, bottom) = (min(top, Int(run.y)), max(bottom, Int(run.y) + 1))
      area += run.length
    }
  }

  var width: Int { right - left }
  var height: Int { bottom - top }
}

extension InkMask {
  /// The components of the mask, in the order of their first runs.
  ///
  /// Runs are joined row by row in a forest of disjoint sets (Rosenfeld and Pfaltz 1966).
  ///
  /// - Complexity: O(*pixels*).
  func components() -> [InkComponent] {
    var (runs, rowStarts) = allRuns()
    var parents = [Int32](0..<Int32(runs.count))
    join(runs, rowStarts, &parents)
    rowStarts = []
    var numbers = [Int32](repeating: -1, count: runs.count)
    var sizes: [Int] = []
    for index in runs.indices {
      let root = Int(parents[index])
      if numbers[root] < 0 {
        numbers[root] = Int32(sizes.count)
        sizes.append(0)
      }
      sizes[Int(numbers[root])] += 1
    }
    var members = sizes.map { size -> [InkRun] in
      var list: [InkRun] = []
      list.reserveCapacity(size)
      return list
    }
    for index in runs.indices { members[Int(numbers[Int(parents[index])])].append(runs[index]) }
    runs = []
    return members.map { InkComponent($0) }
  }

  private func allRuns() -> (runs: [InkRun], rowStarts: [Int]) {
    var runs: [InkRun] = []
    var rowStarts = [0]
    cells.withUnsafeBufferPointer { cells in
      for y in 0..<height {
        var x = 0
        let row = y * width
        while x < width {
          while x < width, cells[row + x] == 0 { x += 1 }
          let start = x
          while x < width, cells[row + x] != 0 { x += 1 }
          if x > start { runs.append(InkRun(y: Int32(y), start: Int32(start), end: Int32(x))) }
        }
        rowStarts.append(runs.count)
      }
    }
    return (runs, rowStarts)
  }

  /// Leaves in `parents` the first run of each run's component.
  private func join(_ runs: [InkRun], _ rowStarts: [Int], _ parents: inout [Int32]) {
    parents.withUnsafeMutableBufferPointer { parents in
      func root(_ index: Int) -> Int {
        var index = index
        while Int(parents[index]) != index {
          parents[index] = parents[Int(parents[index])]
          index = Int(parents[index])
        }
        return index
      }
      for y in 1..<max(1, height) {
        var above = rowStarts[y - 1]
        for index in rowStarts[y]..<rowStarts[y + 1] {
          while above < rowStarts[y], runs[above].end < runs[index].start { above += 1 }
          var other = above
          while other < rowStarts[y], runs[other].start <= runs[index].end {
            let (a, b) = (root(index), root(other))
            parents[max(a, b)] = Int32(min(a, b))
            other += 1
          }
        }
      }
      for index in parents.indices { parents[index] = Int32(root(index)) }
    }
  }
}
