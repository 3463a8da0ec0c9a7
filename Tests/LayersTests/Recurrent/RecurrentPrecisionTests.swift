import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct RecurrentPrecisionTests {
  static let variants = RecurrentLayerTests.variants

  /// What rounding to 8 significant bits may do to outputs between −1 and 1 after few steps.
  @Test(arguments: variants) func sixteenBitsStayNearThirtyTwo(
    _ variant: (RecurrenceKind, RecurrentDirection, DirectionMerge, Bool)
  ) throws {
    var random = RandomSource(seed: 31)
    var layer = RecurrentLayerTests.layer(variant, random: &random)
    layer.visitParameters { _, parameter in parameter.value.scale(by: 0.5) }
    let x = Tensor.random([7, 4, 4], &random)
    let direction = Tensor.random([7, 4, layer.outputSize], &random)
    func run(_ layer: RecurrentLayer) -> (Tensor, Gradients, Tensor?) {
      let tape = Tape()
      let watched = tape.watch(x)
      let y = layer(watched, frameLengths: [7, 3, 0, 5], on: tape)
      let (gradients, inputs) = tape.gradients(of: y, seed: direction, withRespectTo: [watched])
      return (y.tensor, gradients, inputs[0])
    }
    let (exact, exactGradients, exactInput) = run(layer)
    layer.setPrecision(.bf16)
    let (rounded, gradients, input) = run(layer)
    expectClose(rounded, exact, absolute: 0.03, relative: 0.03)
    #expect(rounded != exact)
    // Beside the kink of a rectifier a unit may fall on the other side of it.
    let tolerance: Float =
      switch variant.0 {
      case .rnn(.relu), .rnn(.clippedReLU): 0.3
      default: 0.03
      }
    #expect(distance(try #require(input), try #require(exactInput)) < tolerance)
    for (path, parameter) in layer.namedParameters {
      let (found, expected) = (
        try #require(gradients[parameter]), try #require(exactGradients[parameter])
      )
      #expect(distance(found, expected) < tolerance, "\(path)")
    }
    // Nothing of the padding leaks.
    for t in 0..<7 { #expect(rounded[t, 2, 0] == 0) }
  }

  @Test(arguments: variants) func wholeNumbersStayNear(
    _ variant: (RecurrenceKind, RecurrentDirection, DirectionMerge, Bool)
  ) {
    var random = RandomSource(seed: 37)
    var layer = RecurrentLayerTests.layer(variant, random: &random)
    layer.visitParameters { _, parameter in parameter.value.scale(by: 0.5) }
    let x = Tensor.random([7, 4, 4], &random)
    let exact = layer(Variable(x), frameLengths: [7, 3, 0, 5]).tensor
    layer.visitParameters { path, parameter in
      if path.hasSuffix("weight") { parameter.quantize() }
    }
    let found = layer(Variable(x), frameLengths: [7, 3, 0, 5]).tensor
    expectClose(found, exact, absolute: 0.03, relative: 0.03)
    #expect(found != exact)
  }

  /// A single row in one direction is one piece, whose input products all threads share.
  @Test(arguments: [Precision.fp32, .bf16, .int8], [RecurrentDirection.backward, .bidirectional])
  func bitsDoNotDependOnThreads(_ precision: Precision, _ direction: RecurrentDirection) {
    var random = RandomSource(seed: 41)
    var layer = RecurrentLayer.lstm(
      inputSize: 6, hiddenSize: 21, direction: direction, random: &random)
    if precision == .int8 {
      layer.visitParameters { path, parameter in
        if path.hasSuffix("weight") { parameter.quantize() }
      }
    } else {
      layer.setPrecision(precision)
    }
    let x = Variable(Tensor.random([30, 5, 6], &random))
    let lengths = [30, 30, 21, 9, 1]
    let together = layer(x, frameLengths: lengths).tensor
    // One row alone takes another path through tiles and threads.
    for (row, length) in lengths.enumerated() {
      let frames = (0..<30).flatMap { t in (0..<6).map { x.tensor[t, row, $0] } }
      let alone = layer(
        Variable(Tensor(frames, shape: [30, 1, 6])), frameLengths: [length]
      ).tensor
      for t in 0..<30 {
        for unit in 0..<layer.outputSize { #expect(alone[t, 0, unit] == together[t, row, unit]) }
      }
    }
    let saved = WorkerPool.threadCount
    defer { WorkerPool.threadCount = saved }
    WorkerPool.threadCount = 1
    #expect(layer(x, frameLengths: lengths).tensor == together)
  }

  private func distance(_ found: Tensor, _ expected: Tensor) -> Float {
    var (difference, total) = (Float(0), Float(0))
    for (a, b) in zip(found.scalars, expected.scalars) {
      difference += (a - b) * (a - b)
      total += b * b
    }
    return total > 0 ? (difference / total).squareRoot() : difference.squareRoot()
  }
}
