import Autograd
import Layers
import Tensors

/// A bidirectional recurrent encoder and a recurrent decoder that attends to it (Bahdanau et al.
/// 2015; Luong et al. 2015).
public struct TranslationNetwork: Module {
  /// Rows for the tokens of the source language, or of both.
  public var sourceEmbedding: Embedding
  /// Rows for the tokens of the target language, where they are not shared.
  public var targetEmbedding: Embedding?
  /// Bidirectional layers, the lowest first.
  public var encoder: [RecurrentLayer]
  /// The decoder with its attention.
  public var decoder: AttentiveDecoder
  /// The output layer, where it has a weight of its own.
  public var output: Linear?
  /// `[token]`, added to the products with a tied weight.
  public var outputBias: Parameter?
  private let dropout: Dropout
  private let tokenDropout: Float

  /// A network with drawn weights.
  ///
  /// - Parameters:
  ///   - sourceCount: Tokens of the source language.
  ///   - targetCount: Tokens of the target language; the same where embeddings are shared.
  public init(
    _ configuration: TranslationNetworkConfiguration, sourceCount: Int, targetCount: Int,
    random: inout RandomSource
  ) {
    precondition(
      !configuration.sharesEmbeddings || sourceCount == targetCount,
      "TranslationNetwork: got \(sourceCount) and \(targetCount) tokens for one table, expected as "
        + "many of both languages")
    let size = configuration.embeddingSize
    sourceEmbedding = Embedding(count: sourceCount, size: size, random: &random)
    if !configuration.sharesEmbeddings {
      targetEmbedding = Embedding(count: targetCount, size: size, random: &random)
    }
    encoder = []
    for layer in 0..<configuration.layerCount {
      encoder.append(
        RecurrentLayer(
          configuration.cell == .lstm ? .lstm : .gru,
          inputSize: layer == 0 ? size : 2 * configuration.hiddenSize,
          hiddenSize: configuration.hiddenSize, direction: .bidirectional, random: &random))
    }
    decoder = AttentiveDecoder(
      configuration.decoder, inputSize: size, memorySize: 2 * configuration.hiddenSize,
      random: &random)
    if configuration.tiesOutput {
      outputBias = Parameter(Tensor(zeros: [targetCount]))
    } else {
      output = Linear(
        inputSize: configuration.decoder.outputSize, outputSize: targetCount, random: &random)
    }
    dropout = Dropout(probability: configuration.dropout, kind: .variational)
    tokenDropout = configuration.tokenDropout
  }

  /// Reads sentences: `[time, batch]` tokens to the memory `[time, batch, 2 · hiddenSize]`.
  public func encode(_ source: LabelBatch, on tape: Tape? = nil) -> Variable {
    var x = embedded(source, by: sourceEmbedding, on: tape)
    for layer in encoder {
      x = dropout(layer(x, frameLengths: source.frameLengths, on: tape), on: tape)
    }
    return x
  }

  /// The logits of the tokens that follow each token of given translations, `[time, batch, token]`.
  ///
  /// - Parameters:
  ///   - input: Translations as they are fed in: each token, from the mark of the beginning on.
  ///   - memory: What ``encode(_:on:)`` made of the sources.
  public func logits(
    _ input: LabelBatch, memory: Variable, memoryLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    logits(
      of: states(input, memory: memory, memoryLengths: memoryLengths, on: tape), on: tape)
  }

  /// The attentional states of given translations, `[time, batch, outputSize]`, some dropped.
  private func states(
    _ input: LabelBatch, memory: Variable, memoryLengths: [Int], on tape: Tape?
  ) -> Variable {
    let states = decoder(
      embedded(input, by: targetEmbedding ?? sourceEmbedding, on: tape), memory: memory,
      memoryLengths: memoryLengths, lengths: input.frameLengths, on: tape
    ).states
    return dropout(states, on: tape)
  }

  /// The same for the tokens that are no padding alone, `[row, token]`, in the order of
  /// ``LabelBatch/rows``: the output layer is a large part of a training step.
  public func packedLogits(
    _ input: LabelBatch, memory: Variable, memoryLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    let states = states(input, memory: memory, memoryLengths: memoryLengths, on: tape)
    return logits(of: states.gatheringRows(input.rows, on: tape), on: tape)
  }

  /// The logits of decoder states, `[.., outputSize]` to `[.., token]`.
  public func logits(of states: Variable, on tape: Tape? = nil) -> Variable {
    if let output { return output(states, on: tape) }
    return (targetEmbedding ?? sourceEmbedding).logits(states, bias: outputBias, on: tape)
  }

  /// Tokens of the target language as the decoder takes them in, `[row, embeddingSize]`.
  public func embedded(_ tokens: [Int]) -> Tensor {
    (targetEmbedding ?? sourceEmbedding)(tokens, shape: [tokens.count]).tensor
  }

  private func embedded(
    _ batch: LabelBatch, by table: Embedding, on tape: Tape?
  ) -> Variable {
    let x = dropout(table(batch, on: tape), on: tape)
    guard let tape, tokenDropout > 0 else { return x }
    let kept = 1 / (1 - tokenDropout)
    let rows = batch.labels.map { _ in tape.random.chance(tokenDropout) ? 0 : kept }
    return x.scaledRows(by: rows, on: tape)
  }

  /// Shows the parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("source_embedding", &sourceEmbedding)
    visitor.module("target_embedding", &targetEmbedding)
    visitor.modules("encoder", &encoder)
    visitor.module("decoder", &decoder)
    visitor.module("output", &output)
    visitor.parameter("output_bias", &outputBias)
  }
}

extension Variable {
  /// Some rows of `[.., feature]` as `[row, feature]`.
  fileprivate func gatheringRows(_ rows: [Int], on tape: Tape?) -> Variable {
    let y = tensor.rowsGathered(rows)
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [self]) { gradient, _ in
      guard needsGradient else { return [nil] }
      return [gradient.rowsScattered(rows, count: shape.rowCount).reshaped(shape)]
    }
  }

  /// Multiplies the features of each row, `[.., feature]`, by a factor of its own.
  fileprivate func scaledRows(by factors: [Float], on tape: Tape) -> Variable {
    let y = tensor.scaledRows(by: factors)
    return tape.record(y, from: [self]) { gradient, _ in
      [needsGradient ? gradient.scaledRows(by: factors) : nil]
    }
  }
}

extension Tensor {
  fileprivate func scaledRows(by factors: [Float]) -> Tensor {
    let width = shape.rowSize
    var copy = self
    copy.withUnsafeMutableBufferPointer { values in
      for (row, factor) in factors.enumerated() where factor != 1 {
        for index in row * width..<(row + 1) * width { values[index] *= factor }
      }
    }
    return copy
  }
}
