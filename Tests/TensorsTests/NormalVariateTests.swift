import Tensors
import Testing

@Suite struct NormalVariateTests {
  @Test func theirMomentsAreThoseOfTheNormalDistribution() {
    let count = 400_000
    var random = RandomSource(seed: 23)
    let values = random.normals(count).map(Double.init)
    func mean(_ value: (Int) -> Double) -> Double {
      (0..<count).reduce(0) { $0 + value($1) } / Double(count)
    }
    // Five standard errors each: the n-th moment deviates by √(variance / count).
    let root = Double(count).squareRoot()
    #expect(abs(mean { values[$0] }) < 5 / root)
    #expect(abs(mean { values[$0] * values[$0] } - 1) < 5 * 2.0.squareRoot() / root)
    #expect(abs(mean { values[$0] * values[$0] * values[$0] }) < 5 * 15.0.squareRoot() / root)
    #expect(abs(mean { values[$0] * values[$0] * values[$0] * values[$0] } - 3) < 50 / root)
    #expect(abs(mean { values[$0] * values[($0 + 1) % count] }) < 5 / root)
    // The two of a pair share a length; their squares must not.
    let pairs = mean { index in
      let (a, b) = (values[index & ~1], values[index | 1])
      return (a * a - 1) * (b * b - 1)
    }
    #expect(abs(pairs) < 5 * 8.0.squareRoot() / root)
  }

  @Test(arguments: [0, 1, 2, 7])
  func theyGoOnWhereTheStreamIs(count: Int) {
    var (one, other) = (RandomSource(seed: 24), RandomSource(seed: 24))
    let first = one.normals(count)
    #expect(first.count == count && first == other.normals(count))
    #expect(one.next() == other.next(), "the stream is as far")
    #expect(count == 0 || one.normals(count) != first)
  }
}
