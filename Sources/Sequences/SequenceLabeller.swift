import ModelFiles
import Tensors

/// Gives each step of a sequence a label.
public struct SequenceLabeller: Sendable {
  /// The kind of its model file.
  public static let kind = "sequenceLabeller"

  /// Its parts.
  public var model: SequenceModel

  /// A labeller with freshly drawn weights.
  ///
  /// - Throws: `SequencesError.tooFewLabels` for fewer than two.
  public init(
    _ configuration: SequenceModelConfiguration, encoder: SequenceEncoder, labels: [String],
    random: inout RandomSource
  ) throws(SequencesError) {
    model = try SequenceModel(
      configuration, encoder: encoder, labels: labels, pools: false, random: &random)
  }

  /// A labeller of these parts, whose network does not pool.
  public init(_ model: SequenceModel) {
    precondition(!model.pools, "SequenceLabeller: got a classifier's parts, expected no pooling")
    self.model = model
  }

  /// The labeller in a model file that was read.
  public init(_ file: ModelFile) throws(CheckpointError) {
    model = try SequenceModel(file, kind: Self.kind, pools: false)
  }

  /// The labeller as a model file without a training record.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    try model.modelFile(kind: Self.kind)
  }

  /// The label of each step.
  ///
  /// - Throws: `SequencesError.input` if the sequence is not what the model was made for.
  public func label(_ content: SequenceContent) throws(SequencesError) -> [String] {
    label([try model.encoder.encode(content)])[0].map { model.labels[$0] }
  }

  /// The places of the labels of the steps of encoded sequences, read beside each other.
  public func label(_ sequences: [EncodedSequence]) -> [[Int]] {
    let logits = model.network(SequenceBatch(sequences)).logits.tensor
    let count = model.labels.count
    return logits.withUnsafeBufferPointer { logits in
      sequences.enumerated().map { item, sequence in
        (0..<sequence.count).map { step in
          let row = (step * sequences.count + item) * count
          return (0..<count).max { logits[row + $0] < logits[row + $1] } ?? 0
        }
      }
    }
  }
}
