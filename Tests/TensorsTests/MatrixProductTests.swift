import TestSupport
import Tensors
import Testing

@Suite struct MatrixProductTests {
  /// Shapes around every edge: tiles, panels, blocks of the inner axis, one row, empty sums.
  static let shapes = [
    (1, 1, 1), (1, 300, 70), (3, 5, 7), (12, 256, 32), (13, 257, 33), (16, 512, 96), (31, 40, 65),
    (241, 513, 130), (5, 0, 9), (4, 3, 64), (7, 1030, 31),
  ]

  @Test(arguments: shapes) func equalsTheDefinition(_ shape: (rows: Int, inner: Int, columns: Int))
  {
    var random = RandomSource(seed: 7, shape.rows, shape.inner, shape.columns)
    let a = Tensor.random([shape.rows, shape.inner], &random)
    let b = Tensor.random([shape.inner, shape.columns], &random)
    let expected = naiveProduct(a, b)
    // A sum of n rounded products is off by at most n ulp of the sum of magnitudes (Higham 2002).
    let tolerance = Float(shape.inner + 1) * 0x1p-23
    expectClose(a.multiplied(by: b), expected, absolute: tolerance, "A B")
    expectClose(
      a.transposed2().multiplied(by: b, transposeLeft: true), expected, absolute: tolerance,
      "Aᵀᵀ B")
    expectClose(
      a.multiplied(by: b.transposed2(), transposeRight: true), expected, absolute: tolerance,
      "A Bᵀᵀ")
    let bias = Tensor.random([shape.columns], &random)
    let shifted = a.multiplied(by: PackedMatrix(b), bias: bias)
    for row in 0..<shape.rows {
      for column in 0..<shape.columns {
        #expect(
          abs(shifted[row, column] - expected[row, column] - bias[column]) <= tolerance + 1e-6)
      }
    }
  }

  @Test func bitsDoNotDependOnTheRowsAround() {
    var random = RandomSource(seed: 11)
    let a = Tensor.random([37, 300], &random)
    let b = PackedMatrix(Tensor.random([300, 100], &random))
    let whole = a.multiplied(by: b)
    for row in [0, 5, 36] {
      let single = Tensor(Array(a.scalars[row * 300..<(row + 1) * 300]), shape: [1, 300])
      #expect(single.multiplied(by: b).scalars == Array(whole.scalars[row * 100..<(row + 1) * 100]))
    }
  }

  private func naiveProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
    var c = Tensor(zeros: [a.shape[0], b.shape[1]])
    for row in 0..<a.shape[0] {
      for column in 0..<b.shape[1] {
        var sum = 0.0
        for k in 0..<a.shape[1] { sum += Double(a[row, k]) * Double(b[k, column]) }
        c[row, column] = Float(sum)
      }
    }
    return c
  }
}

extension Tensor {
  fileprivate static func random(_ shape: Shape, _ random: inout RandomSource) -> Tensor {
    Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape: shape)
  }

  fileprivate func transposed2() -> Tensor {
    var result = Tensor(zeros: [shape[1], shape[0]])
    for row in 0..<shape[0] {
      for column in 0..<shape[1] { result[column, row] = self[row, column] }
    }
    return result
  }
}
