import CKernels

/// The right operand of a product, laid out in the panels that the kernels read.
///
/// Weights are packed once after each optimiser step and then serve every time step.
public struct PackedMatrix: Sendable {
  /// Rows of the operand: the axis that the product sums over.
  public let innerSize: Int
  /// Columns of the operand and of the result.
  public let columnCount: Int
  private let storage: Tensor

  /// Packs a matrix of any strides.
  package init(_ matrix: MatrixView) {
    let span = Profile.open(.packing)
    defer { span.close() }
    let kernels = Kernels.active
    innerSize = matrix.rowCount
    columnCount = matrix.columnCount
    let panel = kernels.packing.panel
    let panels = (columnCount + panel - 1) / panel
    let (inner, columns) = (innerSize, columnCount)
    storage = Tensor(unsafeUninitialized: [max(1, panels * panel * inner)]) { packed in
      let base = packed.baseAddress!
      let perPiece = max(1, 65_536 / max(1, inner * panel))
      WorkerPool.perform((panels + perPiece - 1) / perPiece) { piece in
        kernels.pack(
          matrix.base, inner, columns, matrix.rowStride, matrix.columnStride, base,
          piece * perPiece, min(panels, (piece + 1) * perPiece))
      }
    }
  }

  /// Packs `[inner, column]`, or the transpose of `[column, inner]`.
  public init(_ matrix: Tensor, transposed: Bool = false) {
    precondition(matrix.shape.rank == 2, "PackedMatrix: got \(matrix.shape), expected two axes")
    self = matrix.withUnsafeBufferPointer {
      let view = MatrixView($0.baseAddress!, rows: matrix.shape[0], columns: matrix.shape[1])
      return PackedMatrix(transposed ? view.transposed : view)
    }
  }

  package func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    storage.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
