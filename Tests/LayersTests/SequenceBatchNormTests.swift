import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct SequenceBatchNormTests {
  @Test func handWorkedCase() {
    // Frames 1 and 3 of row 0, frame 5 of row 1: mean 3, variance 8/3.
    var layer = SequenceBatchNorm(featureSize: 1, momentum: 0.5, epsilon: 1 / 3)
    layer.weight.value = Tensor([2])
    layer.bias.value = Tensor([1])
    let x = Variable(Tensor([1, 5, 3, .nan], shape: [2, 2, 1]))
    let tape = Tape()
    let y = layer(x, frameLengths: [2, 1], on: tape)
    let half = 2 * Float(2) / Float(3).squareRoot()
    expectClose(y.tensor.scalars, [1 - half, 1 + half, 1, 0], absolute: 1e-6)
    #expect(tape.updates[layer.runningMean.identity]?.scalars == [1.5])
    expectClose(tape.updates[layer.runningVariance.identity]?.scalars ?? [], [2.5], relative: 1e-6)
    layer.runningMean.value = Tensor([1])
    layer.runningVariance.value = Tensor([4 - 1 / 3])
    expectClose(
      layer(x, frameLengths: [2, 1]).tensor.scalars, [1, 5, 3, 0], absolute: 1e-6)
  }

  @Test func agreesWithReference() throws {
    let reference = try Reference("sequence_batch_norm")
    var layer = SequenceBatchNorm(featureSize: 5)
    layer.weight.value = try reference.tensor("weight")
    layer.bias.value = try reference.tensor("bias")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let y = layer(x, frameLengths: [9, 4, 7], on: tape)
    // Means and variances of 20 values near 5: some 20 ulp of that.
    expectClose(y.tensor, try reference.tensor("y"), absolute: 4e-6)
    let gradients = tape.gradients(
      of: y, seed: try reference.tensor("seed"), withRespectTo: [x])
    expectClose(
      try #require(gradients.variables[0]), try reference.tensor("dx"), absolute: 4e-6)
    expectClose(
      try #require(gradients.parameters[layer.weight]), try reference.tensor("dweight"),
      absolute: 2e-5)
    expectClose(
      try #require(gradients.parameters[layer.bias]), try reference.tensor("dbias"),
      absolute: 1e-5)
    expectClose(
      try #require(tape.updates[layer.runningMean.identity]),
      try reference.tensor("runningMean"), absolute: 1e-6)
    expectClose(
      try #require(tape.updates[layer.runningVariance.identity]),
      try reference.tensor("runningVariance"), absolute: 4e-6)
  }

  @Test(arguments: [3, 37]) func gradientsAgreeWithCentralDifferences(_ featureSize: Int) {
    var random = RandomSource(seed: 6)
    let layer = SequenceBatchNorm(featureSize: featureSize)
    let x = Tensor.random([6, 3, featureSize], &random)
    expectGradients(of: layer, inputs: [x]) { layer, x, tape in
      layer(x[0], frameLengths: [6, 2, 5], on: tape)
    }
  }

  @Test func raggedBatchEqualsItsFramesInOneRow() throws {
    var random = RandomSource(seed: 7)
    let layer = SequenceBatchNorm(featureSize: 19)
    let lengths = [5, 0, 7, 1]
    let x = BatchLayout.sequence.padded(
      .random([7, 4, 19], &random), lengths: lengths, with: .nan)
    let seed = BatchLayout.sequence.padded(
      .random([7, 4, 19], &random), lengths: lengths, with: .nan)
    func frames(_ x: Tensor) -> Tensor {
      let rows = (0..<28).filter { $0 / 4 < lengths[$0 % 4] }
      return Tensor(rows.flatMap { x.scalars[$0 * 19..<($0 + 1) * 19] }, shape: [13, 1, 19])
    }
    let (tape, flatTape) = (Tape(), Tape())
    let (input, flatInput) = (tape.watch(x), flatTape.watch(frames(x)))
    let y = layer(input, frameLengths: lengths, on: tape)
    let flat = layer(flatInput, frameLengths: [13], on: flatTape)
    #expect(frames(y.tensor) == flat.tensor)
    let found = tape.gradients(of: y, seed: seed, withRespectTo: [input])
    let expected = flatTape.gradients(of: flat, seed: frames(seed), withRespectTo: [flatInput])
    let dx = try #require(found.variables[0])
    #expect(frames(dx) == expected.variables[0])
    BatchLayout.sequence.expectZeroPadding(y.tensor, lengths: lengths, "output")
    BatchLayout.sequence.expectZeroPadding(dx, lengths: lengths, "gradient")
    #expect(found.parameters[layer.weight] == expected.parameters[layer.weight])
    #expect(found.parameters[layer.bias] == expected.parameters[layer.bias])
  }

  @Test func aLargeMeanCostsNoDigits() {
    var random = RandomSource(seed: 8)
    let x = Tensor.random([500, 2, 3], &random)
    let moved = Tensor(x.scalars.map { ($0 + 1024) - 1024 }, shape: x.shape)
    let far = Tensor(x.scalars.map { $0 + 1024 }, shape: x.shape)
    let layer = SequenceBatchNorm(featureSize: 3)
    let near = layer(Variable(moved), frameLengths: [500, 400], on: Tape())
    let shifted = layer(Variable(far), frameLengths: [500, 400], on: Tape())
    // The mean itself is rounded to 2⁻¹⁴ at 1024.
    expectClose(shifted.tensor, near.tensor, absolute: 4e-4)
  }

  @Test func wrongFeatureSizeTraps() async {
    await #expect(processExitsWith: .failure) {
      let layer = SequenceBatchNorm(featureSize: 4)
      _ = layer(Variable(Tensor(zeros: [2, 3, 5])), frameLengths: [2, 2, 2])
    }
  }
}
