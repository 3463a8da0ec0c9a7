/// Sequences of rows of numbers, as a table with commas: a first line
/// `sequence,label,` and the names of the features, then a row for each step.
///
/// Rows with the same entry under `sequence` that follow each other are one sequence.
public struct NumberSequenceFile: Sendable, Equatable {
  /// The names of the features.
  public let features: [String]
  /// The rows of each sequence with their labels.
  public let sequences: [LabelledSequence]
  private let path: String
  private let firstLines: [Int]

  /// Reads a table.
  ///
  /// - Throws: `SequencesError` naming the file and the line: ragged rows, text where a number
  ///   belongs, a sequence whose rows do not follow each other.
  public init(reading path: String) throws(SequencesError) {
    var lines = try TextLines.read(path)[...]
    guard let header = lines.popFirst() else {
      throw .empty(file: path, expected: "a line sequence,label,… and rows")
    }
    features = try Self.features(header.text, file: path)
    var rows = RowCollector(file: path)
    for (number, line) in lines {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == features.count + 2 else {
        throw .line(
          file: path, line: number, found: "\(fields.count) fields",
          expected: "\(features.count + 2), as in the first line")
      }
      guard !fields[0].isEmpty, !fields[1].isEmpty else {
        throw .line(
          file: path, line: number, found: "an empty field",
          expected: "the sequence's name and a label")
      }
      let values = try Self.numbers(fields.dropFirst(2), file: path, line: number)
      try rows.add(String(fields[0]), label: String(fields[1]), values, line: number)
    }
    (sequences, firstLines) = rows.finished()
    guard !sequences.isEmpty else {
      throw .empty(file: path, expected: "rows below the first line")
    }
    self.path = path
  }

  /// The sequences with one class each.
  ///
  /// - Throws: `SequencesError.line` for a sequence whose rows name different ones.
  public func classified() throws(SequencesError) -> [ClassifiedSequence] {
    var result: [ClassifiedSequence] = []
    for (sequence, line) in zip(sequences, firstLines) {
      let label = sequence.labels[0]
      if let other = sequence.labels.firstIndex(where: { $0 != label }) {
        throw .line(
          file: path, line: line + other, found: "the label '\(sequence.labels[other])'",
          expected: "'\(label)', which the sequence began with")
      }
      result.append(ClassifiedSequence(sequence.content, label: label))
    }
    return result
  }

  private static func features(
    _ header: Substring, file: String
  ) throws(SequencesError) -> [String] {
    let names = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count > 2, names.prefix(2) == ["sequence", "label"], !names.contains("") else {
      throw .line(
        file: file, line: 1, found: TextLines.quoted(header),
        expected: "sequence,label, and the names of one feature or more")
    }
    return Array(names.dropFirst(2))
  }

  private static func numbers(
    _ fields: ArraySlice<Substring>, file: String, line: Int
  ) throws(SequencesError) -> [Float] {
    var values: [Float] = []
    for field in fields {
      guard let value = Float(field), value.isFinite else {
        throw .line(
          file: file, line: line, found: TextLines.quoted(field), expected: "a finite number")
      }
      values.append(value)
    }
    return values
  }
}

private struct RowCollector {
  let file: String
  private var name: String?
  private var known: Set<String> = []
  private var rows: [[Float]] = []
  private var labels: [String] = []
  private var sequences: [LabelledSequence] = []
  private var firstLines: [Int] = []

  init(file: String) { self.file = file }

  mutating func add(
    _ name: String, label: String, _ values: [Float], line: Int
  ) throws(SequencesError) {
    if name != self.name {
      finish()
      guard known.insert(name).inserted else {
        throw .line(
          file: file, line: line, found: "sequence '\(name)' again",
          expected: "its rows to follow each other")
      }
      self.name = name
      firstLines.append(line)
    }
    rows.append(values)
    labels.append(label)
  }

  private mutating func finish() {
    if !rows.isEmpty { sequences.append(LabelledSequence(.rows(rows), labels: labels)) }
    (rows, labels) = ([], [])
  }

  mutating func finished() -> ([LabelledSequence], firstLines: [Int]) {
    finish()
    return (sequences, firstLines)
  }
}
