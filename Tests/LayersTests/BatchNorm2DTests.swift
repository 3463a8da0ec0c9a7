import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct BatchNorm2DTests {
  @Test func handWorkedCase() {
    var layer = BatchNorm2D(channelCount: 1, momentum: 1, epsilon: 4)
    layer.weight.value = Tensor([3])
    // 1, 3, 5, 7 and padding: mean 4, variance 5, root of variance plus epsilon 3.
    let x = Variable(Tensor([1, 3, .nan, 5, 7, .nan], shape: [1, 1, 2, 3]))
    let tape = Tape()
    let y = layer(x, widthLengths: [2], on: tape)
    expectClose(y.tensor.scalars, [-3, -1, 0, 1, 3, 0], absolute: 1e-6)
    #expect(tape.updates[layer.runningMean.identity]?.scalars == [4])
    expectClose(
      tape.updates[layer.runningVariance.identity]?.scalars ?? [], [20 / 3], relative: 1e-6)
  }

  /// The script joins the valid columns of all images, so this is the ragged case as well.
  @Test func agreesWithReference() throws {
    let reference = try Reference("batch_norm_2d")
    let lengths = [6, 2, 5]
    var layer = BatchNorm2D(channelCount: 2, momentum: 0.2, epsilon: 1e-3)
    layer.weight.value = try reference.tensor("weight")
    layer.bias.value = try reference.tensor("bias")
    let layout = BatchLayout.image
    let tape = Tape()
    let x = tape.watch(layout.padded(try reference.tensor("x"), lengths: lengths, with: .nan))
    let seed = layout.padded(try reference.tensor("seed"), lengths: lengths, with: .nan)
    let y = layer(x, widthLengths: lengths, on: tape)
    // Means and variances of 52 values near 2.
    expectClose(y.tensor, try reference.tensor("y"), absolute: 4e-6)
    let gradients = tape.gradients(of: y, seed: seed, withRespectTo: [x])
    expectClose(
      try #require(gradients.variables[0]), try reference.tensor("dx"), absolute: 4e-6)
    for (parameter, name) in [(layer.weight, "dweight"), (layer.bias, "dbias")] {
      expectClose(
        try #require(gradients.parameters[parameter]), try reference.tensor(name),
        absolute: 2e-5)
    }
    for (parameter, name) in [
      (layer.runningMean, "runningMean"), (layer.runningVariance, "runningVariance"),
    ] {
      expectClose(
        try #require(tape.updates[parameter.identity]), try reference.tensor(name),
        absolute: 4e-6)
    }
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 50)
    let layer = BatchNorm2D(channelCount: 3)
    let x = Tensor.random([2, 3, 4, 19], &random)
    expectGradients(of: layer, inputs: [x]) { layer, x, tape in
      layer(x[0], widthLengths: [19, 6], on: tape)
    }
  }

  /// Widths below, at and beyond whole vectors, and a mean a thousand deviations from zero.
  @Test(arguments: [[1, 0, 3], [16, 15, 8], [75, 33, 64]])
  func equalsTheDefinition(_ lengths: [Int]) throws {
    var random = RandomSource(seed: 52)
    let shape: Shape = [3, 2, 5, lengths.max() ?? 0]
    let clean = Tensor.random(shape, in: 999...1001, &random)
    let x = BatchLayout.image.padded(clean, lengths: lengths, with: .nan)
    let seed = BatchLayout.image.padded(.random(shape, &random), lengths: lengths, with: .nan)
    let layer = BatchNorm2D(channelCount: 2)
    let tape = Tape()
    let input = tape.watch(x)
    let y = layer(input, widthLengths: lengths, on: tape)
    let dx = try #require(
      tape.gradients(of: y, seed: seed, withRespectTo: [input]).variables[0])
    for channel in 0..<2 {
      let places = lengths.enumerated().flatMap { b, length in
        (0..<5).flatMap { h in (0..<length).map { (b, h, $0) } }
      }
      let values = places.map { Double(x[$0.0, channel, $0.1, $0.2]) }
      let gradients = places.map { Double(seed[$0.0, channel, $0.1, $0.2]) }
      let n = Double(places.count)
      let mean = values.reduce(0, +) / n
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      let inverse = 1 / (variance + 1e-5).squareRoot()
      let first = gradients.reduce(0, +) / n
      let second = zip(gradients, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * inverse } / n
      for (index, (b, h, w)) in places.enumerated() {
        let normal = (values[index] - mean) * inverse
        // The mean itself is rounded to half an ulp of 1000, 3e-5, which the root divides by 0.57.
        #expect(abs(Double(y.tensor[b, channel, h, w]) - normal) < 2e-4)
        let expected = inverse * (gradients[index] - first - normal * second)
        #expect(abs(Double(dx[b, channel, h, w]) - expected) < 4e-4)
      }
    }
    BatchLayout.image.expectZeroPadding(y.tensor, lengths: lengths, "output")
    BatchLayout.image.expectZeroPadding(dx, lengths: lengths, "gradient")
  }

  @Test func inferenceOfARaggedBatchEqualsItems() {
    var random = RandomSource(seed: 51)
    var layer = BatchNorm2D(channelCount: 2)
    layer.runningMean.value = .random([2], &random)
    layer.runningVariance.value = .random([2], in: 0.5...2, &random)
    let lengths = [7, 0, 4]
    let x = BatchLayout.image.padded(
      .random([3, 2, 3, 7], &random), lengths: lengths, with: .nan)
    let y = layer(Variable(x), widthLengths: lengths).tensor
    BatchLayout.image.expectZeroPadding(y, lengths: lengths, "output")
    for (item, length) in lengths.enumerated() {
      let alone = BatchLayout.image.item(item, length: length, of: x)
      #expect(
        layer(Variable(alone), widthLengths: [length]).tensor
          == BatchLayout.image.item(item, length: length, of: y))
    }
  }

  @Test func wrongChannelCountTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = BatchNorm2D(channelCount: 2)(
        Variable(Tensor(zeros: [1, 3, 4, 4])), widthLengths: [4])
    }
  }
}
