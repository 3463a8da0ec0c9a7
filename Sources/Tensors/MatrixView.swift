/// A matrix that lies somewhere in memory with any strides; valid as long as its owner keeps it.
package struct MatrixView {
  package let base: UnsafePointer<Float>
  package let rowCount: Int
  package let columnCount: Int
  package let rowStride: Int
  package let columnStride: Int

  package init(
    _ base: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int? = nil,
    columnStride: Int = 1
  ) {
    self.base = base
    rowCount = rows
    columnCount = columns
    self.rowStride = rowStride ?? columns
    self.columnStride = columnStride
  }

  package var transposed: MatrixView {
    MatrixView(
      base, rows: columnCount, columns: rowCount, rowStride: columnStride, columnStride: rowStride)
  }
}
