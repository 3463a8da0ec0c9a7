import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct Convolution2DTests {
  /// Kernels of one column and many, one channel (a layout of its own) and several, strides above
  /// and below the kernel, more output channels than a panel.
  static let cases = [
    Case(channels: (1, 2), kernel: (3, 3), stride: (1, 1), padding: (1, 1)),
    Case(channels: (3, 5), kernel: (4, 2), stride: (2, 1), padding: (1, 0)),
    Case(channels: (2, 37), kernel: (1, 5), stride: (1, 2), padding: (0, 2)),
    Case(channels: (1, 3), kernel: (2, 1), stride: (3, 2), padding: (0, 0)),
    Case(channels: (2, 2), kernel: (5, 4), stride: (2, 3), padding: (3, 4)),
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    var channels: (input: Int, output: Int)
    var kernel: (height: Int, width: Int)
    var stride: (height: Int, width: Int)
    var padding: (height: Int, width: Int)

    func layer(_ random: inout RandomSource) -> Convolution2D {
      Convolution2D(
        inputChannels: channels.input, outputChannels: channels.output,
        window: ImageWindow(
          kernelSize: Size2D(height: kernel.height, width: kernel.width),
          stride: Size2D(height: stride.height, width: stride.width),
          padding: Size2D(height: padding.height, width: padding.width)), random: &random)
    }

    var testDescription: String { "\(channels) \(kernel) \(stride) \(padding)" }
  }

  @Test func handWorkedCase() {
    var random = RandomSource(seed: 30)
    var layer = Convolution2D(
      inputChannels: 1, outputChannels: 1,
      window: ImageWindow(kernelSize: Size2D(2), padding: Size2D(height: 0, width: 1)),
      random: &random)
    layer.weight.value = Tensor([1, 10, 100, 1000], shape: [1, 1, 2, 2])
    layer.bias?.value = Tensor([0.5])
    let x = Tensor([1, 2, .nan, 3, 4, .nan], shape: [1, 1, 2, 3])
    let (y, lengths) = layer(Variable(x), widthLengths: [2])
    #expect(lengths == [3])
    #expect(y.tensor == Tensor([3010.5, 4321.5, 402.5, 0], shape: [1, 1, 1, 4]))
  }

  @Test func agreesWithReference() throws {
    let reference = try Reference("convolution")
    var random = RandomSource(seed: 31)
    var layer = Convolution2D(
      inputChannels: 3, outputChannels: 4,
      window: ImageWindow(
        kernelSize: Size2D(height: 5, width: 3), stride: Size2D(height: 2, width: 3),
        padding: Size2D(height: 2, width: 1)), random: &random)
    layer.weight.value = try reference.tensor("weight")
    layer.bias?.value = try reference.tensor("bias")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let (y, lengths) = layer(x, widthLengths: [11, 11], on: tape)
    #expect(lengths == [4, 4])
    // Sums of 45 products of standard normal variates, at most 46 ulp of their magnitudes.
    expectClose(y.tensor, try reference.tensor("y"), absolute: 2e-5)
    let gradients = tape.gradients(
      of: y, seed: try reference.tensor("seed"), withRespectTo: [x])
    expectClose(
      try #require(gradients.variables[0]), try reference.tensor("dx"), absolute: 2e-5)
    expectClose(
      try #require(gradients.parameters[layer.weight]), try reference.tensor("dweight"),
      absolute: 2e-5)
    let bias = try #require(layer.bias)
    expectClose(
      try #require(gradients.parameters[bias]), try reference.tensor("dbias"), absolute: 2e-5)
  }

  @Test(arguments: cases) func equalsTheDefinition(_ setting: Case) {
    var random = RandomSource(seed: 32)
    let layer = setting.layer(&random)
    let x = Tensor.random([2, setting.channels.input, 7, 300], &random)
    let y = layer(Variable(x), widthLengths: [300, 9]).output.tensor
    let lengths = [300, 9].map(layer.window.outputLength)
    for b in 0..<2 {
      for o in [0, setting.channels.output - 1] {
        for h in 0..<y.shape[2] {
          for w in stride(from: 0, to: y.shape[3], by: 7) {
            let expected =
              w < lengths[b]
              ? naive(layer, x, b, o, h, w, width: [300, 9][b]) : 0
            #expect(abs(y[b, o, h, w] - expected) < 1e-5, "at \((b, o, h, w))")
          }
        }
      }
    }
  }

  private func naive(
    _ layer: Convolution2D, _ x: Tensor, _ b: Int, _ o: Int, _ h: Int, _ w: Int, width: Int
  ) -> Float {
    let weight = layer.weight.value
    let window = layer.window
    var sum = layer.bias?.value[o] ?? 0
    for i in 0..<weight.shape[1] {
      for row in 0..<weight.shape[2] {
        for column in 0..<weight.shape[3] {
          let y = h * window.stride.height + row - window.padding.height
          let x1 = w * window.stride.width + column - window.padding.width
          guard y >= 0, y < x.shape[2], x1 >= 0, x1 < width else { continue }
          sum += weight[o, i, row, column] * x[b, i, y, x1]
        }
      }
    }
    return sum
  }

  @Test(arguments: cases) func gradientsAgreeWithCentralDifferences(_ setting: Case) {
    var random = RandomSource(seed: 33)
    let layer = setting.layer(&random)
    let x = Tensor.random([2, setting.channels.input, 6, 9], &random)
    expectGradients(of: layer, inputs: [x]) { layer, x, tape in
      layer(x[0], widthLengths: [9, 5], on: tape).output
    }
  }

  @Test(arguments: cases) func raggedBatchEqualsItems(_ setting: Case) {
    var random = RandomSource(seed: 34)
    let layer = setting.layer(&random)
    let x = Tensor.random([4, setting.channels.input, 6, 17], &random)
    expectRaggedEqualsItems(layer, x, lengths: [17, 1, 0, 10], layout: .image) {
      layer, x, lengths, tape in
      let (output, lengths) = layer(x, widthLengths: lengths, on: tape)
      return (output, lengths)
    }
  }

  @Test func withoutABiasThereIsNone() {
    var random = RandomSource(seed: 35)
    let layer = Convolution2D(
      inputChannels: 1, outputChannels: 2, window: ImageWindow(kernelSize: Size2D(3)),
      bias: false, random: &random)
    #expect(layer.namedParameters.map(\.path) == ["weight"])
    let y = layer(Variable(Tensor(zeros: [1, 1, 3, 4])), widthLengths: [4]).output
    #expect(y.tensor == Tensor(zeros: [1, 2, 1, 2]))
  }

  @Test func wrongChannelCountTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = Convolution2D(
        inputChannels: 2, outputChannels: 2, window: ImageWindow(kernelSize: Size2D(1)),
        random: &random)
      _ = layer(Variable(Tensor(zeros: [1, 3, 4, 4])), widthLengths: [4])
    }
  }

  @Test func imagesLowerThanTheKernelTrap() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = Convolution2D(
        inputChannels: 1, outputChannels: 1, window: ImageWindow(kernelSize: Size2D(3)),
        random: &random)
      _ = layer(Variable(Tensor(zeros: [1, 1, 2, 4])), widthLengths: [4])
    }
  }
}
