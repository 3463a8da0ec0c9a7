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
  b.withOperand { operand in
    let product = MatrixProduct(
      a, b, operand, into: c, rowStride: rowStride, accumulate: accumulate, bias: bias)
    let grid = ProductGrid(rows: a.rowCount, panels: product.panelCount, inner: a.columnCount)
    WorkerPool.perform(grid.count) { index in
      let (rows, panels) = grid[index]
      product(rows: rows, panels: panels)
    }
  }
}

/// leftᵀ · right, summed over all rows, for each of the left operands: gradients of weights.
///
/// The rows are taken some at a time, so that the right operand is packed into little memory and
/// is still in the cache when it is multiplied. These are whole blocks of the inner axis, so the
/// sums are those of one product.
package func outerProducts(
  _ lefts: [MatrixView], _ right: MatrixView, precision: Precision,
  into outputs: [UnsafeMutablePointer<Float>]
) {
  let rows = 2048
  for first in stride(from: 0, to: max(1, right.rowCount), by: rows) {
    let range = first..<min(first + rows, right.rowCount)
    let packed = PackedMatrix(right.rows(range), precision: precision)
    for (left, output) in zip(lefts, outputs) {
      matrixProduct(
        left.rows(range).transposed, packed, into: output, rowStride: right.columnCount,
        accumulate: first > 0)
    }
  }
}

/// A product whose parts may run on any thread.
struct MatrixProduct {
  private var job = scribe_gemm()
  /// Blocks of columns.
  let panelCount: Int

  init(
    _ a: MatrixView, _ b: PackedMatrix, _ operand: PackedOperand,
    into c: UnsafeMutablePointer<Float>, rowStride: Int, accumulate: Bool = false,
    bias: UnsafePointer<Float>? = nil
  ) {
    precondition(
      a.columnCount == b.innerSize,
      "matrixProduct: left has \(a.columnCount) columns, right has \(b.innerSize) rows")
    precondition(
      a.precision == .fp32 || a.precision == b.precision,
      "matrixProduct: left has \(a.precision) numbers, right \(b.precision)")
    job.precision = b.precision.code
    job.rows = a.rowCount
    job.columns = b.columnCount
    job.inner = a.columnCount
    job.a = a.base
    job.type = a.precision.code
    job.a_row_stride = a.rowStride
    // A single column may have any stride.
    job.a_inner_stride = a.columnCount == 1 ? 1 : a.columnStride
    precondition(
      job.a_inner_stride == 1 || (a.rowStride == 1 && b.precision != .int8),
      "matrixProduct: strides \(a.rowStride) and \(a.columnStride), one must be 1")
    job.packed = operand.units
    job.column_scales = operand.scales
    job.column_offsets = operand.offsets
    job.c = c
    job.c_row_stride = rowStride
    job.accumulate = accumulate ? 1 : 0
    job.bias = bias
    let panel = Kernels.active.packing.panel
    panelCount = (b.columnCount + panel - 1) / panel
  }

  /// Computes some rows and blocks of columns on this thread.
  func callAsFunction(rows: Range<Int>, panels: Range<Int>) {
    let kernels = Kernels.active
    var job = job
    var scratch = Tensor(uninitialized: [kernels.gemm_scratch(&job, rows.count)])
    scratch.withUnsafeMutableBufferPointer {
      job.scratch = UnsafeMutableRawPointer($0.baseAddress!).assumingMemoryBound(to: UInt32.self)
      kernels.gemm(&job, rows.lowerBound, rows.upperBound, panels.lowerBound, panels.upperBound)
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
    guard rows * panels * inner > 32_768 else {
      (rowBlocks, panelBlocks) = (1, 1)
      return
    }
    // As many blocks for each thread, of some 240 rows where there are enough.
    let threads = WorkerPool.threadCount
    rowBlocks = max(1, min(rows / 24, threads * max(1, rows / (240 * threads))))
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

  /// selfᵀ · right, summed over all axes but the last: the gradient `[output, input]` of a weight
  /// from that of its output and from its input.
  package func outerProduct(_ right: Tensor, precision: Precision) -> Tensor {
    Tensor(unsafeUninitialized: [shape.rowSize, right.shape.rowSize]) { out in
      withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          outerProducts(
            [MatrixView(left.baseAddress!, rows: shape.rowCount, columns: shape.rowSize)],
            MatrixView(
              right.baseAddress!, rows: self.shape.rowCount,
              columns: out.count / max(1, shape.rowSize)),
            precision: precision, into: [out.baseAddress!])
        }
      }
    }
  }

  /// The matrix product with either operand transposed.
  public func multiplied(
    by right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false,
    precision: Precision = .fp32
  ) -> Tensor {
    precondition(
      shape.rank == 2 && right.shape.rank == 2,
      "multiplied: got \(shape) and \(right.shape), expected two axes each")
    return withUnsafeBufferPointer { left in
      let stored = MatrixView(left.baseAddress!, rows: shape[0], columns: shape[1])
      let view = transposeLeft ? stored.transposed : stored
      let packed = PackedMatrix(right, transposed: transposeRight, precision: precision)
      return Tensor(unsafeUninitialized: [view.rowCount, packed.columnCount]) { out in
        matrixProduct(view, packed, into: out.baseAddress!, rowStride: packed.columnCount)
      }
    }
  }
}
