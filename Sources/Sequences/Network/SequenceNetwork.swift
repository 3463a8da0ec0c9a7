import Autograd
import Layers
import Tensors

/// Embedding, recurrent layers, pooling where there is one, and an output layer.
public struct SequenceNetwork: Module {
  /// The vectors of tokens; rows of numbers have none.
  public var embedding: Embedding?
  /// The recurrent layers.
  public var recurrent: RecurrentStack
  /// What makes one vector of the steps; nil where each step has a label.
  public var pooling: SequencePooling?
  /// From features to logits.
  public var output: Linear

  /// A network with freshly drawn weights.
  ///
  /// - Parameter pools: Whether a sequence has one label instead of one for each step.
  public init(
    _ configuration: SequenceModelConfiguration, encoder: SequenceEncoder, labelCount: Int,
    pools: Bool, random: inout RandomSource
  ) {
    var inputSize = configuration.embeddingSize
    switch encoder {
    case .tokens(let vocabulary):
      embedding = Embedding(
        count: vocabulary.labelCount, size: inputSize, padding: Vocabulary.padding,
        random: &random)
    case .numbers(let scales): inputSize = scales.count
    }
    recurrent = RecurrentStack(configuration.recurrent, inputSize: inputSize, random: &random)
    if pools {
      pooling = SequencePooling(
        configuration.pooling, featureSize: recurrent.outputSize,
        direction: configuration.recurrent.direction, attentionSize: configuration.attentionSize,
        random: &random)
    }
    output = Linear(
      inputSize: recurrent.outputSize, outputSize: labelCount, random: &random)
  }

  /// The logits of sequences, `[batch, label]`, or of their steps, `[time, batch, label]`; and how
  /// much each step counted, where that was learned.
  public func callAsFunction(
    _ batch: SequenceBatch, on tape: Tape? = nil
  ) -> (logits: Variable, weights: [[Float]]?) {
    let x =
      switch batch.input {
      case .labels(let labels): embedded(labels, on: tape)
      case .frames(let frames): Variable(frames)
      }
    let states = recurrent(x, frameLengths: batch.frameLengths, on: tape)
    guard let pooling else { return (output(states, on: tape), nil) }
    let (pooled, weights) = pooling.weighted(states, frameLengths: batch.frameLengths, on: tape)
    return (output(pooled, on: tape), weights)
  }

  private func embedded(_ labels: LabelBatch, on tape: Tape?) -> Variable {
    guard let embedding else {
      preconditionFailure("SequenceNetwork: got tokens, expected rows of numbers")
    }
    return embedding(labels, on: tape)
  }

  /// Shows the parts that are present.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("recurrent", &recurrent)
    visitor.module("pooling", &pooling)
    visitor.module("output", &output)
  }
}
