import Classification
import ModelFiles
import Pictures
import Tables
import Tensors

/// Pictures of what a classifier has learned.
enum ClassifierInspection {
  /// Whether a file is taken for a table, by its name.
  static func isTable(_ file: String) -> Bool {
    let name = file.lowercased()
    return name.hasSuffix(".csv") || name.hasSuffix(".tsv")
  }

  /// The weights of the first layer, as pictures.
  static func weights(of path: String) throws -> WeightPicture {
    let file = try ModelFile(reading: path)
    guard Classifier.isClassifier(kind: file.kind) else {
      throw UsageError(
        "\(path.printable): a model of kind '\(file.kind)' has no picture; leave out -o to list it")
    }
    let classifier = try Classifier(file)
    guard let format = classifier.input.pictures else {
      throw UsageError(
        "\(path.printable): reads \(classifier.input.words), so its weights make no picture; "
          + "leave out -o to list them")
    }
    let weights = classifier.network.firstWeights
    let (scalars, size) = (weights.scalars, weights.shape[1])
    let units = (0..<weights.shape[0]).map { Array(scalars[$0 * size..<($0 + 1) * size]) }
    let shown = min(100, units.count)
    return WeightPicture(
      title: "\(name(path)): \(shown) of \(units.count) units of the first layer", weights: units,
      width: format.width, height: format.height)
  }

  /// The rows of a table of two features, and what the places around them are taken for.
  static func plane(of path: String, model: String) throws -> DecisionPicture {
    let classifier = try Classifier(reading: model)
    let input = classifier.input
    guard input.pictures == nil, input.columns.count == 2, !input.isRegression else {
      throw UsageError(
        "\(name(model)): reads \(input.words), expected a model that tells classes from two columns"
      )
    }
    let reader = ExampleReader(input: input)
    let table = try Tables.Table(reading: path, format: input.format)
    var source = ExampleSource()
    (source.table, source.format, source.label) = (path, input.format, input.label)
    let hasLabels = input.label.map(table.hasColumn) ?? false
    let examples = hasLabels ? try reader.labelled(source) : try reader.rows(table)
    let features = examples.features(0..<examples.count).scalars.map { Double($0) }
    let (xs, ys) = (
      stride(from: 0, to: features.count, by: 2).map { features[$0] },
      stride(from: 1, to: features.count, by: 2).map { features[$0] }
    )
    let plane = DecisionPicture.Plane(x: xs, y: ys)
    let places = plane.places.flatMap { [Float($0.x), Float($0.y)] }
    let answers = classifier.answers(
      Examples(
        .numbers(places), featureCount: 2,
        places: .lines(file: path, numbers: Array(0..<places.count / 2))))
    let own = classifier.answers(examples)
    let labels = hasLabels ? examples.labels : own.map(\.label)
    return DecisionPicture(
      title: "\(name(path)) and what \(name(model)) takes it for", xTitle: input.columns[0],
      yTitle: input.columns[1], classes: input.classes,
      examples: labels.indices.map {
        .init(x: xs[$0], y: ys[$0], label: labels[$0], isWrong: labels[$0] != own[$0].label)
      },
      plane: plane, labels: answers.map(\.label), certainties: answers.map(certainty))
  }

  /// How far the likeliest class is above chance; a perceptron's answers are all the same.
  private static func certainty(_ answer: Classifier.Answer) -> Float {
    guard let probabilities = answer.probabilities else { return 0.6 }
    let chance = 1 / Float(probabilities.count)
    return (probabilities[answer.label] - chance) / (1 - chance)
  }

  private static func name(_ path: String) -> String {
    let parts = path.split(separator: "/")
    guard parts.count > 1, parts.last?.hasSuffix(".safetensors") == true else {
      return String(parts.last ?? "").printable
    }
    return parts.suffix(2).joined(separator: "/").printable
  }
}
