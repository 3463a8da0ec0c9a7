import Autograd
import Layers
import ModelFiles
import Recognition
import Tensors
import Testing

/// Networks over blocks of frames give the rows of the whole sequence.
@Suite struct StreamingModelTests {
  private static let inputSize = ModelVariant.inputSize

  static let variants: [ModelVariant] =
    DeepSpeech2Configuration.Cell.allCases.flatMap { cell in
      [false, true].map { isNormalized in
        variant("\(cell.rawValue), \(isNormalized ? "" : "not ")normalised") {
          $0.cell = cell
          $0.batchNorm = isNormalized
        }
      }
    } + [
      variant("tanh") {
        $0.cell = .rnn
        $0.recurrentActivation = .tanh
      },
      variant("peepholes, more layers") {
        $0.peepholes = true
        $0.layerCount = 3
      },
      variant("spliced, every third frame, lookahead") {
        $0.contextSize = 2
        $0.frameStride = 3
        $0.lookahead = 4
      },
      variant("every fourth frame alone") {
        $0.cell = .gru
        $0.frameStride = 4
        $0.lookahead = 1
      },
      variant("convolutions and lookahead") {
        $0.cell = .gru
        $0.lookahead = 3
        $0.convolutions = [
          ConvolutionConfiguration(
            channels: 3, kernel: Size2D(height: 3, width: 5), stride: Size2D(2)),
          ConvolutionConfiguration(
            channels: 2, kernel: Size2D(3), stride: Size2D(height: 2, width: 1)),
        ]
      },
      variant("even kernels, splicing, convolutions and lookahead") {
        $0.contextSize = 1
        $0.frameStride = 2
        $0.lookahead = 2
        $0.convolutions = [
          ConvolutionConfiguration(
            channels: 2, kernel: Size2D(4), stride: Size2D(height: 3, width: 3))
        ]
      },
    ]

  private static func variant(
    _ name: String, _ change: @escaping (inout DeepSpeech2Configuration) -> Void
  ) -> ModelVariant {
    ModelVariant.deepSpeech2(name) {
      $0.direction = .forward
      $0.hiddenSize = 19
      change(&$0)
    }
  }

  private static func random(_ frames: Int, seed: UInt64) -> Tensor {
    var random = RandomSource(seed: seed)
    return Tensor.random([frames, inputSize], &random)
  }

  /// A model whose biases and statistics are not those of a fresh one.
  private func model(_ variant: ModelVariant, _ precision: Precision) throws -> any SequenceModel {
    var model = variant.model()
    var random = RandomSource(seed: 77)
    model.visitParameters { name, parameter in
      guard parameter.shape.rank < 2 || name.hasSuffix("peepholes") else { return }
      let isVariance = name.hasSuffix("runningVariance")
      let values = (0..<parameter.shape.count).map { _ in
        isVariance ? random.uniform(in: 0.3...2) : random.uniform(in: -0.5...0.8)
      }
      parameter.value = Tensor(values, shape: parameter.shape)
    }
    guard precision == .int8 else {
      model.setPrecision(precision)
      return model
    }
    var file = ModelFile(kind: "deepSpeech2")
    file.store(model)
    try file.quantize()
    try file.load(into: &model)
    return model
  }

  private func whole(_ model: any SequenceModel, _ features: Tensor) -> [Float] {
    let frames = features.shape[0]
    let (logits, lengths) = model(
      Variable(features.reshaped([frames, 1, Self.inputSize])), frameLengths: [frames], on: nil)
    return logits.tensor.unpadded(lengths: lengths)[0].scalars
  }

  private func streamed(
    _ model: any StreamingModel, _ features: Tensor, cuts: [Int]
  ) -> [Float] {
    var stream = model.begin()
    var rows: [Float] = []
    var start = 0
    for count in cuts + [features.shape[0] - cuts.reduce(0, +)] {
      let size = Self.inputSize
      let block = Tensor(
        features.scalars[start * size..<(start + count) * size], shape: [count, size])
      rows += stream.advance(by: block).scalars
      start += count
    }
    return rows + stream.finish().scalars
  }

