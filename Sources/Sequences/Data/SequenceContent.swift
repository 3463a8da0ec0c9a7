/// What a sequence is made of.
public enum SequenceContent: Sendable, Equatable {
  /// A text, which the model cuts into tokens of its own kind.
  case text(String)
  /// Tokens that are parted already.
  case tokens([String])
  /// A row of numbers for each step, all of one width.
  case rows([[Float]])

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .text: "a text"
    case .tokens: "a list of tokens"
    case .rows: "rows of numbers"
    }
  }
}

/// A sequence that belongs to one class.
public struct ClassifiedSequence: Sendable, Equatable {
  /// What the sequence is made of.
  public let content: SequenceContent
  /// Its class.
  public let label: String

  /// A sequence of a class.
  public init(_ content: SequenceContent, label: String) {
    (self.content, self.label) = (content, label)
  }
}

/// A sequence with a label for each step.
public struct LabelledSequence: Sendable, Equatable {
  /// What the sequence is made of.
  public let content: SequenceContent
  /// The label of each step.
  public let labels: [String]

  /// A sequence with as many labels as steps.
  public init(_ content: SequenceContent, labels: [String]) {
    (self.content, self.labels) = (content, labels)
  }
}
