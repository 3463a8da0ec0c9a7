import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// Layers that do in one pass what two layers do, against the two layers.
@Suite struct FusedImageLayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var channels: (input: Int, output: Int)
    var window = ImageWindow(kernelSize: Size2D(3), padding: Size2D(1))
    var size: (height: Int, width: Int)
    var widths: [Int]

    var testDescription: String { "\(channels) \(window) \(size) \(widths)" }
  }

  /// One channel and many; odd sizes; several pieces of columns and blocks of rows; strides; more
  /// outputs than inputs along an axis, and so many that windows of the gradient cut a pair.
  static let cases = [
    Case(channels: (1, 16), size: (8, 531), widths: [531, 530, 0, 1]),
    Case(channels: (16, 21), size: (13, 149), widths: [149, 2, 97]),
    Case(channels: (40, 50), size: (10, 60), widths: [60, 33]),
    Case(
      channels: (5, 7), window: ImageWindow(kernelSize: Size2D(3), stride: Size2D(2)),
      size: (23, 75), widths: [75, 40]),
    Case(
      channels: (2, 3), window: ImageWindow(kernelSize: Size2D(1), padding: Size2D(3)),
      size: (3, 16), widths: [16, 11]),
    Case(
      channels: (6, 9),
      window: ImageWindow(
        kernelSize: Size2D(height: 4, width: 2), stride: Size2D(height: 1, width: 2)),
      size: (9, 41), widths: [41, 6]),
  ]

  @Test(arguments: cases) func poolingAsTheOutputIsMade(_ setting: Case) throws {
    var random = RandomSource(seed: 90)
    let layer = Convolution2D(
      inputChannels: setting.channels.input, outputChannels: setting.channels.output,
      window: setting.window, random: &random)
    let pooling = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)))
    let x = BatchLayout.image.padded(
      .random(
        [setting.widths.count, setting.channels.input, setting.size.height, setting.size.width],
        &random), lengths: setting.widths, with: .nan)
    let fused = results(layer, x) { x, tape in
      layer(x, widthLengths: setting.widths, pooling: pooling, on: tape)
    }
    let apart = results(layer, x) { x, tape in
      let (y, lengths) = layer(x, widthLengths: setting.widths, on: tape)
      return pooling(y, widthLengths: lengths, on: tape)
    }
    #expect(fused.lengths == apart.lengths)
    #expect(fused.y == apart.y)
    #expect(
      layer(Variable(x), widthLengths: setting.widths, pooling: pooling).output.tensor == apart.y)
    #expect(fused.dx == apart.dx)
    // Sums of up to so many products of at most 1, in another order.
    let sum = Float(apart.lengths.reduce(0, +) * apart.y.shape[2]).squareRoot()
    for (index, expected) in apart.parameters.enumerated() {
      expectClose(fused.parameters[index], expected, absolute: 1e-6 * max(1, sum))
    }
  }

  @Test func poolingOfOtherWindowsIsAppliedToTheOutput() {
    var random = RandomSource(seed: 91)
    let window = ImageWindow(kernelSize: Size2D(3), padding: Size2D(1))
    let layer = Convolution2D(inputChannels: 2, outputChannels: 3, window: window, random: &random)
    let pooling = MaxPool2D(window: ImageWindow(kernelSize: Size2D(3), stride: Size2D(2)))
    let x = Variable(Tensor.random([2, 2, 9, 20], &random))
    let (y, lengths) = layer(x, widthLengths: [20, 9], pooling: pooling)
    let (plain, plainLengths) = layer(x, widthLengths: [20, 9])
    #expect(y.tensor == pooling(plain, widthLengths: plainLengths).output.tensor)
    #expect(lengths == [9, 4])
  }

  @Test func pooledGradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 92)
    let window = ImageWindow(kernelSize: Size2D(1))
    var layer = Convolution2D(inputChannels: 1, outputChannels: 2, window: window, random: &random)
    layer.weight.value = Tensor([1, -0.8], shape: [2, 1, 1, 1])
    // All values further apart than the step, in random order: no window changes its greatest.
    let values = (0..<140).map { 0.05 * Float($0) - 3.5 }.shuffled(using: &random)
    let pooling = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)))
    expectGradients(of: layer, inputs: [Tensor(values, shape: [2, 1, 10, 7])]) {
      layer, x, tape in
      layer(x[0], widthLengths: [7, 4], pooling: pooling, on: tape).output
    }
  }

  @Test(arguments: Activation.allCases, [[1, 0, 3], [16, 15, 8], [75, 33, 64]])
  func activationInTheNorm(_ activation: Activation, _ widths: [Int]) throws {
    var random = RandomSource(seed: 93)
    var layer = BatchNorm2D(channelCount: 2)
    // Beyond every bound of every activation.
    layer.weight.value = Tensor([30, -3])
    layer.bias.value = Tensor([2, 0.5])
    let x = BatchLayout.image.padded(
      .random([3, 2, 5, widths.max() ?? 0], &random), lengths: widths, with: .nan)
    let fused = results(layer, x) { x, tape in
      (layer(x, widthLengths: widths, activation: activation, on: tape), widths)
    }
    let apart = results(layer, x) { x, tape in
      (activation(layer(x, widthLengths: widths, on: tape), on: tape), widths)
    }
    #expect(fused.y == apart.y)
    #expect(fused.dx == apart.dx)
    #expect(fused.parameters == apart.parameters)
    #expect(
      layer(Variable(x), widthLengths: widths, activation: activation).tensor
        == activation(layer(Variable(x), widthLengths: widths).tensor))
  }

  @Test(arguments: [Activation.leakyReLU, .clippedReLU, .hardTanh])
  func rectifiedGradientsAgreeWithCentralDifferences(_ activation: Activation) {
    var random = RandomSource(seed: 94)
    var layer = BatchNorm2D(channelCount: 2)
    layer.weight.value = Tensor([0.5, -0.6])
    // Normal values are about ±1.1 and their maps stay away from the kinks at 0 and ±1.
    layer.bias.value = Tensor([0.05, -0.07])
    let values = (0..<80).map { ($0 % 2 == 0 ? 1 : -1) + random.uniform(in: -0.1...0.1) }
    expectGradients(of: layer, inputs: [Tensor(values, shape: [2, 2, 2, 10])]) {
      layer, x, tape in
      layer(x[0], widthLengths: [10, 6], activation: activation, on: tape)
    }
  }

  private func results<M: Module>(
    _ layer: M, _ x: Tensor,
    _ forward: (Variable, Tape) -> (Variable, [Int])
  ) -> (y: Tensor, lengths: [Int], dx: Tensor?, parameters: [Tensor]) {
    let tape = Tape()
    let input = tape.watch(x)
    let (y, lengths) = forward(input, tape)
    var seeds = RandomSource(seed: 95)
    let seed = BatchLayout.image.padded(
      .random(y.shape, &seeds), lengths: lengths, with: .nan)
    let gradients = tape.gradients(of: y, seed: seed, withRespectTo: [input])
    return (
      y.tensor, lengths, gradients.variables[0],
      layer.namedParameters.compactMap { gradients.parameters[$0.parameter] }
    )
  }
}
