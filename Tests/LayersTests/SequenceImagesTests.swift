import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct SequenceImagesTests {
  @Test func handWorkedCase() {
    // Row 0 has the frames (1, 2), (3, 4), (5, 6); row 1 has (7, 8) alone.
    let x = Tensor([1, 2, 7, 8, 3, 4, 0, 0, 5, 6, .nan, 9], shape: [3, 2, 2])
    let image = SequenceToImage()(Variable(x), frameLengths: [3, 1])
    #expect(
      image.tensor == Tensor([1, 3, 5, 2, 4, 6, 7, 0, 0, 8, 0, 0], shape: [2, 1, 2, 3]))
    let twoChannels = Variable(image.tensor.reshaped([2, 2, 1, 3]))
    let back = ImageToSequence()(twoChannels, widthLengths: [3, 1])
    #expect(back.tensor == Tensor([1, 2, 7, 8, 3, 4, 0, 0, 5, 6, 0, 0], shape: [3, 2, 2]))
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 60)
    expectGradients(of: SequenceToImage(), inputs: [.random([5, 2, 3], &random)]) {
      layer, x, tape in layer(x[0], frameLengths: [5, 2], on: tape)
    }
    expectGradients(of: ImageToSequence(), inputs: [.random([2, 2, 3, 4], &random)]) {
      layer, x, tape in layer(x[0], widthLengths: [4, 1], on: tape)
    }
  }

  /// The front end of Deep Speech 2: each utterance of a batch gives what it gives alone.
  @Test func aConvolutionalFrontEndOfARaggedBatchEqualsItems() {
    var random = RandomSource(seed: 61)
    let frontEnd = FrontEnd(random: &random)
    let x = Tensor.random([23, 3, 12], &random)
    expectRaggedEqualsItems(frontEnd, x, lengths: [23, 9, 14], layout: .sequence) {
      frontEnd, x, lengths, tape in frontEnd(x, lengths, tape)
    }
  }

  private struct FrontEnd: Module {
    var first: Convolution2D
    var second: Convolution2D

    init(random: inout RandomSource) {
      first = Convolution2D(
        inputChannels: 1, outputChannels: 4,
        window: ImageWindow(
          kernelSize: Size2D(height: 5, width: 3), stride: Size2D(2), padding: Size2D(1)),
        random: &random)
      second = Convolution2D(
        inputChannels: 4, outputChannels: 3,
        window: ImageWindow(
          kernelSize: Size2D(3), stride: Size2D(height: 2, width: 1), padding: Size2D(1)),
        random: &random)
    }

    func callAsFunction(_ x: Variable, _ lengths: [Int], _ tape: Tape) -> (Variable, [Int]) {
      let image = SequenceToImage()(x, frameLengths: lengths, on: tape)
      let (one, oneLengths) = first(image, widthLengths: lengths, on: tape)
      let (two, twoLengths) = second(
        Activation.clippedReLU(one, on: tape), widthLengths: oneLengths, on: tape)
      return (ImageToSequence()(two, widthLengths: twoLengths, on: tape), twoLengths)
    }

    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.module("first", &first)
      visitor.module("second", &second)
    }
  }

  @Test func imagesAsSequencesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = SequenceToImage()(Variable(Tensor(zeros: [1, 1, 2, 3])), frameLengths: [1])
    }
  }

  @Test func sequencesAsImagesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = ImageToSequence()(Variable(Tensor(zeros: [1, 2, 3])), widthLengths: [1])
    }
  }
}
