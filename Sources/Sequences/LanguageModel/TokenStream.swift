/// A text as one long row of labels, its lines parted by the token of a line's end.
public struct TokenStream: Sendable, Equatable {
  /// The token behind each line.
  public static let lineEnd = "\n"

  /// The label of a line's end, from which the first token is predicted, and those of all tokens.
  public let labels: [Int]
  /// The characters of the text, line ends included.
  public let characterCount: Int

  /// The tokens that are predicted.
  public var tokenCount: Int { labels.count - 1 }

  /// The lines of a text file.
  ///
  /// - Throws: `SequencesError` if the file cannot be read or has no line that is not blank.
  public static func lines(of path: String) throws(SequencesError) -> [String] {
    let lines = try TextLines.read(path).map { String($0.text) }
    guard lines.contains(where: { line in line.contains { !$0.isWhitespace } }) else {
      throw .empty(file: path, expected: "lines of text")
    }
    return lines
  }

  /// The vocabulary of lines; see ``Vocabulary``.
  ///
  /// - Throws: `SequencesError.emptyVocabulary`.
  public static func vocabulary(
    of lines: [String], unit: TextUnit, minimumCount: Int = 1, maximumSize: Int = .max
  ) throws(SequencesError) -> Vocabulary {
    var counts = Vocabulary.counts(in: lines.lazy.map { .text($0) }, unit: unit)
    guard counts.contains(where: { $0.value >= minimumCount }) else {
      throw .emptyVocabulary(minimumCount: minimumCount)
    }
    counts[lineEnd] = .max
    return try Vocabulary(
      counts: counts, unit: unit, minimumCount: minimumCount, maximumSize: maximumSize)
  }

  /// The stream of lines.
  public init(_ lines: [String], vocabulary: Vocabulary) {
    let end = vocabulary.label(of: Self.lineEnd)
    var labels = [end]
    for line in lines {
      labels += vocabulary.unit.split(line).map { vocabulary.label(of: $0) }
      labels.append(end)
    }
    self.labels = labels
    characterCount = lines.reduce(0) { $0 + $1.count + 1 }
  }

  /// The part of the stream for each column of a batch, and how many steps make a batch.
  public func pieces(columns: Int, stepLength: Int) -> StreamPieces {
    StreamPieces(labels: labels, columns: columns, stepLength: stepLength)
  }
}

/// A stream cut into columns beside each other, and these into batches that follow each other, so that
/// states can go from one batch to the next.
///
/// What does not fill a row of the columns at the end is left out.
public struct StreamPieces: Sendable {
  private let labels: [Int]
  /// The rows of a batch.
  public let columns: Int
  /// The time steps of a batch.
  public let stepLength: Int
  /// The time steps of a column.
  public let columnLength: Int

  /// Cuts a stream; fewer tokens than columns make fewer columns.
  init(labels: [Int], columns: Int, stepLength: Int) {
    precondition(
      columns > 0 && stepLength > 0,
      "StreamPieces: got \(columns) columns of \(stepLength) steps, expected 1 or more of each")
    self.labels = labels
    self.columns = max(1, min(columns, labels.count - 1))
    self.stepLength = stepLength
    columnLength = (labels.count - 1) / self.columns
  }

  /// The number of batches.
  public var count: Int { (columnLength + stepLength - 1) / stepLength }

  /// One batch: the labels of `[time, column]` and of the tokens that follow each.
  public subscript(index: Int) -> TokenBatch {
    let steps = index * stepLength..<min(columnLength, (index + 1) * stepLength)
    func row(shift: Int) -> [Int] {
      steps.flatMap { step in
        (0..<columns).map { labels[$0 * columnLength + step + shift] }
      }
    }
    return TokenBatch(inputs: row(shift: 0), targets: row(shift: 1), columns: columns)
  }
}

/// Time steps of some columns of a stream.
public struct TokenBatch: Sendable, Equatable {
  /// The labels of `[time, column]`, one time step after another.
  public let inputs: [Int]
  /// The labels that follow them.
  public let targets: [Int]
  /// The number of columns.
  public let columns: Int

  /// A batch of as many targets as inputs.
  public init(inputs: [Int], targets: [Int], columns: Int) {
    (self.inputs, self.targets, self.columns) = (inputs, targets, columns)
  }
}
