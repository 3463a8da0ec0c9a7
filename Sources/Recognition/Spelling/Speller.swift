import Autograd
import Decoding
import Layers
import Tensors

/// Writes a text label by label while it attends to the states of an encoder (Chan et al. 2016).
///
/// Its labels are those of the alphabet. The blank, which no text holds, stands for the beginning where
/// it goes in and for the end where it comes out.
public struct Speller: Module {
  /// What marks the beginning and the end of a text.
  public static let mark = Alphabet.blank

  /// What it was built from.
  public let configuration: SpellerConfiguration
  /// A row for each label.
  public var embedding: Embedding
  /// The decoder, whose memory is joined states.
  public var decoder: AttentiveDecoder
  /// From the decoder's states to logits of labels.
  public var output: Linear
  private let joining: FrameJoining
  private let dropout: Dropout

  /// A speller with drawn weights.
  ///
  /// - Parameters:
  ///   - stateSize: Of the encoder's states.
  ///   - labelCount: The blank included.
  public init(
    _ configuration: SpellerConfiguration, stateSize: Int, labelCount: Int,
    random: inout RandomSource
  ) {
    self.configuration = configuration
    embedding = Embedding(count: labelCount, size: configuration.embeddingSize, random: &random)
    decoder = AttentiveDecoder(
      configuration.decoder, inputSize: configuration.embeddingSize,
      memorySize: stateSize * configuration.joinedFrames, random: &random)
    output = Linear(
      inputSize: configuration.decoder.outputSize, outputSize: labelCount, random: &random)
    joining = FrameJoining(count: configuration.joinedFrames)
    dropout = Dropout(probability: configuration.dropout, kind: .variational)
  }

  /// The size of the states that it attends to.
  public var stateSize: Int { decoder.memorySize / joining.count }
  /// The number of labels, the blank included.
  public var labelCount: Int { output.outputSize }

  /// What the decoder attends to, from states `[time, batch, stateSize]`.
  public func memory(
    of states: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> (memory: Variable, lengths: [Int]) {
    let (memory, lengths) = joining(states, frameLengths: frameLengths, on: tape)
    return (memory, lengths)
  }

  /// The logits of what follows each label of given texts and the mark before them,
  /// `[target, batch, label]`.
  ///
  /// - Parameter targets: The labels of each text, without marks.
  public func logits(
    states: Variable, frameLengths: [Int], targets: [[Int]], on tape: Tape? = nil
  ) -> Variable {
    let (memory, lengths) = memory(of: states, frameLengths: frameLengths, on: tape)
    let input = LabelBatch(targets.map { [Self.mark] + $0 }, padding: Self.mark)
    let embedded = dropout(embedding(input, on: tape), on: tape)
    let decoded = decoder(
      embedded, memory: memory, memoryLengths: lengths, lengths: input.frameLengths, on: tape
    ).states
    return output(dropout(decoded, on: tape), on: tape)
  }

  /// The negative log-likelihood of texts, each with its end.
  ///
  /// - Returns: The mean over the texts, with label smoothing, and the cost of each text in nats.
  public func loss(
    states: Variable, frameLengths: [Int], targets: [[Int]], labelSmoothing: Float = 0,
    on tape: Tape? = nil
  ) -> (loss: Variable, perSequence: [Float]) {
    let ignored = -1
    let logits = logits(states: states, frameLengths: frameLengths, targets: targets, on: tape)
    let ends = LabelBatch(targets.map { $0 + [Self.mark] }, padding: ignored)
    let (sum, perRow) = crossEntropy(
      logits: logits, targets: ends.labels, ignoredLabel: ignored, labelSmoothing: labelSmoothing,
      reduction: .sum, on: tape)
    var costs = [Float](repeating: 0, count: targets.count)
    for (index, cost) in perRow.enumerated() { costs[index % targets.count] += cost }
    return (.weighted([(sum, 1 / Float(targets.count))], on: tape), costs)
  }

  /// Shows the parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("decoder", &decoder)
    visitor.module("output", &output)
  }
}

extension Variable {
  /// A weighted sum of scalars.
  static func weighted(_ terms: [(loss: Variable, weight: Float)], on tape: Tape?) -> Variable {
    let sum = Tensor(scalar: terms.reduce(0) { $0 + $1.loss.tensor.item * $1.weight })
    guard let tape else { return Variable(sum) }
    return tape.record(sum, from: terms.map(\.loss)) { seed, _ in
      terms.map { $0.loss.needsGradient ? Tensor(scalar: seed.item * $0.weight) : nil }
    }
  }
}
