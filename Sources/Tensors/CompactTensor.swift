import CKernels

/// An array of 32-bit floats, or of 16-bit numbers in half of the memory, that is kept for the way
/// back and that only products and recurrences read.
package struct CompactTensor: Sendable {
  package let precision: Precision
  package let shape: Shape
  private var storage: Tensor

  /// Elements not yet set.
  package init(uninitialized shape: Shape, precision: Precision) {
    self.precision = precision
    self.shape = shape
    let units = (shape.count + precision.perUnit - 1) / precision.perUnit
    storage = Tensor(uninitialized: [units])
  }

  package func withUnsafePointer<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    storage.withUnsafeBufferPointer { body(UnsafeRawPointer($0.baseAddress!)) }
  }

  mutating func withUnsafeMutablePointer<Result>(
    _ body: (UnsafeMutableRawPointer) -> Result
  ) -> Result {
    storage.withUnsafeMutableBufferPointer { body(UnsafeMutableRawPointer($0.baseAddress!)) }
  }

  /// Calls `body` with the elements as a matrix: all axes but the last are rows.
  package func withView<Result>(_ body: (MatrixView) -> Result) -> Result {
    withUnsafePointer {
      body(
        MatrixView(
          $0, precision: precision, rows: shape.rowCount, columns: shape.rowSize,
          rowStride: shape.rowSize))
    }
  }

  /// The elements as floats.
  package func expanded() -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    guard precision == .bf16 else { return storage.reshaped(shape) }
    let kernels = Kernels.active
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafePointer { numbers in
        let (x, y) = (numbers.assumingMemoryBound(to: UInt16.self), out.baseAddress!)
        WorkerPool.performRanges(shape.count, minimum: 16_384) { range in
          kernels.widen(x + range.lowerBound, y + range.lowerBound, range.count)
        }
      }
    }
  }

  /// The sums over all axes but the last.
  package func columnSums() -> Tensor {
    let span = Profile.open(.sums)
    defer { span.close() }
    guard precision == .bf16 else { return storage.reshaped(shape).columnSums() }
    let (rows, columns) = (shape.rowCount, shape.rowSize)
    let kernels = Kernels.active
    return Tensor(unsafeUninitialized: [columns]) { out in
      withUnsafePointer { numbers in
        let (x, y) = (numbers.assumingMemoryBound(to: UInt16.self), out.baseAddress!)
        WorkerPool.performRanges(columns, minimum: 64, multiple: 64) { range in
          kernels.column_sums_bfloat16(
            x + range.lowerBound, y + range.lowerBound, rows, range.count, columns)
        }
      }
    }
  }
}
