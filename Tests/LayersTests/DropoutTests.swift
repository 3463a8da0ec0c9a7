import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct DropoutTests {
  @Test(arguments: Dropout.Kind.allCases) func isTheIdentityWithoutATape(_ kind: Dropout.Kind) {
    let x = Tensor([1, 2, 3, 4], shape: [1, 2, 2])
    #expect(Dropout(probability: 0.5, kind: kind)(Variable(x)).tensor == x)
    #expect(Dropout(probability: 0, kind: kind)(Variable(x), on: Tape()).tensor == x)
  }

  /// The mask is SplitMix64 in counter mode, which `RandomSource` computes one by one.
  @Test func maskIsThatOfTheGenerator() {
    var random = RandomSource(seed: 12)
    let tape = Tape(random: random)
    let y = Dropout(probability: 0.25)(
      Variable(Tensor(repeating: 3, [20_000, 5])), on: tape)
    var state = random.next()
    let values = y.tensor.scalars
    for index in values.indices {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      guard values[index] == (z >> 32 >= 1 << 30 ? 4 : 0) else {
        Issue.record("element \(index) is \(values[index])")
        return
      }
    }
  }

  @Test(arguments: [Float(0.1), 0.5, 0.9]) func keepsTheExpectedValue(_ probability: Float) {
    let count = 100_000
    let tape = Tape(random: RandomSource(seed: 13))
    let y = Dropout(probability: probability)(
      Variable(Tensor(repeating: 1, [count])), on: tape)
    let kept = y.tensor.scalars.filter { $0 != 0 }
    let wanted = Float(count) * (1 - probability)
    // Five standard deviations of a binomial count.
    #expect(abs(Float(kept.count) - wanted) < 5 * (wanted * probability).squareRoot())
    #expect(kept.allSatisfy { $0 == 1 / (1 - probability) })
  }

  @Test func variationalMaskIsTheSameForAllTimeSteps() {
    let tape = Tape(random: RandomSource(seed: 14))
    let y = Dropout(probability: 0.5, kind: .variational)(
      Variable(Tensor(repeating: 1, [4, 3, 50])), on: tape
    ).tensor.scalars
    for t in 1..<4 { #expect(y[0..<150].elementsEqual(y[t * 150..<(t + 1) * 150])) }
    #expect(y[0..<50] != y[50..<100])
    #expect(Set(y) == [0, 2])
  }

  @Test(arguments: Dropout.Kind.allCases)
  func gradientsAgreeWithCentralDifferences(_ kind: Dropout.Kind) {
    var random = RandomSource(seed: 15)
    let layer = Dropout(probability: 0.3, kind: kind)
    expectGradients(of: layer, inputs: [.random([4, 2, 5], &random)]) { layer, x, tape in
      layer(x[0], on: tape)
    }
  }

  @Test(arguments: Dropout.Kind.allCases)
  func paddingDoesNotChangeTheMaskBeforeIt(_ kind: Dropout.Kind) {
    var random = RandomSource(seed: 16)
    let layer = Dropout(probability: 0.5, kind: kind)
    let x = Tensor.random([6, 2, 9], &random)
    let short = Tensor(Array(x.scalars[0..<72]), shape: [4, 2, 9])
    let long = layer(Variable(x), on: Tape(random: random)).tensor
    let alone = layer(Variable(short), on: Tape(random: random)).tensor
    #expect(alone.scalars.elementsEqual(long.scalars[0..<72]))
  }

  @Test func probabilityOfOneTraps() async {
    await #expect(processExitsWith: .failure) { _ = Dropout(probability: 1) }
  }

  @Test func variationalDropoutOfAVectorTraps() async {
    await #expect(processExitsWith: .failure) {
      let layer = Dropout(probability: 0.5, kind: .variational)
      _ = layer(Variable(Tensor(zeros: [4])), on: Tape())
    }
  }
}
