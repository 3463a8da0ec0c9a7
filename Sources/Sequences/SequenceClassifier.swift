import ModelFiles
import Tensors

/// What a classifier says about a sequence.
public struct SequenceClassification: Sendable, Equatable {
  /// The most probable label.
  public let label: String
  /// The probability of each label, in the order of the model's labels.
  public let probabilities: [Float]
  /// How much each step counted, where the model learned that.
  public let attention: [Float]?

  /// The probability of the label.
  public var probability: Float { probabilities.max() ?? 0 }
}

/// Tells which class a sequence of any length belongs to.
public struct SequenceClassifier: Sendable {
  /// The kind of its model file.
  public static let kind = "sequenceClassifier"

  /// Its parts.
  public var model: SequenceModel

  /// A classifier with freshly drawn weights.
  ///
  /// - Throws: `SequencesError.tooFewLabels` for fewer than two.
  public init(
    _ configuration: SequenceModelConfiguration, encoder: SequenceEncoder, labels: [String],
    random: inout RandomSource
  ) throws(SequencesError) {
    model = try SequenceModel(
      configuration, encoder: encoder, labels: labels, pools: true, random: &random)
  }

  /// A classifier of these parts, whose network pools.
  public init(_ model: SequenceModel) {
    precondition(model.pools, "SequenceClassifier: got a labeller's parts, expected a pooling")
    self.model = model
  }

  /// The classifier in a model file that was read.
  public init(_ file: ModelFile) throws(CheckpointError) {
    model = try SequenceModel(file, kind: Self.kind, pools: true)
  }

  /// The classifier as a model file without a training record.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    try model.modelFile(kind: Self.kind)
  }

  /// The class of a text.
  ///
  /// - Throws: `SequencesError.input` if the model reads rows of numbers, or the text is empty.
  public func classify(_ text: String) throws(SequencesError) -> SequenceClassification {
    try classify(.text(text))
  }

  /// The class of a sequence.
  ///
  /// - Throws: `SequencesError.input` if it is not what the model was made for.
  public func classify(
    _ content: SequenceContent
  ) throws(SequencesError) -> SequenceClassification {
    classify([try model.encoder.encode(content)])[0]
  }

  /// The classes of encoded sequences, which are read beside each other.
  public func classify(_ sequences: [EncodedSequence]) -> [SequenceClassification] {
    let batch = SequenceBatch(sequences)
    let (logits, weights) = model.network(batch)
    let logProbabilities = logits.tensor.logSoftmax().scalars
    let count = model.labels.count
    return sequences.indices.map { item in
      let row = logProbabilities[item * count..<(item + 1) * count]
      let best = row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex } ?? 0
      return SequenceClassification(
        label: model.labels[best], probabilities: Array(row).exponentials,
        attention: weights?[item])
    }
  }
}
