import Tensors

/// The 8-bit form of a weight, and the tensor that it stands for.
public struct QuantizedTensor: Sendable {
  /// The integers and their scales, a row for each index of the weight's first axis.
  public let matrix: QuantizedMatrix
  /// What they stand for, in the shape of the weight.
  public let value: Tensor

  /// The form of a weight of this shape.
  public init(_ matrix: QuantizedMatrix, shape: Shape) {
    self.init(matrix, value: matrix.dequantized(shape))
  }

  /// The form of a weight whose value was computed already.
  init(_ matrix: QuantizedMatrix, value: Tensor) { (self.matrix, self.value) = (matrix, value) }
}
