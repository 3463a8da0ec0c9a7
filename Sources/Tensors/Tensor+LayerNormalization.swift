import CKernels

/// Mean and 1 / √(variance + epsilon) of each row.
package struct RowStatistics {
  fileprivate let mean: Tensor
  fileprivate let inverse: Tensor
}

extension Tensor {
  /// Each row brought to mean 0 and variance 1, times weight, plus bias.
  package func layerNormalized(
    weight: Tensor, bias: Tensor, epsilon: Float
  ) -> (Tensor, RowStatistics) {
    let rows = shape.rowCount
    var mean = Tensor(uninitialized: [rows])
    var inverse = Tensor(uninitialized: [rows])
    let kernels = Kernels.active
    let y = mean.withUnsafeMutableBufferPointer { mean in
      inverse.withUnsafeMutableBufferPointer { inverse in
        weight.withUnsafeBufferPointer { weight in
          bias.withUnsafeBufferPointer { bias in
            mapRows(isValid: { _ in true }) { x, row, y, columns in
              let n = Float(columns)
              var (sum, squares): (Float, Float) = (0, 0)
              kernels.row_moments(x, 0, columns, &sum, &squares)
              mean[row] = sum / n
              kernels.row_moments(x, mean[row], columns, &sum, &squares)
              inverse[row] = 1 / (max(0, (squares - sum * sum / n) / n) + epsilon).squareRoot()
              kernels.layer_norm(
                x, y, weight.baseAddress, bias.baseAddress, mean[row], inverse[row], columns)
            }
          }
        }
      }
    }
    return (y, RowStatistics(mean: mean, inverse: inverse))
  }

  /// With self the input: the gradient of the input.
  package func layerNormalizedPullback(
    _ gradient: Tensor, _ statistics: RowStatistics, weight: Tensor
  ) -> Tensor {
    let kernels = Kernels.active
    return gradient.withUnsafeBufferPointer { dy in
      statistics.mean.withUnsafeBufferPointer { mean in
        statistics.inverse.withUnsafeBufferPointer { inverse in
          weight.withUnsafeBufferPointer { weight in
            mapRows(isValid: { _ in true }) { x, row, dx, columns in
              let dy = dy.baseAddress! + row * columns
              var (first, second): (Float, Float) = (0, 0)
              kernels.row_gradient_moments(
                x, dy, weight.baseAddress, mean[row], columns, &first, &second)
              kernels.layer_norm_gradient(
                x, dy, dx, weight.baseAddress, mean[row], inverse[row], first, second, columns)
            }
          }
        }
      }
    }
  }

  /// With self the input: the gradients of weight and bias. Threads take columns.
  package func layerNormalizationSums(
    _ gradient: Tensor, _ statistics: RowStatistics
  ) -> (weight: Tensor, bias: Tensor) {
    let span = Profile.open(.normalization)
    defer { span.close() }
    let (rows, columns) = (shape.rowCount, shape.rowSize)
    let kernel = Kernels.active.layer_norm_sums
    var weight = Tensor(uninitialized: [columns])
    var bias = Tensor(uninitialized: [columns])
    weight.withUnsafeMutableBufferPointer { weight in
      bias.withUnsafeMutableBufferPointer { bias in
        withUnsafeBufferPointer { x in
          gradient.withUnsafeBufferPointer { dy in
            statistics.mean.withUnsafeBufferPointer { mean in
              statistics.inverse.withUnsafeBufferPointer { inverse in
                WorkerPool.performRanges(columns, minimum: 16, multiple: 16) { range in
                  let start = range.lowerBound
                  kernel?(
                    x.baseAddress! + start, dy.baseAddress! + start, mean.baseAddress,
                    inverse.baseAddress, rows, range.count, columns, bias.baseAddress! + start,
                    weight.baseAddress! + start)
                }
              }
            }
          }
        }
      }
    }
    return (weight, bias)
  }
}
