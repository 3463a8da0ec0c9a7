/// A matrix that lies somewhere in memory with any strides; valid as long as its owner keeps it.
package struct MatrixView {
  package let base: UnsafeRawPointer
  /// Floats, or 16-bit numbers.
  package let precision: Precision
  package let rowCount: Int
  package let columnCount: Int
  package let rowStride: Int
  package let columnStride: Int

  package init(
    _ base: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int? = nil,
    columnStride: Int = 1
  ) {
    self.init(
      UnsafeRawPointer(base), precision: .fp32, rows: rows, columns: columns,
      rowStride: rowStride ?? columns, columnStride: columnStride)
  }

  package init(
    _ base: UnsafeRawPointer, precision: Precision, rows: Int, columns: Int, rowStride: Int,
    columnStride: Int = 1
  ) {
    self.base = base
    self.precision = precision
    rowCount = rows
    columnCount = columns
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  package var transposed: MatrixView {
    MatrixView(
      base, precision: precision, rows: columnCount, columns: rowCount, rowStride: columnStride,
      columnStride: rowStride)
  }

  /// Some of its rows.
  package func rows(_ range: Range<Int>) -> MatrixView {
    let size = precision == .bf16 ? 2 : 4
    return MatrixView(
      base + range.lowerBound * rowStride * size, precision: precision, rows: range.count,
      columns: columnCount, rowStride: rowStride, columnStride: columnStride)
  }

  /// Some of its columns.
  package func columns(_ range: Range<Int>) -> MatrixView {
    transposed.rows(range).transposed
  }

  /// Where the floats lie.
  var floats: UnsafePointer<Float> {
    precondition(precision == .fp32, "MatrixView: got \(precision) numbers, expected fp32")
    return base.assumingMemoryBound(to: Float.self)
  }
}
