import Classification
import Pictures

/// The answers of a classifier, a line for each example.
struct ClassificationLines {
  private let classifier: Classifier
  private let top: Int
  private let json: Bool

  init(_ classifier: Classifier, top: Int, json: Bool) {
    (self.classifier, self.top, self.json) = (classifier, top, json)
  }

  /// A class and how much speaks for it.
  private struct Choice: Encodable {
    var label: String
    var probability: Double?
    var score: Double?
  }

  /// An example as JSON.
  private struct Row: Encodable {
    var place: String
    var label: String?
    var probability: Double?
    var score: Double?
    var choices: [Choice]?
    var values: [String: Double]?
  }

  /// The lines, each ended.
  func text(for examples: Examples) throws -> String {
    if classifier.input.isRegression { return try numbers(examples) }
    var text = ""
    for (index, answer) in classifier.answers(examples).enumerated() {
      let choices = answer.ranking(top).map { label in
        Choice(
          label: classifier.input.classes[label],
          probability: answer.probabilities.map { Double($0[label]) },
          score: answer.probabilities == nil ? Double(answer.scores[label]) : nil)
      }
      let place = examples.place(index)
      if json {
        text += try JSON.line(
          Row(
            place: place, label: choices[0].label, probability: choices[0].probability,
            score: choices[0].score, choices: top > 1 ? choices : nil))
      } else {
        let cells = choices.flatMap { choice in
          [
            choice.label.printable,
            choice.probability.map { $0.fixed(4) } ?? (choice.score ?? 0).fixed(3),
          ]
        }
        text += ([place.printable] + cells).joined(separator: "\t") + "\n"
      }
    }
    return text
  }

  private func numbers(_ examples: Examples) throws -> String {
    let (names, outputs) = (classifier.input.targets, classifier.outputs(examples).scalars)
    var text = ""
    for index in 0..<examples.count {
      let values = names.indices.map { Double(outputs[index * names.count + $0]) }
      let place = examples.place(index)
      if json {
        text += try JSON.line(
          Row(
            place: place,
            values: Dictionary(zip(names, values)) { first, _ in first }))
      } else {
        text += ([place.printable] + values.map { "\(Float($0))" }).joined(separator: "\t") + "\n"
      }
    }
    return text
  }
}

/// How often a classifier was wrong, and which class it took for which.
struct ClassificationReport: Encodable {
  private let matrix: ConfusionMatrix
  private let model: String
  private let data: String

  private enum CodingKeys: String, CodingKey {
    case classes, confusion, count, errorRate, wrong
  }

  init(_ matrix: ConfusionMatrix, model: String, data: String) {
    (self.matrix, self.model, self.data) = (matrix, model, data)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let classes = matrix.classes.indices
    try container.encode(matrix.classes, forKey: .classes)
    try container.encode(
      classes.map { row in classes.map { matrix[row, $0] } }, forKey: .confusion)
    try container.encode(matrix.count, forKey: .count)
    try container.encode(matrix.errorRate, forKey: .errorRate)
    try container.encode(matrix.wrongCount, forKey: .wrong)
  }

  /// The report for a terminal: rows are classes, columns are answers.
  var text: String {
    """
    \(model.printable) on \(data.printable): error \(matrix.errorRate.percent) \
    (\(matrix.wrongCount) of \(matrix.count) wrong)

    \(matrix.text)
    """
  }

  /// The last parts of a path.
  private static func short(_ path: String) -> String {
    path.split(separator: "/").suffix(path.hasSuffix(".safetensors") ? 2 : 1)
      .joined(separator: "/").printable
  }

  /// The confusions in colours.
  var picture: ConfusionPicture {
    ConfusionPicture(
      title: "\(Self.short(model)) on \(Self.short(data))", classes: matrix.classes,
      counts: matrix.counts)
  }
}

/// How far predicted numbers are from the right ones.
struct RegressionReport: Encodable {
  private struct Error: Encodable {
    var name: String
    var rootMeanSquare: Double
    var explained: Double
  }

  private var count: Int
  private var errors: [Error]

  init(_ errors: [(name: String, rootMeanSquare: Double, explained: Double)], count: Int) {
    self.count = count
    self.errors = errors.map {
      Error(name: $0.name, rootMeanSquare: $0.rootMeanSquare, explained: $0.explained)
    }
  }

  /// The report for a terminal.
  var text: String {
    var table = Table(["NUMBER", "RMSE", "R²"], numeric: [1, 2])
    for error in errors {
      table.add([error.name.printable, "\(Float(error.rootMeanSquare))", error.explained.fixed(4)])
    }
    return "\(count) examples\n\n" + table.text
  }
}
