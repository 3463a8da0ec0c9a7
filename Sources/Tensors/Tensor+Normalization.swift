import CKernels

/// The affine map and its gradient that normalisations over a batch consist of, one entry per
/// column: y = (x − mean) · scale + shift and dx = a · dy + b · (x − mean) + d.
package struct ColumnGradient {
  package var mean: [Float]
  package var a: [Float]
  package var b: [Float]
  package var d: [Float]

  package init(mean: [Float], a: [Float], b: [Float], d: [Float]) {
    (self.mean, self.a, self.b, self.d) = (mean, a, b, d)
  }
}

extension Tensor {
  /// The sums over the listed rows of x − shift and its square, for each column.
  ///
  /// All axes but the last count as rows. Threads take columns, so no sum is split.
  package func columnMoments(
    ofRows rows: [Int], shift: [Float]
  ) -> (first: [Float], second: [Float]) {
    let kernel = Kernels.active.moments
    return listedSums { base, stride, columns, first, second in
      kernel?(
        base + columns.lowerBound, rows, rows.count, columns.count, stride,
        Array(shift[columns]), first + columns.lowerBound, second + columns.lowerBound)
    }
  }

  /// With self the input: the sums over the listed rows of dy and of dy · (x − shift).
  package func columnGradientMoments(
    _ gradient: Tensor, ofRows rows: [Int], shift: [Float]
  ) -> (first: [Float], second: [Float]) {
    precondition(shape == gradient.shape, "columnGradientMoments: got \(gradient.shape)")
    let kernel = Kernels.active.gradient_moments
    return gradient.withUnsafeBufferPointer { dy in
      let dy = dy.baseAddress!
      return listedSums { base, stride, columns, first, second in
        kernel?(
          base + columns.lowerBound, dy + columns.lowerBound, rows, rows.count, columns.count,
          stride, Array(shift[columns]), first + columns.lowerBound,
          second + columns.lowerBound)
      }
    }
  }

  private func listedSums(
    _ body: (
      _ base: UnsafePointer<Float>, _ stride: Int, _ columns: Range<Int>,
      _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>
    ) -> Void
  ) -> (first: [Float], second: [Float]) {
    let span = Profile.open(.normalization)
    defer { span.close() }
    let columns = shape.rowSize
    var second = [Float](repeating: 0, count: columns)
    let first = [Float](unsafeUninitializedCapacity: columns) { first, count in
      count = columns
      guard columns > 0 else { return }
      second.withUnsafeMutableBufferPointer { second in
        withUnsafeBufferPointer { x in
          let (first, second) = (first.baseAddress!, second.baseAddress!)
          let x = x.baseAddress!
          WorkerPool.performRanges(columns, minimum: 16, multiple: 16) {
            body(x, columns, $0, first, second)
          }
        }
      }
    }
    return (first, second)
  }

  /// (x − mean) · scale + shift for each column of the rows that `isValid`, zero in the others.
  package func affineColumns(
    mean: [Float], scale: [Float], shift: [Float], isValid: (Int) -> Bool
  ) -> Tensor {
    let kernel = Kernels.active.affine_columns
    return mapRows(isValid: isValid) { x, _, y, columns in
      kernel?(x, y, mean, scale, shift, columns)
    }
  }

  /// With self the input: a · dy + b · (x − mean) + d in the rows that `isValid`, else zero.
  package func affineColumnsPullback(
    _ gradient: Tensor, _ map: ColumnGradient, isValid: (Int) -> Bool
  ) -> Tensor {
    let kernel = Kernels.active.affine_columns_gradient
    return gradient.withUnsafeBufferPointer { dy in
      mapRows(isValid: isValid) { x, row, dx, columns in
        kernel?(
          x, dy.baseAddress! + row * columns, dx, map.mean, map.a, map.b, map.d, columns)
      }
    }
  }

  /// Calls `body` with every row and the place of its result; rows not valid become zero.
  package func mapRows(
    isValid: (Int) -> Bool,
    _ body: (
      _ x: UnsafePointer<Float>, _ row: Int, _ y: UnsafeMutablePointer<Float>, _ columns: Int
    ) -> Void
  ) -> Tensor {
    let span = Profile.open(.normalization)
    defer { span.close() }
    let (rows, columns) = (shape.rowCount, shape.rowSize)
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.performRanges(rows, minimum: max(1, 16_384 / max(1, columns))) { range in
          for row in range {
            let target = y + row * columns
            if isValid(row) {
              body(x + row * columns, row, target, columns)
            } else {
              target.update(repeating: 0, count: columns)
            }
          }
        }
      }
    }
  }
}

/// Adds one row to another of the same length.
package func addRow(
  _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ count: Int
) {
  Kernels.active.add_scaled(x, y, 1, count)
}
