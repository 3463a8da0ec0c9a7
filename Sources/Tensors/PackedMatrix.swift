import CKernels

/// The right operand of a product, laid out in the panels that the kernels read.
///
/// Weights are packed once after each optimiser step and then serve every time step.
public struct PackedMatrix: Sendable {
  /// Rows of the operand: the axis that the product sums over.
  public let innerSize: Int
  /// Columns of the operand and of the result.
  public let columnCount: Int
  /// The kind of its numbers, to which those of the left operand are rounded.
  public let precision: Precision
  private let storage: Tensor
  private let columns: ColumnRounding?

  /// Packs a matrix one of whose strides is 1, rounding its elements.
  package init(_ matrix: MatrixView, precision: Precision = .fp32) {
    precondition(precision != .int8, "PackedMatrix: whole numbers come from a QuantizedMatrix")
    precondition(
      min(matrix.rowStride, matrix.columnStride) == 1 || matrix.rowCount * matrix.columnCount == 0,
      "PackedMatrix: strides \(matrix.rowStride) and \(matrix.columnStride), one must be 1")
    var job = scribe_pack()
    job.b = matrix.base
    job.type = matrix.precision.code
    job.inner_stride = matrix.rowStride
    job.column_stride = matrix.columnStride
    self.init(&job, inner: matrix.rowCount, columns: matrix.columnCount, precision, nil)
  }

  /// Packs `[inner, column]`, or the transpose of `[column, inner]`.
  public init(_ matrix: Tensor, transposed: Bool = false, precision: Precision = .fp32) {
    precondition(matrix.shape.rank == 2, "PackedMatrix: got \(matrix.shape), expected two axes")
    self = matrix.withUnsafeBufferPointer {
      let view = MatrixView($0.baseAddress!, rows: matrix.shape[0], columns: matrix.shape[1])
      return PackedMatrix(transposed ? view.transposed : view, precision: precision)
    }
  }

  /// Packs the transpose of a weight in whole numbers: its rows become the columns of the operand.
  public init(transposing matrix: QuantizedMatrix) {
    let panel = Kernels.active.packing.panel
    self = matrix.withUnsafeValues { values in
      var job = scribe_pack()
      job.b = UnsafeRawPointer(values.baseAddress)
      job.type = Precision.int8.code
      job.inner_stride = 1
      job.column_stride = matrix.columns
      return PackedMatrix(
        &job, inner: matrix.columns, columns: matrix.rows, .int8,
        ColumnRounding(matrix, panel: panel))
    }
  }

  private init(
    _ job: inout scribe_pack, inner: Int, columns: Int, _ precision: Precision,
    _ rounding: ColumnRounding?
  ) {
    let span = Profile.open(.packing)
    defer { span.close() }
    let kernels = Kernels.active
    (innerSize, columnCount, self.precision) = (inner, columns, precision)
    self.columns = rounding
    job.precision = precision.code
    job.inner = inner
    job.columns = columns
    let panel = kernels.packing.panel
    let panels = (columns + panel - 1) / panel
    let units = (inner + precision.perUnit - 1) / precision.perUnit
    storage = Tensor(unsafeUninitialized: [max(1, panels * panel * units)]) { packed in
      job.packed = UnsafeMutableRawPointer(packed.baseAddress!)
        .assumingMemoryBound(to: UInt32.self)
      let perPiece = max(1, 65_536 / max(1, units * panel))
      WorkerPool.perform((panels + perPiece - 1) / perPiece) { piece in
        kernels.pack(&job, piece * perPiece, min(panels, (piece + 1) * perPiece))
      }
    }
  }

  /// Calls `body` with what the kernels need to know of it.
  func withOperand<Result>(_ body: (PackedOperand) -> Result) -> Result {
    storage.withUnsafeBufferPointer { packed in
      let units = UnsafeRawPointer(packed.baseAddress!).assumingMemoryBound(to: UInt32.self)
      guard let columns else { return body(PackedOperand(units: units)) }
      return columns.scales.withUnsafeBufferPointer { scales in
        columns.offsets.withUnsafeBufferPointer { offsets in
          body(
            PackedOperand(
              units: units, scales: scales.baseAddress, offsets: offsets.baseAddress))
        }
      }
    }
  }
}

/// The addresses of a packed operand, valid while its owner lives.
struct PackedOperand {
  let units: UnsafePointer<UInt32>
  var scales: UnsafePointer<Float>?
  var offsets: UnsafePointer<Int32>?
}

/// How the columns of an operand in whole numbers were rounded, filled up to whole panels.
private struct ColumnRounding {
  let scales: Tensor
  /// 128 times the sum of each column, because bytes of the left operand are 128 too great.
  let offsets: [Int32]

  init(_ matrix: QuantizedMatrix, panel: Int) {
    let padding = [Float](repeating: 0, count: (panel - matrix.rows % panel) % panel)
    scales = matrix.withUnsafeScales { Tensor(Array($0) + padding) }
    offsets =
      matrix.withUnsafeValues { values in
        (0..<matrix.rows).map { row in
          128
            * values[row * matrix.columns..<(row + 1) * matrix.columns].reduce(0) { $0 + Int32($1) }
        }
      } + padding.map { _ in 0 }
  }
}
