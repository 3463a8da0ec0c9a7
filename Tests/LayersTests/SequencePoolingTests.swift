import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct SequencePoolingTests {
  /// `[3, 2, 2]` with lengths 3 and 1; what is behind the second sequence must not be read.
  static let x = Tensor(
    [1, 2, 10, 20, 3, 9, .nan, .nan, 5, 1, .nan, .nan], shape: [3, 2, 2])

  private static func pooled(
    _ kind: SequencePooling.Kind, _ direction: RecurrentDirection = .forward
  ) -> Tensor {
    var random = RandomSource(seed: 1)
    let pooling = SequencePooling(kind, featureSize: 2, direction: direction, random: &random)
    return pooling(Variable(x), frameLengths: [3, 1]).tensor
  }

  @Test func handWorkedCases() {
    #expect(Self.pooled(.last) == Tensor(rows: [[5, 1], [10, 20]]))
    #expect(Self.pooled(.last, .backward) == Tensor(rows: [[1, 2], [10, 20]]))
    #expect(Self.pooled(.last, .bidirectional) == Tensor(rows: [[5, 2], [10, 20]]))
    #expect(Self.pooled(.mean) == Tensor(rows: [[3, 4], [10, 20]]))
    #expect(Self.pooled(.max) == Tensor(rows: [[5, 9], [10, 20]]))
  }

  @Test func attentionEqualsPyTorch() throws {
    let reference = try Reference("attention_pooling")
    var random = RandomSource(seed: 1)
    var layer = AttentionPooling(featureSize: 5, attentionSize: 4, random: &random)
    layer.projection.weight.value = try reference.tensor("weight")
    layer.projection.bias.value = try reference.tensor("bias")
    layer.query.value = try reference.tensor("query")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let lengths = [6, 1, 4]
    let (y, weights) = layer(x, frameLengths: lengths, on: tape)
    expectClose(y.tensor, try reference.tensor("y"), absolute: 1e-6)
    let alpha = try reference.tensor("alpha")
    for (item, length) in lengths.enumerated() {
      expectClose(weights[item], (0..<length).map { alpha[$0, item] }, absolute: 1e-6)
    }
    let seed = try reference.tensor("seed")
    let (gradients, inputs) = tape.gradients(of: y, seed: seed, withRespectTo: [x])
    let found = [
      ("x", inputs[0]), ("weight", gradients[layer.projection.weight]),
      ("bias", gradients[layer.projection.bias]), ("query", gradients[layer.query]),
    ]
    for (name, gradient) in found {
      expectClose(
        try #require(gradient), try reference.tensor(name + ".gradient"), absolute: 2e-6, name)
    }
  }

  @Test(arguments: SequencePooling.Kind.allCases, RecurrentDirection.allCases)
  func gradientsAgreeWithCentralDifferences(
    kind: SequencePooling.Kind, direction: RecurrentDirection
  ) {
    var random = RandomSource(seed: 68)
    let layer = SequencePooling(
      kind, featureSize: 6, direction: direction, attentionSize: 5, random: &random)
    // Elements a step apart, so that none becomes the greatest by moving.
    let x = Tensor((0..<72).map { Float($0 * 29 % 72) / 18 - 2 }, shape: [4, 3, 6])
    expectGradients(of: layer, inputs: [x]) { layer, x, tape in
      layer(x[0], frameLengths: [4, 1, 3], on: tape)
    }
  }

  @Test(arguments: SequencePooling.Kind.allCases)
  func aSequenceWithoutFramesGivesZeros(kind: SequencePooling.Kind) {
    var random = RandomSource(seed: 69)
    let layer = SequencePooling(kind, featureSize: 2, random: &random)
    let tape = Tape()
    let x = tape.watch(Tensor(repeating: 3, [2, 2, 2]))
    let y = layer(x, frameLengths: [0, 2], on: tape)
    #expect(y.tensor.scalars.prefix(2).allSatisfy { $0 == 0 })
    expectClose(y.tensor.scalars.suffix(2), [3, 3], absolute: 1e-6)
    let seed = Tensor(repeating: 1, [2, 2])
    let gradient = tape.gradients(of: y, seed: seed, withRespectTo: [x]).variables[0]
    let scalars = gradient?.scalars ?? []
    #expect([0, 1, 4, 5].allSatisfy { scalars[$0] == 0 })
  }

  @Test(arguments: SequencePooling.Kind.allCases)
  func paddingChangesNothing(kind: SequencePooling.Kind) {
    var random = RandomSource(seed: 70)
    let layer = SequencePooling(kind, featureSize: 4, direction: .bidirectional, random: &random)
    let x = Tensor.random([3, 1, 4], &random)
    let padded = Tensor(x.scalars + [.nan, .nan, .nan, .nan], shape: [4, 1, 4])
    let (y, weights) = layer.weighted(Variable(x), frameLengths: [3])
    let (other, otherWeights) = layer.weighted(Variable(padded), frameLengths: [3])
    #expect(y.tensor == other.tensor)
    #expect(weights == otherWeights)
    #expect((weights == nil) == (kind != .attention))
    if let weights { expectClose([weights[0].reduce(0, +)], [1], absolute: 1e-6) }
  }

  @Test func wrongShapeTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = SequencePooling(.mean, featureSize: 2, random: &random)
      _ = layer(Variable(Tensor(zeros: [3, 2])), frameLengths: [3, 3])
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      _ = SequencePooling(.last, featureSize: 3, direction: .bidirectional, random: &random)
    }
  }
}
