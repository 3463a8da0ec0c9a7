import Autograd
import Layers
import Tensors

/// A recurrent encoder of the context, and a decoder that looks back at all its states for each step of
/// the horizon (Bahdanau et al. 2015; Luong et al. 2015), told the value before it or, without
/// feedback, the last value of the context.
struct AttentionNetwork: Module {
  private let sizes: ForecastSizes
  /// Whether what it says is fed back to it.
  let feedsBack: Bool
  private var groups: GroupEmbedding
  private var encoder: RecurrentStack
  private var decoder: AttentiveDecoder
  private var output: Linear
  private var skip: LinearSkip?

  init(
    _ configuration: ForecastModelConfiguration, _ sizes: ForecastSizes,
    random: inout RandomSource
  ) {
    self.sizes = sizes
    feedsBack = configuration.feedback
    groups = GroupEmbedding(
      size: configuration.groupEmbeddingSize, groupCount: sizes.groupCount, random: &random)
    let shared = sizes.targetCount + sizes.knownCount + groups.size
    encoder = RecurrentStack(
      configuration, inputSize: shared + sizes.pastCount, random: &random)
    var shape = AttentiveDecoderConfiguration()
    shape.cell = configuration.cell == .gru ? .gru : .lstm
    shape.hiddenSize = configuration.hiddenSize
    shape.outputSize = configuration.hiddenSize
    shape.layerCount = configuration.layerCount
    shape.attention = configuration.attention
    shape.bridge = .last
    decoder = AttentiveDecoder(
      shape, inputSize: shared, memorySize: encoder.outputSize, random: &random)
    output = Linear(
      inputSize: shape.outputSize, outputSize: sizes.targetCount * sizes.width, random: &random)
    if configuration.linearSkip {
      skip = LinearSkip(
        contextLength: sizes.contextLength, predictionLength: sizes.predictionLength,
        random: &random)
      output.weight.value.scale(by: 0.1)
    }
  }

  /// `[prediction, batch, target · width]`, normalised by window.
  ///
  /// - Parameter future: The true values, with feedback; they are not read without it.
  func callAsFunction(_ batch: ForecastBatch, future: Tensor?, on tape: Tape?) -> Variable {
    let (context, horizon) = (sizes.contextLength, sizes.predictionLength)
    let last = batch.past.frames(context - 1..<context)
    let before: Tensor
    if feedsBack, let future {
      before = last.appending(frames: future.frames(0..<horizon - 1))
    } else {
      before = Tensor.frames([Tensor](repeating: last, count: horizon))
    }
    let known = batch.known.frames(context..<context + horizon)
    let states = decoder(
      joined(parts(before, known, batch.groups, on: tape), on: tape),
      memory: memory(batch, on: tape),
      memoryLengths: [Int](repeating: context, count: batch.count),
      lengths: [Int](repeating: horizon, count: batch.count), on: tape
    ).states
    let y = output(states, on: tape)
    guard let skip else { return y }
    return shifted(
      y, by: skip(batch.past, on: tape), width: sizes.width, moved: sizes.moved, on: tape)
  }

  /// Goes on from the context step by step; see ``AutoregressiveNetwork``.
  func forecast(
    _ batch: ForecastBatch, copies: Int, choose: (Tensor) -> Tensor
  ) -> (values: Tensor, outputs: Tensor) {
    let context = sizes.contextLength
    let rows = (0..<batch.count).flatMap { [Int](repeating: $0, count: copies) }
    var state = decoder.start(
      memory: memory(batch, on: nil).tensor,
      memoryLengths: [Int](repeating: context, count: batch.count)
    ).select(rows: rows)
    let groups = rows.map { batch.groups[$0] }
    let base = skip?(batch.past, on: nil).tensor
    var value = batch.past.frames(context - 1..<context).rowsRepeated(rows)
    var (values, outputs): ([Tensor], [Tensor]) = ([], [])
    for step in 0..<sizes.predictionLength {
      let known = batch.known.frames(context + step..<context + step + 1).rowsRepeated(rows)
      let input = joined(parts(value, known, groups, on: nil), on: nil).tensor
      let states = decoder.step(input.reshaped([rows.count, input.shape[2]]), &state).states
      var said = output(Variable(states.reshaped([1, rows.count, states.shape[1]])))
      if let base {
        said = shifted(
          said, by: Variable(base.frames(step..<step + 1).rowsRepeated(rows)),
          width: sizes.width, moved: sizes.moved, on: nil)
      }
      value = choose(said.tensor)
      values.append(value)
      outputs.append(said.tensor)
    }
    return (Tensor.frames(values), Tensor.frames(outputs))
  }

  /// The states of the encoder, `[context, batch, hidden]`.
  private func memory(_ batch: ForecastBatch, on tape: Tape?) -> Variable {
    let known = batch.known.frames(0..<sizes.contextLength)
    let inputs = parts(batch.past, known, batch.groups, on: tape)
    return encoder(joined(inputs + [Variable(batch.pastCovariates)], on: tape), on: tape)
  }

  private func parts(
    _ values: Tensor, _ known: Tensor, _ groups: [Int], on tape: Tape?
  ) -> [Variable] {
    let group = self.groups(groups, time: values.shape[0], on: tape)
    return [Variable(values), Variable(known)] + (group.map { [$0] } ?? [])
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("groups", &groups)
    visitor.module("encoder", &encoder)
    visitor.module("decoder", &decoder)
    visitor.module("output", &output)
    visitor.module("skip", &skip)
  }
}
