import Tensors
import Testing

@Suite struct QuantizedMatrixTests {
  private func values(_ matrix: QuantizedMatrix) -> [Int8] { matrix.withUnsafeValues(Array.init) }
  private func scales(_ matrix: QuantizedMatrix) -> [Float] { matrix.withUnsafeScales(Array.init) }

  @Test func everyRowHasItsScaleAndTiesBecomeEven() {
    // Largest magnitudes of 127 · 2⁻⁷ and 127 · 2³ make the steps 2⁻⁷ and 2³.
    let steps: [[Float]] = [
      [127, 0.5, 1.5, 2.5, -2.5, -3.5, 0.49, -0.51], [-127, 126.4, 63.5, 64.5, -1, 1, 0, -0.5],
    ]
    let sizes: [Float] = [0x1p-7, 8]
    let tensor = Tensor(rows: zip(steps, sizes).map { row, size in row.map { $0 * size } })
    let matrix = QuantizedMatrix(tensor)
    #expect(matrix.rows == 2 && matrix.columns == 8 && scales(matrix) == sizes)
    let expected: [[Int8]] = [
      [127, 0, 2, 2, -2, -4, 0, -1], [-127, 126, 64, 64, -1, 1, 0, 0],
    ]
    #expect(values(matrix) == expected.flatMap { $0 })
    #expect(
      matrix.dequantized([2, 8])
        == Tensor(rows: zip(expected, sizes).map { row, size in row.map { Float($0) * size } }))
  }

  @Test func aFilterBankHasARowForEachOutput() {
    let tensor = Tensor([1, 2, 3, 127, -254, 4, 2, 1], shape: [2, 1, 2, 2])
    let matrix = QuantizedMatrix(tensor)
    #expect(matrix.rows == 2 && matrix.columns == 4 && scales(matrix) == [1, 2])
    #expect(values(matrix) == [1, 2, 3, 127, -127, 2, 1, 0])
    #expect(matrix.dequantized([2, 1, 2, 2]).scalars == [1, 2, 3, 127, -254, 4, 2, 0])
  }

  @Test func rowsOfZerosAndRowsTooSmallForAScale() {
    let step: Float = 0x1p-149  // the smallest float
    let matrix = QuantizedMatrix(
      Tensor(rows: [[0, -0.0], [step, -step], [180 * step, -step], [200 * step, 3 * step]]))
    // 180 / 127 steps are rounded to one, 200 / 127 to two.
    #expect(scales(matrix) == [0, 0, step, 2 * step])
    #expect(values(matrix) == [0, 0, 0, 0, 127, -1, 100, 2])
    #expect(QuantizedMatrix(Tensor(zeros: [0, 3])).rows == 0)
    #expect(scales(QuantizedMatrix(Tensor(zeros: [2, 0]))) == [0, 0])
  }

  @Test func theLargestFloatsStayFinite() {
    let largest = Float.greatestFiniteMagnitude
    let matrix = QuantizedMatrix(Tensor(rows: [[largest, -largest / 4]]))
    #expect(values(matrix) == [127, -32] && scales(matrix).allSatisfy(QuantizedMatrix.isScale))
    #expect(matrix.dequantized([1, 2]).scalars.allSatisfy { $0.isFinite })
  }

  @Test func theErrorIsHalfAStepAtMost() {
    var random = RandomSource(seed: 11)
    let tensor = Tensor((0..<40 * 97).map { _ in random.normal() }, shape: [40, 97])
    let matrix = QuantizedMatrix(tensor)
    let rounded = matrix.dequantized(tensor.shape).scalars
    for (row, scale) in scales(matrix).enumerated() {
      let range = row * 97..<(row + 1) * 97
      // The quotient and the product are each rounded once, by 2⁻²⁴ of at most 127 steps.
      let bound = scale * (0.5 + 2 * 127 * 0x1p-24)
      #expect(zip(tensor.scalars[range], rounded[range]).allSatisfy { abs($0 - $1) <= bound })
      #expect(values(matrix)[range].contains { abs($0) == 127 })
    }
    // What was rounded is rounded to the same integers again.
    #expect(values(QuantizedMatrix(matrix.dequantized(tensor.shape))) == values(matrix))
  }

  @Test func theRelativeErrorIsThatOfTheNorms() {
    let tensor = Tensor(rows: [[127, 2.5], [0, 0]])
    let expected = 0.5 / (127.0 * 127 + 2.5 * 2.5).squareRoot()
    #expect(abs(QuantizedMatrix(tensor).relativeError(to: tensor) - expected) < 1e-12)
    let zeros = Tensor(zeros: [2, 2])
    #expect(QuantizedMatrix(zeros).relativeError(to: zeros) == 0)
  }

  @Test func whatCanBeAScale() {
    for number: Float in [0, -0.0, 0x1p-149, 1, .greatestFiniteMagnitude / 128] {
      #expect(QuantizedMatrix.isScale(number), "\(number)")
    }
    for number: Float in [-1, -0x1p-149, .nan, .infinity, .greatestFiniteMagnitude / 126] {
      #expect(!QuantizedMatrix.isScale(number), "\(number)")
    }
  }

  @Test func oneAxisIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = QuantizedMatrix(Tensor([1, 2])) }
    await #expect(processExitsWith: .failure) {
      _ = QuantizedMatrix(Tensor(zeros: [2, 3])).dequantized([3, 2])
    }
  }
}
