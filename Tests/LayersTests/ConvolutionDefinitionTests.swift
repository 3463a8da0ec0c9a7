import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// The output and all gradients against loops that follow the definition, for sizes that need
/// several tiles of channels, vectors of columns, blocks of rows and blocks of the inner axis.
@Suite struct ConvolutionDefinitionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var channels: (input: Int, output: Int)
    var kernel: (height: Int, width: Int) = (3, 3)
    var stride: (height: Int, width: Int) = (1, 1)
    var padding: (height: Int, width: Int) = (1, 1)
    var size: (height: Int, width: Int)
    var widths: [Int]

    var testDescription: String { "\(channels) \(kernel) \(stride) \(padding) \(size) \(widths)" }
  }

  static let cases = [
    Case(channels: (1, 16), size: (9, 131), widths: [131, 64, 1]),
    Case(channels: (3, 10), size: (5, 531), widths: [531, 270]),
    Case(channels: (16, 33), size: (11, 101), widths: [101, 97]),
    Case(channels: (56, 9), size: (9, 150), widths: [150, 0, 15]),
    Case(channels: (103, 2), size: (3, 20), widths: [20, 7]),
    Case(channels: (3, 80), stride: (2, 2), size: (13, 99), widths: [99, 50]),
    Case(
      channels: (2, 3), kernel: (1, 1), stride: (2, 3), padding: (0, 0), size: (5, 40),
      widths: [40, 2]),
    Case(
      channels: (4, 5), kernel: (7, 5), stride: (3, 2), padding: (2, 4), size: (15, 47),
      widths: [47, 46, 5]),
  ]

  @Test(arguments: cases) func agrees(_ setting: Case) throws {
    var random = RandomSource(seed: 36)
    let window = ImageWindow(
      kernelSize: Size2D(height: setting.kernel.height, width: setting.kernel.width),
      stride: Size2D(height: setting.stride.height, width: setting.stride.width),
      padding: Size2D(height: setting.padding.height, width: setting.padding.width))
    let layer = Convolution2D(
      inputChannels: setting.channels.input, outputChannels: setting.channels.output,
      window: window, random: &random)
    let layout = BatchLayout.image
    let clean = Tensor.random(
      [setting.widths.count, setting.channels.input, setting.size.height, setting.size.width],
      &random)
    let tape = Tape()
    let x = tape.watch(layout.padded(clean, lengths: setting.widths, with: .nan))
    let (y, lengths) = layer(x, widthLengths: setting.widths, on: tape)
    let seed = layout.padded(.random(y.shape, &random), lengths: lengths, with: .nan)
    let gradients = tape.gradients(of: y, seed: seed, withRespectTo: [x])
    let naive = NaiveConvolution(layer, x.tensor, seed, widths: setting.widths, lengths: lengths)
    // Sums of n products of at most 1: n ulp of their greatest possible size would be far more.
    let patch = Float(layer.weight.value.count / setting.channels.output)
    let outputs = Float(lengths.reduce(0, +) * y.shape[2])
    expectClose(y.tensor, naive.y, absolute: 1e-6 * patch.squareRoot(), "output")
    expectClose(
      try #require(gradients.variables[0]), naive.dx,
      absolute: 1e-6 * (Float(setting.channels.output) * 9).squareRoot(), "input gradient")
    expectClose(
      try #require(gradients.parameters[layer.weight]), naive.dweight,
      absolute: 2e-6 * outputs.squareRoot(), "weight gradient")
    let bias = try #require(layer.bias)
    expectClose(
      try #require(gradients.parameters[bias]), naive.dbias,
      absolute: 2e-6 * outputs.squareRoot(), "bias gradient")
  }
}

/// A convolution and its gradients, one product after another, in double precision.
private struct NaiveConvolution {
  let y: Tensor
  let dx: Tensor
  let dweight: Tensor
  let dbias: Tensor

  init(_ layer: Convolution2D, _ x: Tensor, _ seed: Tensor, widths: [Int], lengths: [Int]) {
    let (inputs, window) = (x.scalars, layer.window)
    let (weights, seeds) = (layer.weight.value.scalars, seed.scalars)
    let (height, width, channels) = (x.shape[2], x.shape[3], x.shape[1])
    let outputs = seed.shape[1]
    let kernel = window.kernelSize
    var sums = [Double](repeating: 0, count: seed.count)
    var inputSums = [Double](repeating: 0, count: x.count)
    var weightSums = [Double](repeating: 0, count: weights.count)
    var biasSums = [Double](repeating: 0, count: outputs)
    let bias = layer.bias?.value.scalars ?? []
    for (b, length) in lengths.enumerated() {
      for o in 0..<outputs {
        for h in 0..<seed.shape[2] {
          for w in 0..<length {
            let to = ((b * outputs + o) * seed.shape[2] + h) * seed.shape[3] + w
            sums[to] += Double(bias[o])
            biasSums[o] += Double(seeds[to])
            for row in 0..<kernel.height {
              let v = h * window.stride.height + row - window.padding.height
              guard 0..<height ~= v else { continue }
              for column in 0..<kernel.width {
                let u = w * window.stride.width + column - window.padding.width
                guard 0..<widths[b] ~= u else { continue }
                for i in 0..<channels {
                  let from = ((b * channels + i) * height + v) * width + u
                  let k = ((o * channels + i) * kernel.height + row) * kernel.width + column
                  sums[to] += Double(weights[k]) * Double(inputs[from])
                  inputSums[from] += Double(weights[k]) * Double(seeds[to])
                  weightSums[k] += Double(inputs[from]) * Double(seeds[to])
                }
              }
            }
          }
        }
      }
    }
    y = Tensor(sums.map { Float($0) }, shape: seed.shape)
    dx = Tensor(inputSums.map { Float($0) }, shape: x.shape)
    dweight = Tensor(weightSums.map { Float($0) }, shape: layer.weight.value.shape)
    dbias = Tensor(biasSums.map { Float($0) }, shape: [outputs])
  }
}