  private func cuts(_ frames: Int, _ random: inout RandomSource) -> [Int] {
    var cuts: [Int] = []
    var rest = frames
    while rest > 0 {
      let count = min(rest, random.integer(in: 0...(random.uniform() < 0.3 ? 40 : 3)))
      cuts.append(count)
      rest -= count
    }
    return cuts
  }

  @Test(arguments: variants, [Precision.fp32, .bf16, .int8])
  func blocksGiveTheRowsOfTheWhole(variant: ModelVariant, precision: Precision) throws {
    let model = try model(variant, precision)
    let streaming = try #require(model as? any StreamingModel)
    #expect(streaming.streamingObstacle == nil)
    var random = RandomSource(seed: 41)
    for frames in [1, 2, 5, 9, 61, 150] {
      let features = Self.random(frames, seed: UInt64(frames))
      let expected = whole(model, features)
      #expect(expected.contains { abs($0) > 0.01 })
      #expect(expected.count == model.outputLength(frames) * model.labelCount)
      let ways =
        [[], [Int](repeating: 1, count: frames)] + (0..<4).map { _ in cuts(frames, &random) }
      for cuts in ways {
        let found = streamed(streaming, features, cuts: cuts)
        #expect(found == expected, "\(frames) frames cut as \(cuts)")
      }
    }
  }

  @Test(arguments: variants)
  func rowsAreThereAsSoonAsTheFramesAheadAre(variant: ModelVariant) throws {
    let model = try #require(variant.model() as? any StreamingModel)
    var stream = model.begin()
    var rows = 0
    for frames in 1...90 {
      rows += stream.advance(by: Self.random(1, seed: UInt64(frames))).shape[0]
      let reach = frames - 1 - model.framesAhead
      let expected = reach < 0 ? 0 : reach / model.frameStride + 1
      #expect(rows == expected, "after \(frames) frames")
    }
  }

  @Test(arguments: variants)
  func theStateDoesNotGrow(variant: ModelVariant) throws {
    let model = try #require(variant.model() as? any StreamingModel)
    var stream = model.begin()
    var sizes: [Int] = []
    for block in 0..<120 {
      _ = stream.advance(by: Self.random(12, seed: UInt64(block)))
      sizes.append(stream.stateSize)
    }
    #expect(Set(sizes.dropFirst(20)).count == 1, "\(sizes)")
    #expect(sizes[119] > 0)
  }

  @Test func aStreamIsAValue() throws {
    let model = try #require(Self.variants[3].model() as? any StreamingModel)
    let (head, tail) = (Self.random(30, seed: 1), Self.random(20, seed: 2))
    var first = model.begin()
    _ = first.advance(by: head)
    var second = first
    let other = Self.random(25, seed: 3)
    _ = second.advance(by: other)
    let expected = whole(model, Tensor(head.scalars + tail.scalars, shape: [50, Self.inputSize]))
    let found = first.advance(by: tail).scalars
    #expect(found == Array(expected.suffix(found.count)), "the copy went its own way")
  }

  @Test func noFramesGiveNoRows() throws {
    for variant in Self.variants {
      let model = try #require(variant.model() as? any StreamingModel)
      var stream = model.begin()
      #expect(
        stream.advance(by: Tensor(zeros: [0, Self.inputSize])).shape == [0, model.labelCount])
      #expect(stream.finish().shape == [0, model.labelCount])
    }
  }

  @Test(arguments: [RecurrentDirection.backward, .bidirectional])
  func layersThatReadBackwardAreAnObstacle(direction: RecurrentDirection) throws {
    let variant = ModelVariant.deepSpeech2("backward") { $0.direction = direction }
    let model = try #require(variant.model() as? any StreamingModel)
    #expect(model.streamingObstacle == .readsBackward)
  }
}
