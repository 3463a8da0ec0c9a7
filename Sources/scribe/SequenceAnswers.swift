import ModelFiles
import Pictures
import Sequences
import Tensors

/// What a model of sequences says about texts, a line each, or about tables of sequences of numbers.
struct SequenceAnswers {
  private let model: SequenceModel
  private let top: Int
  private let json: Bool

  /// Sequences that are read beside each other.
  private static let groupSize = 64

  /// Whether a file holds such a model.
  static func knows(_ file: ModelFile) -> Bool {
    [SequenceClassifier.kind, SequenceLabeller.kind].contains(file.kind)
  }

  /// The model of a file.
  init(
    _ file: ModelFile, precision: Precision, top: Int, json: Bool
  ) throws(CheckpointError) {
    var model =
      file.kind == SequenceLabeller.kind
      ? try SequenceLabeller(file).model : try SequenceClassifier(file).model
    model.network.setPrecision(precision)
    (self.model, self.top, self.json) = (model, top, json)
  }

  /// How the model's files are written.
  private var form: SequenceExamples.Form {
    if case .numbers = model.encoder { .numbers } else { .text }
  }

  /// Answers for each sequence of a file; `-` is standard input. Blank lines of text are left out.
  func write(_ path: String) throws {
    let name = path == "-" ? StandardInput.name : path
    guard form == .text else {
      let file = try NumberSequenceFile(reading: path == "-" ? "/dev/stdin" : path)
      let items = file.sequences.enumerated().map { ("\(name):\($0 + 1)", $1.content) }
      for start in stride(from: 0, to: items.count, by: Self.groupSize) {
        try answer(Array(items[start..<min(items.count, start + Self.groupSize)]))
      }
      return
    }
    var lines = try TextLines(path, groupSize: Self.groupSize)
    var number = 0
    while let group = try lines.next() {
      var items: [(place: String, content: SequenceContent)] = []
      for line in group {
        number += 1
        guard line.contains(where: { !$0.isWhitespace }) else { continue }
        items.append(("\(name):\(number)", .text(line)))
      }
      try answer(items)
    }
  }

  private func answer(_ items: [(place: String, content: SequenceContent)]) throws {
    guard !items.isEmpty else { return }
    let sequences = try items.map { try model.encoder.encode($0.content) }
    var text = ""
    if model.pools {
      for (item, found) in zip(items, SequenceClassifier(model).classify(sequences)) {
        text += try line(found, place: item.place)
      }
    } else {
      for (item, found) in zip(items, SequenceLabeller(model).label(sequences)) {
        text += try lines(found.map { model.labels[$0] }, of: item)
      }
    }
    try Console.write(text)
  }

  private func line(_ found: SequenceClassification, place: String) throws -> String {
    let order = found.probabilities.indices.sorted {
      found.probabilities[$0] > found.probabilities[$1]
    }
    let choices = order.prefix(top).map {
      Choice(label: model.labels[$0], probability: Double(found.probabilities[$0]))
    }
    if json {
      return try JSON.line(
        ClassRow(
          place: place, label: found.label, probability: Double(found.probability),
          choices: top > 1 ? choices : nil, attention: found.attention?.map { Double($0) }))
    }
    let cells = choices.flatMap { [$0.label.printable, $0.probability.fixed(4)] }
    return ([place.printable] + cells).joined(separator: "\t") + "\n"
  }

  /// A token and its label on each line, and an empty line at the end, as the training data are written.
  private func lines(
    _ labels: [String], of item: (place: String, content: SequenceContent)
  ) throws -> String {
    if json { return try JSON.line(LabelRow(place: item.place, labels: labels)) }
    let tokens: [String]
    switch (item.content, model.encoder) {
    case (.text(let text), .tokens(let vocabulary)): tokens = vocabulary.unit.split(text)
    case (.rows(let rows), _): tokens = rows.map { $0.map { "\($0)" }.joined(separator: ",") }
    case (.tokens(let list), _): tokens = list
    case (.text, .numbers): tokens = []
    }
    return zip(tokens, labels).map { "\($0.printable)\t\($1.printable)\n" }.joined() + "\n"
  }

  /// Compares the answers with the labels that stand in a file of the form of the training data.
  func compare(_ path: String, modelName: String, picture: String?) throws {
    let examples = try SequenceExamples(reading: [path], form: form, steps: !model.pools)
    let items = try examples.encoded(for: model)
    var counts = LabelCounts(labels: model.labels)
    for start in stride(from: 0, to: items.count, by: Self.groupSize) {
      let group = items[start..<min(items.count, start + Self.groupSize)]
      _ = model.judge(
        SequenceBatch(group.map(\.sequence)), targets: group.map(\.targets), counts: &counts)
    }
    let report = LabelReport(counts)
    try Console.write(
      json ? JSON.line(report) : report.text(model: modelName, data: path))
    if let picture {
      try ConfusionPicture(
        title: "\(modelName) on \(path)", classes: counts.labels,
        counts: counts.counts.flatMap(\.self)
      ).write(to: picture)
    }
  }
}

/// A class and how probable it is.
private struct Choice: Encodable {
  var label: String
  var probability: Double
}

/// A classified sequence as JSON.
private struct ClassRow: Encodable {
  var place: String
  var label: String
  var probability: Double
  var choices: [Choice]?
  var attention: [Double]?
}

/// A labelled sequence as JSON.
private struct LabelRow: Encodable {
  var place: String
  var labels: [String]
}

/// How well labels are found.
struct LabelReport: Encodable {
  private struct Row: Encodable {
    var label: String
    var count: Int
    var precision, recall, f1: Double
  }

  private var count, wrong: Int
  private var errorRate, macroF1: Double
  private var labels: [Row]

  init(_ counts: LabelCounts) {
    (count, wrong) = (counts.total, counts.total - counts.correct)
    (errorRate, macroF1) = (counts.errorRate, counts.macroF1)
    labels = counts.figures.map {
      Row(
        label: $0.label, count: $0.count, precision: $0.precision, recall: $0.recall, f1: $0.f1)
    }
  }

  /// The report for a terminal.
  func text(model: String, data: String) -> String {
    var table = Table(["LABEL", "COUNT", "PRECISION", "RECALL", "F1"], numeric: [1, 2, 3, 4])
    for row in labels {
      table.add([
        row.label.printable, "\(row.count)", row.precision.percent, row.recall.percent,
        row.f1.percent,
      ])
    }
    return """
      \(model.printable) on \(data.printable): error \(errorRate.percent) (\(wrong) of \(count) \
      wrong), macro F1 \(macroF1.percent)

      \(table.text)
      """
  }
}
