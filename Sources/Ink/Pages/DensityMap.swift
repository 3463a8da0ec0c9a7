#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much ink there is in each cell of a coarse grid over a page, about ten cells to the height
/// of a word.
struct DensityMap {
  /// Pixels across a cell.
  let cell: Int
  let columns: Int
  let rows: Int
  /// The part of each cell that is ink, row after row.
  private(set) var values: [Float]

  init(_ components: [InkComponent], width: Int, height: Int, cell: Int) {
    self.cell = cell
    columns = (width + cell - 1) / cell
    rows = (height + cell - 1) / cell
    values = [Float](repeating: 0, count: columns * rows)
    let part = 1 / Float(cell * cell)
    values.withUnsafeMutableBufferPointer { values in
      for component in components {
        component.runs.withUnsafeBufferPointer { runs in
          for run in runs {
            let row = Int(run.y) / cell * columns
            var x = Int(run.start)
            while x < Int(run.end) {
              let column = x / cell
              let next = min(Int(run.end), (column + 1) * cell)
              values[row + column] += Float(next - x) * part
              x = next
            }
          }
        }
      }
    }
  }

  subscript(column: Int, row: Int) -> Float { values[row * columns + column] }
}

/// The weights of a Gaussian out to three deviations, with sum 1.
func gaussian(deviation: Float) -> [Float] {
  let reach = max(1, Int((3 * deviation).rounded(.up)))
  let weights = (-reach...reach).map { exp(-0.5 * Float($0 * $0) / (deviation * deviation)) }
  let sum = weights.reduce(0, +)
  return weights.map { $0 / sum }
}
