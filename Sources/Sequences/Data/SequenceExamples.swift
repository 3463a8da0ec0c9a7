/// Sequences with their labels, read from files of one form.
public struct SequenceExamples: Sendable, Equatable {
  /// How the files are written.
  public enum Form: String, Codable, CaseIterable, Sendable {
    /// Texts: ``LabelledTextFile`` for classes, ``TaggedFile`` for labels of steps.
    case text
    /// Rows of numbers: ``NumberSequenceFile``.
    case numbers
  }

  /// What the sequences are made of.
  public private(set) var contents: [SequenceContent] = []
  /// The labels of each sequence: one class, or one label for each step.
  public private(set) var labels: [[String]] = []
  /// The names of the features of rows of numbers.
  public private(set) var features: [String] = []

  /// Reads files.
  ///
  /// - Parameter steps: Whether each step has a label instead of each sequence.
  /// - Throws: `SequencesError` naming the file and the line.
  public init(reading paths: [String], form: Form, steps: Bool) throws(SequencesError) {
    for path in paths {
      switch form {
      case .text where steps: add(try TaggedFile.read(path))
      case .text: add(try LabelledTextFile.read(path))
      case .numbers: try addNumbers(path, steps: steps)
      }
    }
  }

  private mutating func addNumbers(_ path: String, steps: Bool) throws(SequencesError) {
    let file = try NumberSequenceFile(reading: path)
    guard features.isEmpty || features == file.features else {
      throw .line(
        file: path, line: 1, found: file.features.joined(separator: ","),
        expected: features.joined(separator: ",") + ", as in the other files")
    }
    features = file.features
    if steps { add(file.sequences) } else { add(try file.classified()) }
  }

  private mutating func add(_ sequences: [LabelledSequence]) {
    contents += sequences.map(\.content)
    labels += sequences.map(\.labels)
  }

  private mutating func add(_ sequences: [ClassifiedSequence]) {
    contents += sequences.map(\.content)
    labels += sequences.map { [$0.label] }
  }

  /// All labels that occur, sorted.
  public var labelNames: [String] { Set(labels.joined()).sorted() }

  /// How the sequences become what a network reads.
  ///
  /// - Throws: `SequencesError.emptyVocabulary`.
  public func encoder(
    _ input: TextInputConfiguration, form: Form
  ) throws(SequencesError) -> SequenceEncoder {
    switch form {
    case .numbers: return SequenceEncoder(scaling: contents, features: features)
    case .text:
      return .tokens(
        try Vocabulary(
          counts: Vocabulary.counts(in: contents, unit: input.unit), unit: input.unit,
          minimumCount: input.minimumCount, maximumSize: input.maximumSize ?? .max))
    }
  }

  /// The sequences and the places of their labels, as a model reads them.
  ///
  /// - Throws: `SequencesError.input` for a label that the model lacks, or another kind of content.
  public func encoded(
    for model: SequenceModel
  ) throws(SequencesError) -> [(sequence: EncodedSequence, targets: [Int])] {
    var result: [(sequence: EncodedSequence, targets: [Int])] = []
    result.reserveCapacity(contents.count)
    for (content, labels) in zip(contents, labels) {
      var targets: [Int] = []
      for label in labels {
        guard let target = model.index(of: label) else {
          throw .input(
            found: "labelled '\(label)'",
            expected: "one of " + model.labels.map { "'\($0)'" }.joined(separator: ", "))
        }
        targets.append(target)
      }
      result.append((try model.encoder.encode(content), targets))
    }
    return result
  }
}
