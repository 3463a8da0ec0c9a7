import Autograd
import Layers
import Recognition
import Tensors
import TestSupport
import Testing

@Suite struct SequenceModelTests {
  private let inputSize = ModelVariant.inputSize

  /// The loss as training sees it, through every layer, of a ragged batch.
  @Test(arguments: ModelVariant.all)
  func gradientsReachEveryParameter(variant: ModelVariant) {
    let lengths = [17, 12, 9]
    let targets = [[1, 2], [3], [4]]
    var random = RandomSource(seed: 21)
    let x = Tensor.random([17, 3, inputSize], &random)
    func check(_ model: some SequenceModel) {
      // The loss is of order 10, its rounding 1e-6: a step of 5e-3 leaves 2e-4 of a quotient of
      // order one.
      expectGradients(
        of: model.awayFromCorners, inputs: [x], step: 5e-3, tolerance: 3e-2, samples: 12
      ) {
        model, inputs, tape in
        let (logits, outputLengths) = model(inputs[0], frameLengths: lengths, on: tape)
        return ctcLoss(
          logits: logits, frameLengths: outputLengths, targets: targets, on: tape
        ).loss
      }
    }
    check(variant.model())
  }

  @Test(arguments: ModelVariant.all)
  func aRaggedBatchEqualsItsItems(variant: ModelVariant) {
    let model = variant.model()
    let lengths = [23, 1, 14, 0, 8]
    var random = RandomSource(seed: 22)
    let items = lengths.map { Tensor.random([$0, inputSize], &random) }
    // What lies beyond an item's end is not read, whatever it is.
    let batch = Tensor(
      unsafeUninitialized: [23, lengths.count, inputSize]
    ) { out in
      out.update(repeating: .nan)
      for (row, item) in items.enumerated() {
        for (index, value) in item.scalars.enumerated() {
          let (frame, feature) = (index / inputSize, index % inputSize)
          out[(frame * lengths.count + row) * inputSize + feature] = value
        }
      }
    }
    let (logits, outputLengths) = model(Variable(batch), frameLengths: lengths, on: nil)
    let rows = logits.tensor.unpadded(lengths: outputLengths)
    for (row, item) in items.enumerated() where lengths[row] > 0 {
      let (alone, length) = model(
        Variable(item.reshaped([lengths[row], 1, inputSize])), frameLengths: [lengths[row]],
        on: nil)
      #expect(length == [outputLengths[row]])
      expectClose(
        rows[row].scalars, alone.tensor.unpadded(lengths: length)[0].scalars, absolute: 1e-5,
        "item \(row)")
    }
  }

  @Test(arguments: ModelVariant.all)
  func outputLengthIsWhatComesOut(variant: ModelVariant) {
    let model = variant.model()
    for length in 0...40 {
      let x = Tensor(repeating: 0.5, [max(1, length), 1, inputSize])
      let (logits, lengths) = model(Variable(x), frameLengths: [length], on: nil)
      #expect(lengths == [model.outputLength(length)], "\(length) frames")
      #expect(logits.shape[0] >= lengths[0] && logits.shape[2] == ModelVariant.labelCount)
      // The stride is what time stamps are made with: it must not drift.
      let ideal = Double(length) / Double(model.frameStride)
      // Each stage rounds by less than a frame: splicing, and a convolution with an even kernel.
      #expect(abs(Double(lengths[0]) - ideal) < 2, "\(length) frames give \(lengths[0])")
    }
  }

  @Test func longRecordingsDoNotDrift() {
    for variant in ModelVariant.all {
      let model = variant.model()
      let frames = 100_000
      let drift = model.outputLength(frames) * model.frameStride - frames
      #expect(abs(drift) <= model.frameStride, "\(variant.testDescription): \(drift) frames")
    }
  }

  @Test func theSameSeedDrawsTheSameWeights() {
    for variant in ModelVariant.all {
      func values(_ seed: UInt64) -> [Tensor] {
        variant.model(seed: seed).namedParameters.map(\.parameter.value)
      }
      #expect(values(1) == values(1), "\(variant.testDescription)")
      #expect(values(1) != values(2), "\(variant.testDescription)")
    }
  }

  @Test(arguments: ModelConfiguration.Kind.allCases)
  func dropoutWorksInTrainingOnly(kind: ModelConfiguration.Kind) throws {
    let configuration: ModelConfiguration
    switch kind {
    case .deepSpeech:
      var sizes = DeepSpeechConfiguration()
      (sizes.hiddenSize, sizes.dropout) = (16, 0.5)
      configuration = .deepSpeech(sizes)
    case .deepSpeech2:
      var sizes = DeepSpeech2Configuration()
      (sizes.hiddenSize, sizes.dropout, sizes.convolutions) = (16, 0.5, [])
      sizes.batchNorm = false
      configuration = .deepSpeech2(sizes)
    case .convolutionalRecurrent:
      var sizes = ConvolutionalRecurrentConfiguration()
      (sizes.hiddenSize, sizes.dropout, sizes.convolutions) = (16, 0.5, [])
      configuration = .convolutionalRecurrent(sizes)
    }
    var random = RandomSource(seed: 8)
    let model = configuration.makeModel(inputSize: 6, labelCount: 5, random: &random)
    let x = Variable(Tensor.random([9, 2, 6], &random))
    func logits(_ seed: UInt64?) -> Tensor {
      model(x, frameLengths: [9, 7], on: seed.map { Tape(random: RandomSource(seed: $0)) })
        .logits.tensor
    }
    #expect(logits(nil) == logits(nil))
    #expect(logits(1) == logits(1))
    #expect(logits(1) != logits(2))
    #expect(logits(1) != logits(nil))
  }
}

extension SequenceModel {
  /// The same network with rectified units held well above or below zero, where they have no corner.
  fileprivate var awayFromCorners: Self {
    var model = self
    let units = { (path: String) in
      ["dense", "last", "front_end", "stages"].contains { path.hasPrefix($0) }
        || (self is DeepSpeech && path.hasPrefix("recurrent"))
    }
    model.visitParameters { path, parameter in
      guard units(path), parameter.isTrainable else { return }
      if path.hasSuffix("bias") {
        parameter.value = Tensor(
          (0..<parameter.value.count).map { $0 % 3 == 1 ? -4 : 4 }, shape: parameter.shape)
      } else if !path.contains("convolution") {  // whose scale normalisation takes away again
        parameter.value.scale(by: 0.3)
      }
    }
    return model
  }
}
