import Autograd
import Layers
import Tensors

/// From tokens to the logits of the tokens that follow: embedding, recurrent layers that read forward,
/// and an output that may share the embedding's weight.
public struct LanguageNetwork: Module {
  /// The vectors of tokens.
  public var embedding: Embedding
  /// The recurrent layers.
  public var recurrent: RecurrentStack
  /// From the layers' features to those of the vectors, where the output is tied and they differ.
  public var projection: Linear?
  /// The output layer where it is not tied.
  public var output: Linear?
  /// What is added to the logits where the output is tied, `[label]`.
  public var bias: Parameter?

  /// A network with freshly drawn weights.
  public init(
    _ configuration: LanguageModelConfiguration, labelCount: Int, random: inout RandomSource
  ) {
    let size = configuration.embeddingSize
    embedding = Embedding(
      count: labelCount, size: size, padding: Vocabulary.padding, random: &random)
    recurrent = RecurrentStack(configuration.recurrent, inputSize: size, random: &random)
    let features = recurrent.outputSize
    if configuration.tied {
      if features != size {
        projection = Linear(inputSize: features, outputSize: size, random: &random)
      }
      bias = Parameter(Tensor(zeros: [labelCount]))
    } else {
      output = Linear(inputSize: features, outputSize: labelCount, random: &random)
    }
  }

  /// The logits of the next tokens, `[time, batch, label]`.
  ///
  /// - Parameters:
  ///   - labels: Of `[time, batch]`, one time step after another.
  ///   - states: What the tokens before left behind; moved on behind these.
  public func callAsFunction(
    _ labels: [Int], batch: Int, states: inout [RecurrentState], on tape: Tape? = nil
  ) -> Variable {
    let x = embedding(labels, shape: [labels.count / max(1, batch), batch], on: tape)
    let features = recurrent.advance(x, states: &states, on: tape)
    if let output { return output(features, on: tape) }
    return embedding.logits(
      projection?(features, on: tape) ?? features, bias: bias, on: tape)
  }

  /// Shows the parts that are present.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("recurrent", &recurrent)
    visitor.module("projection", &projection)
    visitor.module("output", &output)
    visitor.parameter("bias", &bias)
  }
}
