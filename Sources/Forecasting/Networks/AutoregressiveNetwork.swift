import Autograd
import Layers
import Tensors

/// A recurrent net that says the next value from the one before and is fed with what it says
/// (Graves 2013; with a normal distribution of which paths are drawn, Salinas et al. 2020).
struct AutoregressiveNetwork: Module {
  private let sizes: ForecastSizes
  private var groups: GroupEmbedding
  private var layers: RecurrentStack
  private var output: Linear
  private var skip: LinearSkip?

  init(
    _ configuration: ForecastModelConfiguration, _ sizes: ForecastSizes,
    random: inout RandomSource
  ) {
    self.sizes = sizes
    groups = GroupEmbedding(
      size: configuration.groupEmbeddingSize, groupCount: sizes.groupCount, random: &random)
    layers = RecurrentStack(
      configuration, inputSize: sizes.targetCount + sizes.knownCount + groups.size,
      random: &random)
    output = Linear(
      inputSize: layers.outputSize, outputSize: sizes.targetCount * sizes.width, random: &random)
    if configuration.linearSkip {
      skip = LinearSkip(
        contextLength: sizes.contextLength, predictionLength: sizes.predictionLength,
        random: &random)
      output.weight.value.scale(by: 0.1)
    }
  }

  /// With the true values of the steps before: `[prediction, batch, target · width]`, normalised by
  /// window.
  func callAsFunction(_ batch: ForecastBatch, future: Tensor, on tape: Tape?) -> Variable {
    let (context, horizon) = (sizes.contextLength, sizes.predictionLength)
    let values = batch.past.appending(frames: future.frames(0..<horizon - 1))
    let time = values.shape[0]
    let x = input(Variable(values), batch, known: 1..<context + horizon, time: time, on: tape)
    let states = lastFrames(layers(x, on: tape), horizon, on: tape)
    let y = output(states, on: tape)
    guard let skip else { return y }
    return shifted(
      y, by: skip(batch.past, on: tape), width: sizes.width, moved: sizes.moved, on: tape)
  }

  /// Goes on from the context step by step.
  ///
  /// - Parameters:
  ///   - copies: How many paths go out of each window; they lie beside each other.
  ///   - choose: Makes a step's values `[1, rows, target]` of what the network says about them,
  ///     `[1, rows, target · width]`.
  /// - Returns: The values, `[prediction, batch · copies, target]`, and what was said about them.
  func forecast(
    _ batch: ForecastBatch, copies: Int, choose: (Tensor) -> Tensor
  ) -> (values: Tensor, outputs: Tensor) {
    let context = sizes.contextLength
    var state = layers.initialState
    let rows = (0..<batch.count).flatMap { [Int](repeating: $0, count: copies) }
    let read = input(Variable(batch.past), batch, known: 1..<context + 1, time: context, on: nil)
    var said = output(
      Variable(layers.advance(read.tensor, state: &state).frames(context - 1..<context))
    )
    .tensor.rowsRepeated(rows)
    state = state.map { $0.rows(rows, of: batch.count) }
    let base = skip?(batch.past, on: nil).tensor
    var (values, outputs): ([Tensor], [Tensor]) = ([], [])
    for step in 0..<sizes.predictionLength {
      if let base {
        said =
          shifted(
            Variable(said), by: Variable(base.frames(step..<step + 1).rowsRepeated(rows)),
            width: sizes.width, moved: sizes.moved, on: nil
          ).tensor
      }
      let value = choose(said)
      values.append(value)
      outputs.append(said)
      guard step + 1 < sizes.predictionLength else { break }
      let known = batch.known.frames(context + step + 1..<context + step + 2).rowsRepeated(rows)
      var parts = [Variable(value), Variable(known)]
      if let group = groups(rows.map { batch.groups[$0] }, time: 1, on: nil) { parts.append(group) }
      said = output(Variable(layers.advance(joined(parts, on: nil).tensor, state: &state))).tensor
    }
    return (Tensor.frames(values), Tensor.frames(outputs))
  }

  private func input(
    _ values: Variable, _ batch: ForecastBatch, known: Range<Int>, time: Int, on tape: Tape?
  ) -> Variable {
    var parts = [values, Variable(batch.known.frames(known))]
    if let group = groups(batch.groups, time: time, on: tape) { parts.append(group) }
    return joined(parts, on: tape)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("groups", &groups)
    visitor.module("layers", &layers)
    visitor.module("output", &output)
    visitor.module("skip", &skip)
  }
}

extension Tensor {
  /// Some frames after these.
  func appending(frames other: Tensor) -> Tensor { Tensor.frames([self, other]) }

  /// Frames one after the other.
  static func frames(_ parts: [Tensor]) -> Tensor {
    let time = parts.reduce(0) { $0 + $1.shape[0] }
    return Tensor(unsafeUninitialized: Shape([time] + parts[0].shape.extents.dropFirst())) { out in
      var place = 0
      for part in parts where part.count > 0 {
        part.withUnsafeBufferPointer {
          (out.baseAddress! + place).update(from: $0.baseAddress!, count: part.count)
        }
        place += part.count
      }
    }
  }

  /// The listed rows of `[1, row, ..]`.
  func rowsRepeated(_ rows: [Int]) -> Tensor {
    let size = shape.extents.dropFirst(2).reduce(1, *)
    guard size > 0 else { return Tensor(zeros: [1, rows.count, 0]) }
    return reshaped([shape[1], size]).rowsGathered(rows)
      .reshaped(Shape([1, rows.count] + shape.extents.dropFirst(2)))
  }
}
