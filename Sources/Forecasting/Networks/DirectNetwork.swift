import Autograd
import Layers
import Tensors

/// A recurrent encoder of the context whose last state, with what is known of the future, is mapped
/// to all steps of the horizon at once.
struct DirectNetwork: Module {
  private let sizes: ForecastSizes
  private var groups: GroupEmbedding
  private var encoder: RecurrentStack
  private var output: Linear
  private var futureOutput: Linear?
  private var skip: LinearSkip?

  init(
    _ configuration: ForecastModelConfiguration, _ sizes: ForecastSizes,
    random: inout RandomSource
  ) {
    self.sizes = sizes
    groups = GroupEmbedding(
      size: configuration.groupEmbeddingSize, groupCount: sizes.groupCount, random: &random)
    encoder = RecurrentStack(
      configuration,
      inputSize: sizes.targetCount + sizes.pastCount + sizes.knownCount + groups.size,
      random: &random)
    let outputs = sizes.predictionLength * sizes.targetCount * sizes.width
    output = Linear(inputSize: encoder.outputSize, outputSize: outputs, random: &random)
    if sizes.knownCount > 0 {
      futureOutput = Linear(
        inputSize: sizes.predictionLength * sizes.knownCount, outputSize: outputs, random: &random)
      futureOutput?.weight.value.scale(by: 0.1)
    }
    if configuration.linearSkip {
      skip = LinearSkip(
        contextLength: sizes.contextLength, predictionLength: sizes.predictionLength,
        random: &random)
      output.weight.value.scale(by: 0.1)
    }
  }

  /// `[prediction, batch, target · width]`, normalised by window.
  func callAsFunction(_ batch: ForecastBatch, on tape: Tape?) -> Variable {
    let context = sizes.contextLength
    var inputs = [
      Variable(batch.past), Variable(batch.pastCovariates),
      Variable(batch.known.frames(0..<context)),
    ]
    if let group = groups(batch.groups, time: context, on: tape) { inputs.append(group) }
    let states = encoder(joined(inputs, on: tape), on: tape)
    let last = reshaped(
      lastFrames(states, 1, on: tape), [batch.count, encoder.outputSize], on: tape)
    var y = output(last, on: tape)
    if let futureOutput {
      let future = batch.known.frames(context..<context + sizes.predictionLength).axesSwapped()
      let rows = future.reshaped([batch.count, sizes.predictionLength * sizes.knownCount])
      y = added(y, futureOutput(Variable(rows), on: tape), on: tape)
    }
    let row = sizes.targetCount * sizes.width
    let steps = reshaped(y, [batch.count, sizes.predictionLength, row], on: tape)
    let forecast = axesSwapped(steps, on: tape)
    guard let skip else { return forecast }
    return shifted(
      forecast, by: skip(batch.past, on: tape), width: sizes.width, moved: sizes.moved, on: tape)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("groups", &groups)
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
    visitor.module("future_output", &futureOutput)
    visitor.module("skip", &skip)
  }
}
