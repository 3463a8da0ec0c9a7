import Configuration
import Tables

/// Where labelled examples are: a table, a pair of IDX files, or a folder of pictures by class.
public struct ExampleSource: Configuration {
  /// A CSV file, a row for each example.
  public var table: String?
  /// How the table is written.
  public var format = TableFormat()
  /// The columns of the table that are features; null for all but the label and the targets.
  public var features: [String]?
  /// The column of the table that names the class.
  public var label: String?
  /// The columns of the table that hold the numbers to predict, instead of a label.
  public var targets: [String] = []
  /// An IDX file of pictures, such as MNIST's; may be compressed by gzip.
  public var images: String?
  /// The IDX file of their labels.
  public var labels: String?
  /// A folder with a folder of PNG pictures for each class.
  public var folder: String?

  /// No source yet.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case table, format, features, label, targets, images, labels, folder
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.table, into: &table)
    try container.read(.format, into: &format)
    try container.read(.features, into: &features)
    try container.read(.label, into: &label)
    try container.read(.targets, into: &targets)
    try container.read(.images, into: &images)
    try container.read(.labels, into: &labels)
    try container.read(.folder, into: &folder)
  }

  /// Checks that one source is named, and that all keys belong to it.
  public func validate() throws(ConfigurationError) {
    try format.validate(under: "format")
    let named = [("table", table), ("images", images), ("folder", folder)].filter { $0.1 != nil }
    guard named.count == 1 else {
      throw .invalid(
        key: named.last?.0 ?? "table",
        found: named.isEmpty ? "missing" : "given besides \(named[0].0)",
        expected: "one of table, images (with labels) or folder")
    }
    if table == nil { try refuse("label", label != nil || !targets.isEmpty, "a table") }
    if table == nil { try refuse("features", features != nil, "a table") }
    if images == nil { try refuse("labels", labels != nil, "images") }
    if images != nil, labels == nil {
      throw .invalid(key: "labels", found: "missing", expected: "the IDX file of the labels")
    }
    if table != nil, (label != nil) == !targets.isEmpty {
      throw .invalid(
        key: "label", found: label == nil ? "missing" : "given besides targets",
        expected: "the column of the class, or targets for numbers to predict")
    }
    if let features, features.isEmpty {
      throw .invalid(key: "features", found: "[]", expected: "the names of columns, or null")
    }
  }

  private func refuse(
    _ key: String, _ isGiven: Bool, _ owner: String
  ) throws(ConfigurationError) {
    if isGiven { throw .invalid(key: key, found: "given", expected: "nothing without \(owner)") }
  }

  /// The file or folder, for messages.
  public var path: String { table ?? images ?? folder ?? "" }
}
