import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// Every output and gradient has the same bits for one thread and for all. (The count is set for
/// the whole process; other tests may run meanwhile, as nothing may depend on it.)
@Suite(.serialized) struct ThreadIndependenceTests {
  static let lengths = [150, 1, 90]

  @Test func ofSequenceLayers() {
    var random = RandomSource(seed: 70)
    let x = Tensor.random([150, 3, 203], &random)
    let lengths = Self.lengths
    let lookahead = LookaheadConvolution(featureSize: 203, contextSize: 6, random: &random)
    expectSameBits(SequenceBatchNorm(featureSize: 203), x) { $0($1, frameLengths: lengths, on: $2) }
    expectSameBits(LayerNorm(featureSize: 203), x) { $0($1, on: $2) }
    expectSameBits(lookahead, x) { $0($1, frameLengths: lengths, on: $2) }
    expectSameBits(FrameSplicing(contextSize: 2, stride: 2), x) {
      $0($1, frameLengths: lengths, on: $2).output
    }
    expectSameBits(Dropout(probability: 0.3), x) { $0($1, on: $2) }
    expectSameBits(ActivationLayer(.tanh), x) { $0($1, on: $2) }
  }

  @Test func ofImageLayers() {
    var random = RandomSource(seed: 71)
    let x = Tensor.random([3, 5, 20, 150], &random)
    let lengths = Self.lengths
    let window = ImageWindow(kernelSize: Size2D(3), stride: Size2D(2), padding: Size2D(1))
    let convolution = Convolution2D(
      inputChannels: 5, outputChannels: 35, window: window, random: &random)
    expectSameBits(convolution, x) { $0($1, widthLengths: lengths, on: $2).output }
    let halving = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)))
    expectSameBits(halving, x) { $0($1, widthLengths: lengths, on: $2).output }
    expectSameBits(convolution, x) {
      $0($1, widthLengths: lengths, pooling: halving, on: $2).output
    }
    expectSameBits(BatchNorm2D(channelCount: 5), x) {
      $0($1, widthLengths: lengths, activation: .leakyReLU, on: $2)
    }
    expectSameBits(MaxPool2D(window: window), x) { $0($1, widthLengths: lengths, on: $2).output }
    expectSameBits(AveragePool2D(window: window), x) {
      $0($1, widthLengths: lengths, on: $2).output
    }
  }

  /// Images that are cut into several blocks of rows, with more blocks than partial sums.
  @Test func ofLargeConvolutions() {
    var random = RandomSource(seed: 73)
    let x = Tensor.random([5, 40, 21, 150], &random)
    let window = ImageWindow(kernelSize: Size2D(3), padding: Size2D(1))
    let convolution = Convolution2D(
      inputChannels: 40, outputChannels: 20, window: window, random: &random)
    let pooling = MaxPool2D(window: ImageWindow(kernelSize: Size2D(2), stride: Size2D(2)))
    for pooling in [nil, pooling] {
      expectSameBits(convolution, x) {
        $0($1, widthLengths: [150, 149, 90, 0, 1], pooling: pooling, on: $2).output
      }
    }
  }

  private func expectSameBits<M: Module>(
    _ layer: M, _ x: Tensor, _ forward: (M, Variable, Tape) -> Variable,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    func run() -> [Tensor?] {
      let tape = Tape(random: RandomSource(seed: 72))
      let input = tape.watch(x)
      let y = forward(layer, input, tape)
      let result = tape.gradients(of: y, seed: y.tensor, withRespectTo: [input])
      return [y.tensor, result.variables[0]]
        + layer.namedParameters.map { result.parameters[$0.parameter] }
    }
    let before = WorkerPool.threadCount
    WorkerPool.threadCount = WorkerPool.coreCount
    let many = run()
    WorkerPool.threadCount = 1
    let one = run()
    WorkerPool.threadCount = before
    #expect(one == many, "\(M.self)", sourceLocation: sourceLocation)
  }
}
