import Layers

/// Sentences and their translations, ready for a step.
public struct TranslationBatch: TrainingBatch {
  /// The tokens that are read.
  public var source: LabelBatch
  /// The translations as they are fed in, from the mark of the beginning on.
  public var input: LabelBatch
  /// The tokens that should follow each of those, up to the mark of the end.
  public var targets: LabelBatch

  /// The number of sentences.
  public var exampleCount: Int { source.batch }
  /// The tokens of the translations, marks of the end included.
  public var frameCount: Int { targets.frameLengths.reduce(0, +) }
  /// Nothing is dropped once the texts are read.
  public var dropped: [String] { [] }

  /// A batch of pairs, longest source first.
  init(_ pairs: [TokenPair], padding: Int, begin: Int, end: Int) {
    source = LabelBatch(pairs.map(\.source), padding: padding)
    input = LabelBatch(pairs.map { [begin] + $0.target }, padding: padding)
    targets = LabelBatch(pairs.map { $0.target + [end] }, padding: padding)
  }
}

/// A sentence and its translation as tokens.
struct TokenPair: Sendable {
  /// The sentence with the mark of its end.
  var source: [Int]
  /// The translation without marks.
  var target: [Int]
}
