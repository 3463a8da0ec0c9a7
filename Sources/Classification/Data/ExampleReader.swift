import Ink
import Tables

/// Reads labelled examples, and what a classifier has to know to read others like them.
public struct ExampleReader: Sendable {
  /// What the examples are like.
  public private(set) var input: ClassifierInput

  /// Reads training examples and finds out columns, sizes and classes.
  ///
  /// Classes are the values of the label column, the names of the folders, or the labels of an IDX
  /// file, ordered as numbers if all are whole numbers and by their letters otherwise.
  ///
  /// - Parameters:
  ///   - pictures: The size that pictures in a folder are scaled to; IDX files have their own.
  /// - Throws: ``ClassificationError``.
  public static func training(
    _ source: ExampleSource, pictures: PictureFormat
  ) throws(ClassificationError) -> (examples: Examples, reader: ExampleReader) {
    var reader = ExampleReader(input: ClassifierInput())
    let examples: Examples
    if let path = source.table {
      examples = try reader.learnTable(path, source)
    } else if let images = source.images, let labels = source.labels {
      examples = try reader.learnIDX(images, labels, pictures)
    } else {
      examples = try reader.learnFolder(source.folder ?? "", pictures)
    }
    guard examples.count > 0 else { throw .noExamples(file: source.path) }
    if !reader.input.isRegression, reader.input.classes.count < 2 {
      throw .oneClass(file: source.path, name: reader.input.classes.first ?? "")
    }
    return (examples, reader)
  }

  /// A reader of further examples for a model.
  public init(input: ClassifierInput) { self.input = input }

  /// Reads further labelled examples, such as those of a validation.
  ///
  /// - Throws: ``ClassificationError``, also for a class that was not trained.
  public func labelled(_ source: ExampleSource) throws(ClassificationError) -> Examples {
    if let path = source.table {
      let table = try table(path, source.format)
      var examples = try rows(table)
      if input.isRegression {
        examples.targets = try numbers(table, input.targets)
      } else {
        let column = source.label ?? input.label ?? ""
        let names = try readingTable { () throws(TableError) in try table.strings(column) }
        try setLabels(of: &examples, to: names)
      }
      return examples
    }
    if let images = source.images, let labels = source.labels {
      var examples = try self.images(IDXImages(images))
      try setLabels(of: &examples, to: IDXImages.labels(labels, of: images, examples.count))
      return examples
    }
    let (paths, names) = try PictureFolder.files(in: source.folder ?? "")
    var examples = try pictures(paths)
    try setLabels(of: &examples, to: names)
    return examples
  }

  // MARK: - Training sets

  private mutating func learnTable(
    _ path: String, _ source: ExampleSource
  ) throws(ClassificationError) -> Examples {
    let table = try readingTable { () throws(TableError) in
      try Table(reading: path, format: source.format)
    }
    for column in source.targets + [source.label].compactMap({ $0 }) where !table.hasColumn(column)
    {
      throw .table(.missingColumn(file: path, column: column, known: table.columnNames))
    }
    let others = source.targets + [source.label].compactMap { $0 }
    input.format = source.format
    input.columns = source.features ?? table.columnNames.filter { !others.contains($0) }
    guard !input.columns.isEmpty else {
      throw .wrongInput(
        file: path, found: "a table of \(others.joined(separator: ", ")) alone",
        expected: "columns that are features besides")
    }
    (input.targets, input.label) = (source.targets, source.label)
    var examples = try rows(table)
    if let label = source.label {
      let names = try readingTable { () throws(TableError) in try table.strings(label) }
      input.classes = Self.ordered(names)
      try setLabels(of: &examples, to: names)
    } else {
      examples.targets = try numbers(table, source.targets)
    }
    return examples
  }

  private mutating func learnIDX(
    _ images: String, _ labels: String, _ pictures: PictureFormat
  ) throws(ClassificationError) -> Examples {
    let file = try IDXImages(images)
    var pictures = pictures
    (pictures.width, pictures.height) = (file.width, file.height)
    input.pictures = pictures
    let names = try IDXImages.labels(labels, of: images, file.count)
    input.classes = Self.ordered(names)
    var examples = try self.images(file)
    try setLabels(of: &examples, to: names)
    return examples
  }

  private mutating func learnFolder(
    _ folder: String, _ pictures: PictureFormat
  ) throws(ClassificationError) -> Examples {
    let (paths, names) = try PictureFolder.files(in: folder)
    input.pictures = pictures
    input.classes = Self.ordered(names)
    var examples = try self.pictures(paths)
    try setLabels(of: &examples, to: names)
    return examples
  }

  /// The different names, in the order of the numbers that they are, or else of their letters.
  private static func ordered(_ names: [String]) -> [String] {
    let different = Set(names)
    let numbers = different.compactMap(Int.init)
    guard numbers.count == different.count else { return different.sorted() }
    return different.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
  }

  private func setLabels(
    of examples: inout Examples, to names: [String]
  ) throws(ClassificationError) {
    let indices = Dictionary(zip(input.classes, input.classes.indices)) { first, _ in first }
    var labels: [Int] = []
    labels.reserveCapacity(names.count)
    for (row, name) in names.enumerated() {
      guard let label = indices[name] else {
        throw .unknownClass(place: examples.place(row), found: name, known: input.classes)
      }
      labels.append(label)
    }
    examples.labels = labels
  }
}
