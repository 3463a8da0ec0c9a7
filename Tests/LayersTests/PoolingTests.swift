import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct PoolingTests {
  static let window = ImageWindow(
    kernelSize: Size2D(height: 3, width: 2), stride: Size2D(2), padding: Size2D(1))
  static let windows = [
    window, ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)),
    ImageWindow(kernelSize: Size2D(height: 1, width: 3)),
    ImageWindow(kernelSize: Size2D(height: 2, width: 1), stride: Size2D(height: 1, width: 3)),
  ]

  @Test func handWorkedCase() {
    let x = Variable(Tensor([-1, -2, -5, .nan, -3, -4, -6, .nan], shape: [1, 1, 2, 4]))
    let window = ImageWindow(
      kernelSize: Size2D(2), stride: Size2D(2), padding: Size2D(height: 0, width: 1))
    let (maximum, lengths) = MaxPool2D(window: window)(x, widthLengths: [3])
    #expect(lengths == [2])
    #expect(maximum.tensor == Tensor([-1, -2, 0], shape: [1, 1, 1, 3]))
    let (average, _) = AveragePool2D(window: window)(x, widthLengths: [3])
    #expect(average.tensor == Tensor([-2, -4.25, 0], shape: [1, 1, 1, 3]))
  }

  @Test func agreesWithReference() throws {
    let reference = try Reference("pooling")
    let seed = try reference.tensor("seed")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let (maximum, _) = MaxPool2D(window: Self.window)(x, widthLengths: [9, 9], on: tape)
    #expect(maximum.tensor == (try reference.tensor("maximum")))
    let dmaximum = tape.gradients(of: maximum, seed: seed, withRespectTo: [x]).variables[0]
    expectClose(
      try #require(dmaximum), try reference.tensor("dmaximum"), absolute: 1e-6, "maximum")
    let second = Tape()
    let x2 = second.watch(x.tensor)
    let (average, _) = AveragePool2D(window: Self.window)(x2, widthLengths: [9, 9], on: second)
    expectClose(average.tensor, try reference.tensor("average"), absolute: 1e-6)
    let daverage = second.gradients(of: average, seed: seed, withRespectTo: [x2]).variables[0]
    expectClose(
      try #require(daverage), try reference.tensor("daverage"), absolute: 1e-6, "average")
  }

  @Test(arguments: windows) func gradientsAgreeWithCentralDifferences(_ window: ImageWindow) {
    var random = RandomSource(seed: 40)
    // All values further apart than the step, in random order: no window changes its greatest.
    let values = (0..<140).map { 0.05 * Float($0) - 3.5 }.shuffled(using: &random)
    let x = Tensor(values, shape: [2, 2, 5, 7])
    expectGradients(of: MaxPool2D(window: window), inputs: [x]) { layer, x, tape in
      layer(x[0], widthLengths: [7, 4], on: tape).output
    }
    expectGradients(of: AveragePool2D(window: window), inputs: [x]) { layer, x, tape in
      layer(x[0], widthLengths: [7, 4], on: tape).output
    }
  }

  @Test(arguments: windows) func raggedBatchEqualsItems(_ window: ImageWindow) {
    var random = RandomSource(seed: 41)
    let x = Tensor.random([4, 3, 5, 13], &random)
    let lengths = [6, 13, 0, 1]
    expectRaggedEqualsItems(MaxPool2D(window: window), x, lengths: lengths, layout: .image) {
      layer, x, lengths, tape in
      let (output, lengths) = layer(x, widthLengths: lengths, on: tape)
      return (output, lengths)
    }
    expectRaggedEqualsItems(AveragePool2D(window: window), x, lengths: lengths, layout: .image) {
      layer, x, lengths, tape in
      let (output, lengths) = layer(x, widthLengths: lengths, on: tape)
      return (output, lengths)
    }
  }

  /// Odd heights and widths, images narrower and wider than a vector of any instruction set, and
  /// windows with several greatest elements, of which the first takes the gradient.
  @Test func poolingByTwoEqualsTheDefinition() throws {
    var random = RandomSource(seed: 42)
    let (shape, lengths): (Shape, [Int]) = ([4, 3, 7, 71], [71, 33, 1, 6])
    let few = Tensor((0..<shape.count).map { _ in Float(random.integer(in: 0...3)) }, shape: shape)
    let x = BatchLayout.image.padded(few, lengths: lengths, with: .nan)
    let tape = Tape()
    let input = tape.watch(x)
    let layer = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)))
    let (y, outputLengths) = layer(input, widthLengths: lengths, on: tape)
    #expect(outputLengths == [35, 16, 0, 3])
    let seed = Tensor.random(y.shape, &random)
    let dx = try #require(
      tape.gradients(of: y, seed: seed, withRespectTo: [input]).variables[0])
    var expected = Tensor(zeros: y.shape)
    var gradient = Tensor(zeros: shape)
    for (b, length) in outputLengths.enumerated() {
      for (c, h, w) in (0..<3).flatMap({ c in
        (0..<3).flatMap { h in (0..<length).map { (c, h, $0) } }
      }) {
        let places = [0, 1, 2, 3].map { (2 * h + $0 / 2, 2 * w + $0 % 2) }
        let values = places.map { x[b, c, $0.0, $0.1] }
        let greatest = try #require(values.max())
        let place = places[try #require(values.firstIndex(of: greatest))]
        expected[b, c, h, w] = greatest
        gradient[b, c, place.0, place.1] = seed[b, c, h, w]
      }
    }
    #expect(y.tensor == expected)
    #expect(dx == gradient)
    #expect(layer(Variable(x), widthLengths: lengths).output.tensor == expected)
  }

  @Test(arguments: [4, 200]) func poolingByTwoKeepsNaN(_ width: Int) {
    for place in 0..<4 {
      var x = Tensor(repeating: 1, [1, 1, 2, width])
      x[0, 0, place / 2, width - 2 + place % 2] = .nan
      let layer = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)))
      let y = layer(Variable(x), widthLengths: [width]).output.tensor
      #expect(y[0, 0, 0, width / 2 - 1].isNaN && y[0, 0, 0, 0] == 1)
    }
  }

  @Test func keepsNaN() {
    let x = Variable(Tensor([1, .nan, 2, 3], shape: [1, 1, 1, 4]))
    let layer = MaxPool2D(window: ImageWindow(kernelSize: Size2D(height: 1, width: 2)))
    let y = layer(x, widthLengths: [4]).output.tensor
    #expect(y[0, 0, 0, 0].isNaN && y[0, 0, 0, 1].isNaN && y[0, 0, 0, 2] == 3)
  }

  @Test func tooMuchPaddingTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), padding: Size2D(2)))
    }
  }

  @Test func sequencesTrap() async {
    await #expect(processExitsWith: .failure) {
      let layer = AveragePool2D(window: ImageWindow(kernelSize: Size2D(2)))
      _ = layer(Variable(Tensor(zeros: [3, 4, 5])), widthLengths: [3])
    }
  }
}
