import CKernels

/// `C (+)= A · B` with packed `B`, over all threads.
///
/// The work is cut into blocks of rows and of columns. No sum is split, so the result has the same
/// bits for any number of threads.
///
/// - Parameter bias: `[column]`, added to every row when `C` is overwritten.
package func matrixProduct(
  _ a: MatrixView, _ b: PackedMatrix, into c: UnsafeMutablePointer<Float>, rowStride: Int,
  accumulate: Bool = false, bias: UnsafePointer<Float>? = nil
) {
  let span = Profile.open(.products)
  defer { span.close() }
  precondition(
    a.columnCount == b.innerSize,
    "matrixProduct: left has \(a.columnCount) columns, right has \(b.innerSize) rows")
  let kernels = Kernels.active
  b.withUnsafePointer { packed in
    var job = scribe_gemm()
    job.rows = a.rowCount
    job.columns = b.columnCount
    job.inner = a.columnCount
    job.a = a.base
    job.a_row_stride = a.rowStride
    job.a_inner_stride = a.columnStride
    job.packed = packed
    job.c = c
    job.c_row_stride = rowStride
    job.accumulate = accumulate ? 1 : 0
    job.bias = bias
    let panels = (b.columnCount + kernels.packing.panel - 1) / kernels.packing.panel
    let grid = ProductGrid(rows: a.rowCount, panels: panels, inner: a.columnCount)
    WorkerPool.perform(grid.count) { index in
      let (rows, columns) = grid[index]
      kernels.gemm(
        &job, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }
  }
}

/// How a product is cut into blocks: tall ones by rows, flat ones by panels of columns.
private struct ProductGrid {
  let rows: Int
  let panels: Int
  let rowBlocks: Int
  let panelBlocks: Int

  var count: Int { rowBlocks * panelBlocks }

  init(rows: Int, panels: Int, inner: Int) {
    (self.rows, self.panels) = (rows, panels)
    // A block of 240 rows and 256 inner steps fills a quarter of a core's second-level cache.
    let tall = 240
    guard rows * panels * inner > 32_768 else {
      (rowBlocks, panelBlocks) = (1, 1)
      return
    }
    let threads = WorkerPool.threadCount
    let wanted = (rows + tall - 1) / tall
    rowBlocks = max(1, min(rows / 24, wanted >= threads ? wanted : threads))
    panelBlocks = max(
      1, min(panels, rowBlocks >= threads ? 1 : (threads + rowBlocks - 1) / rowBlocks))
  }

  subscript(index: Int) -> (rows: Range<Int>, panels: Range<Int>) {
    let (i, j) = (index % rowBlocks, index / rowBlocks)
    return (
      rows * i / rowBlocks..<rows * (i + 1) / rowBlocks,
      panels * j / panelBlocks..<panels * (j + 1) / panelBlocks
    )
  }
}

extension Tensor {
  /// `[.., inner] · [inner, column]`; all axes but the last of the left operand count as rows.
  ///
  /// - Parameter bias: `[column]`, added to every row.
  public func multiplied(by right: PackedMatrix, bias: Tensor? = nil) -> Tensor {
    precondition(
      bias == nil || bias?.count == right.columnCount,
      "multiplied: bias of \(bias?.shape ?? []) for \(right.columnCount) columns")
    let shape = Shape(self.shape.extents.dropLast() + [right.columnCount])
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { left in
        let view = MatrixView(
          left.baseAddress!, rows: self.shape.rowCount, columns: self.shape.rowSize)
        func run(_ bias: UnsafePointer<Float>?) {
          matrixProduct(
            view, right, into: out.baseAddress!, rowStride: right.columnCount, bias: bias)
        }
        if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
      }
    }
  }

  /// Adds `left · right` to this tensor; all axes but the last count as rows.
  package mutating func addProduct(_ left: Tensor, _ right: PackedMatrix) {
    precondition(
      shape.rowCount == left.shape.rowCount && shape.rowSize == right.columnCount,
      "addProduct: \(left.shape) times \(right.columnCount) columns into \(shape)")
    withUnsafeMutableBufferPointer { out in
      left.withUnsafeBufferPointer { left in
        matrixProduct(
          MatrixView(
            left.baseAddress!, rows: out.count / right.columnCount, columns: right.innerSize),
          right, into: out.baseAddress!, rowStride: right.columnCount, accumulate: true)
      }
    }
  }

  /// The matrix product with either operand transposed.
  public func multiplied(
    by right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Tensor {
    precondition(
      shape.rank == 2 && right.shape.rank == 2,
      "multiplied: got \(shape) and \(right.shape), expected two axes each")
    return withUnsafeBufferPointer { left in
      let stored = MatrixView(left.baseAddress!, rows: shape[0], columns: shape[1])
      let view = transposeLeft ? stored.transposed : stored
      let packed = PackedMatrix(right, transposed: transposeRight)
      return Tensor(unsafeUninitialized: [view.rowCount, packed.columnCount]) { out in
        matrixProduct(view, packed, into: out.baseAddress!, rowStride: packed.columnCount)
      }
    }
  }
}
