import TestSupport
import Tensors
import Testing

@Suite struct PrecisionTests {
  /// Shapes around every edge of tiles, panels, blocks and units of the inner axis.
  static let shapes = [
    (1, 1, 1), (1, 301, 70), (3, 5, 7), (2, 4, 130), (12, 256, 32), (13, 257, 33), (16, 512, 96),
    (31, 40, 65), (241, 513, 130), (5, 0, 9), (7, 2, 31), (130, 77, 64), (6, 2051, 40),
  ]

  @Test func roundingToSixteenBits() {
    // Half way between two neighbours goes to the even one; what rounds up may carry.
    let cases: [(Float, Float)] = [
      (1, 1), (1 + 0x1p-9, 1), (1 + 0x1p-8, 1), (1 + 0x1.8p-7, 1 + 0x1p-6), (-3.14159, -3.140625),
      (0x1.ffp0, 2), (.greatestFiniteMagnitude, .infinity), (-.infinity, -.infinity), (0, 0),
    ]
    for (value, expected) in cases { #expect(rounded16(value) == expected) }
    let product = Tensor(rows: cases.map { [$0.0] }).multiplied(
      by: PackedMatrix(Tensor(rows: [[1]]), precision: .bf16))
    #expect(product.scalars == cases.map(\.1))
    let nan = Tensor(rows: [[.nan]]).multiplied(
      by: PackedMatrix(Tensor(rows: [[1]]), precision: .bf16))
    #expect(nan.item.isNaN)
  }

  /// Every instruction set makes the same sums of the same rounded numbers, bit for bit, as long as
  /// they fit in one block of the inner axis.
  @Test(arguments: shapes) func sixteenBitProductIsAChainOfFusedSums(
    _ shape: (rows: Int, inner: Int, columns: Int)
  ) {
    var random = RandomSource(seed: 17, shape.rows, shape.inner, shape.columns)
    let a = Tensor.random([shape.rows, shape.inner], &random)
    let b = Tensor.random([shape.inner, shape.columns], &random)
    let expected = chained(a, b)
    let tolerance = shape.inner > 1024 ? Float(1e-3) : 0
    func compare(_ found: Tensor, _ name: String) {
      expectClose(found, expected, absolute: tolerance, name)
    }
    compare(a.multiplied(by: PackedMatrix(b, precision: .bf16)), "A B")
    compare(
      a.flipped.multiplied(by: b, transposeLeft: true, precision: .bf16), "Aᵀᵀ B")
    compare(
      a.multiplied(by: b.flipped, transposeRight: true, precision: .bf16), "A Bᵀᵀ")
  }

  /// With whole numbers there is nothing to round but the result.
  @Test(arguments: shapes) func wholeNumberProductIsExact(
    _ shape: (rows: Int, inner: Int, columns: Int)
  ) {
    guard shape.inner > 0 else { return }
    var random = RandomSource(seed: 19, shape.rows, shape.inner, shape.columns)
    // Each row has 127 as its greatest magnitude, so that it stands for itself.
    func whole(_ rows: Int) -> Tensor {
      Tensor(
        rows: (0..<rows).map { _ in
          [127] + (1..<max(1, shape.inner)).map { _ in Float(random.integer(in: -127...127)) }
        })
    }
    let (a, b) = (whole(shape.rows), whole(shape.columns))
    let found = a.multiplied(by: PackedMatrix(transposing: QuantizedMatrix(b)))
    for row in 0..<shape.rows {
      for column in 0..<shape.columns {
        let sum = (0..<shape.inner).reduce(0.0) { $0 + Double(a[row, $1]) * Double(b[column, $1]) }
        #expect(abs(Double(found[row, column]) - sum) <= 1e-6 * abs(sum), "\(row) \(column)")
      }
    }
  }

  @Test func wholeNumberProductErrsByTheRoundingOfBothSides() {
    var random = RandomSource(seed: 23)
    let (a, b) = (Tensor.random([9, 200], &random), Tensor.random([40, 200], &random))
    let bias = Tensor.random([40], &random)
    let found = a.multiplied(by: PackedMatrix(transposing: QuantizedMatrix(b)), bias: bias)
    let exact = a.multiplied(by: b, transposeRight: true)
    for row in 0..<9 {
      for column in 0..<40 {
        // 200 products of numbers in ±1, each off by at most half a step of 1/127 on either side.
        #expect(abs(found[row, column] - exact[row, column] - bias[column]) < 200 / 127.0)
        #expect(abs(found[row, column] - exact[row, column] - bias[column]) < 0.2)
      }
    }
    let zeros = Tensor(zeros: [2, 200]).multiplied(
      by: PackedMatrix(transposing: QuantizedMatrix(b)), bias: bias)
    #expect(zeros.scalars == bias.scalars + bias.scalars)
  }

  @Test(arguments: [Precision.bf16, .int8]) func bitsDoNotDependOnTheRowsAround(
    _ precision: Precision
  ) {
    var random = RandomSource(seed: 29)
    let (a, b) = (Tensor.random([137, 300], &random), Tensor.random([100, 300], &random))
    let packed =
      precision == .int8
      ? PackedMatrix(transposing: QuantizedMatrix(b))
      : PackedMatrix(b, transposed: true, precision: precision)
    let whole = a.multiplied(by: packed)
    for row in [0, 5, 99, 136] {
      let single = Tensor(Array(a.scalars[row * 300..<(row + 1) * 300]), shape: [1, 300])
      let expected = Array(whole.scalars[row * 100..<(row + 1) * 100])
      #expect(single.multiplied(by: packed).scalars == expected)
    }
  }

  /// Σ over pairs of the inner axis, the second of each pair first: the order of the instruction.
  private func chained(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (rows, inner, columns) = (a.shape[0], a.shape[1], b.shape[1])
    let (left, right) = (a.scalars.map(rounded16), b.scalars.map(rounded16))
    var c = Tensor(zeros: [rows, columns])
    for row in 0..<rows {
      for column in 0..<columns {
        var sum: Float = 0
        for first in stride(from: 0, to: inner, by: 2) {
          for k in [first + 1, first] where k < inner {
            sum.addProduct(left[row * inner + k], right[k * columns + column])
          }
        }
        c[row, column] = sum
      }
    }
    return c
  }
}

/// The number of 16 bits that is nearest, found by comparing with both neighbours.
private func rounded16(_ x: Float) -> Float {
  let below = Float(bitPattern: x.bitPattern & 0xffff_0000)
  guard x.isFinite, below != x else { return x }
  let above = Float(bitPattern: (x.bitPattern & 0xffff_0000) &+ 0x1_0000)
  // Beyond the last finite number the next step of the grid stands for infinity.
  let step =
    above.isFinite ? Double(abs(above)) : Double(sign: .plus, exponent: 128, significand: 1)
  let (down, up) = (Double(abs(x)) - Double(abs(below)), step - Double(abs(x)))
  if down != up { return down < up ? below : above }
  return below.bitPattern & 0x1_0000 == 0 ? below : above
}

extension Tensor {
  fileprivate var flipped: Tensor {
    var result = Tensor(zeros: [shape[1], shape[0]])
    for row in 0..<shape[0] {
      for column in 0..<shape[1] { result[column, row] = self[row, column] }
    }
    return result
  }
}
