import Autograd
import Tensors

/// A recurrent decoder that reads a memory by attention (Bahdanau et al. 2015), with the attentional
/// state of each step fed into the next one (Luong et al. 2015).
///
/// For step t: the input, with a_{t−1} beside it, runs through the recurrent layers to h_t; h_t is
/// scored against the memory; the softmax over the positions that are no padding weighs them into
/// the context c_t; and a_t = tanh(W [c_t; h_t] + b) goes out.
///
/// The whole is one node of the tape: the products with the inputs are made for all steps at once,
/// then slices of the batch run through all steps, each on one thread. Steps beyond a row's length
/// yield zeros and receive no gradient.
public struct AttentiveDecoder: Module {
  /// Its shape.
  public let configuration: AttentiveDecoderConfiguration
  /// The recurrent layers, the lowest first.
  public var layers: [RecurrentWeights]
  /// From a_{t−1} to the gates of the lowest layer, `[gateCount · hiddenSize, outputSize]`.
  public var feedingWeight: Parameter?
  /// The parameters of the scores.
  public var attention: AttentionWeights
  /// W and b, from `[c; h]` to a.
  public var output: Linear
  /// What the layers start from; nil for zero.
  public var bridge: DecoderBridge?

  /// A decoder with freshly drawn weights; see ``RecurrentWeights``.
  ///
  /// - Parameters:
  ///   - inputSize: Of the inputs of a step, such as an embedded label.
  ///   - memorySize: Of a position of the memory.
  public init(
    _ configuration: AttentiveDecoderConfiguration, inputSize: Int, memorySize: Int,
    random: inout RandomSource
  ) {
    self.configuration = configuration
    let (kind, hidden) = (configuration.cell.kind, configuration.hiddenSize)
    layers = (0..<configuration.layerCount).map { index in
      RecurrentWeights(
        kind, inputSize: index == 0 ? inputSize : hidden, hiddenSize: hidden, peepholes: false,
        forgetBias: 1, normalized: false, random: &random)
    }
    if configuration.inputFeeding {
      feedingWeight = Parameter(
        .uniform(
          [kind.gateCount * hidden, configuration.outputSize], fanIn: hidden, random: &random))
    }
    attention = AttentionWeights(
      configuration.attention, querySize: hidden, memorySize: memorySize, random: &random)
    output = Linear(
      inputSize: attention.contextSize + hidden, outputSize: configuration.outputSize,
      random: &random)
    bridge = DecoderBridge(configuration, memorySize: memorySize, random: &random)
  }

  /// The size of the inputs of a step.
  public var inputSize: Int { layers[0].inputWeight.shape[1] }
  /// The size of a position of the memory.
  public var memorySize: Int { attention.memorySize }
  /// The size of the attentional states.
  public var outputSize: Int { configuration.outputSize }

  /// Maps inputs `[time, batch, inputSize]` to attentional states `[time, batch, outputSize]`.
  ///
  /// - Parameters:
  ///   - memory: `[source, batch, memorySize]`.
  ///   - memoryLengths: The positions of each memory that are no padding.
  ///   - lengths: The steps of each row.
  ///   - returningWeights: Whether the weights are wanted too, `[time, batch, source]`; of several
  ///     heads their mean.
  public func callAsFunction(
    _ inputs: Variable, memory: Variable, memoryLengths: [Int], lengths: [Int],
    returningWeights: Bool = false, on tape: Tape? = nil
  ) -> (states: Variable, weights: Tensor?) {
    check(inputs.shape, memory: memory.shape)
    let positions = memory.tensor.exchangingOuterAxes(lengths: memoryLengths)
    let start = bridge?(memory, lengths: memoryLengths, on: tape)
    let pass = AttentivePass(
      step, inputs: products(inputs.tensor),
      memory: attention.memory(positions, lengths: memoryLengths), lengths: lengths,
      start: passStart(start?.tensor), keepsActivations: tape != nil)
    let weights = returningWeights ? pass.weights.meanOverHeads(attention.headCount) : nil
    guard let tape else { return (Variable(pass.output), weights) }
    dropPacked()
    let saved = Saved(pass)
    let sources = [inputs, memory] + (start.map { [$0] } ?? [])
    let states = tape.record(pass.output, from: sources) { [self] gradient, gradients in
      defer { dropPacked() }
      return pullback(
        saved.take(), gradient, inputs: inputs, positions: positions, to: &gradients)
    }
    return (states, weights)
  }

  private func check(_ inputs: Shape, memory: Shape) {
    precondition(
      inputs.rank == 3 && inputs[2] == inputSize,
      "AttentiveDecoder: got inputs \(inputs), expected [time, batch, \(inputSize)]")
    precondition(
      memory.rank == 3 && memory[1] == inputs[1] && memory[2] == memorySize,
      "AttentiveDecoder: got a memory \(memory), expected [source, \(inputs[1]), \(memorySize)]")
  }

  /// The products of inputs with the weight of the lowest layer.
  func products(_ inputs: Tensor) -> Tensor {
    inputs.multiplied(by: layers[0].inputWeight.packedTransposed, bias: layers[0].bias?.value)
  }

  /// What a pass multiplies with.
  var step: AttentiveStep {
    AttentiveStep(
      configuration.cell.kind, hiddenSize: configuration.hiddenSize,
      layers: layers.enumerated().map { index, weights in
        AttentiveStep.Layer(
          input: index == 0
            ? nil
            : PackedAffine(weights.inputWeight.packedTransposed, bias: weights.bias?.value),
          recurrent: weights.recurrentWeight.packedTransposed,
          candidateBias: weights.candidateBias?.value)
      }, feeding: feedingWeight?.packedTransposed, query: attention.query,
      output: PackedAffine(output.weight.packedTransposed, bias: output.bias.value),
      scores: attention.scores)
  }

  /// The start that a bridge gives, `[batch, states · layerCount · hiddenSize]`.
  func passStart(_ states: Tensor?) -> AttentivePass.Start {
    guard let states else { return .zero }
    let width = configuration.layerCount * configuration.hiddenSize
    return .states(
      states.columns(0..<width),
      cells: configuration.cell == .lstm ? states.columns(width..<2 * width) : nil)
  }

  /// The packed forms serve one way of a training step each.
  func dropPacked() {
    for weights in layers {
      weights.inputWeight.dropPacked()
      weights.recurrentWeight.dropPacked()
    }
    feedingWeight?.dropPacked()
    output.weight.dropPacked()
    attention.dropPacked()
  }

  /// Shows all parts.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("layers", &layers)
    visitor.parameter("feeding_weight", &feedingWeight)
    visitor.module("attention", &attention)
    visitor.module("output", &output)
    visitor.module("bridge", &bridge)
  }
}

extension Tensor {
  /// `[time, batch, heads · source]` to `[time, batch, source]`.
  func meanOverHeads(_ heads: Int) -> Tensor {
    guard heads > 1 else { return self }
    let (rows, source) = (shape.rowCount, shape.rowSize / heads)
    return Tensor(unsafeUninitialized: [shape[0], shape[1], source]) { out in
      withUnsafeBufferPointer { x in
        for row in 0..<rows {
          for s in 0..<source {
            var sum: Float = 0
            for head in 0..<heads { sum += x[(row * heads + head) * source + s] }
            out[row * source + s] = sum / Float(heads)
          }
        }
      }
    }
  }
}
