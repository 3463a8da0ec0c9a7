import Tables

/// What a classifier reads and what it tells, as found in its training data; stored in its file.
public struct ClassifierInput: Codable, Sendable, Equatable {
  /// The columns of a table that are the features; empty for pictures.
  public var columns: [String] = []
  /// How the table was written; what it says of missing numbers and decimals holds for other tables.
  public var format = TableFormat()
  /// How pictures become features; nil for tables.
  public var pictures: PictureFormat?
  /// What the features are standardised by, if they are.
  public var statistics: ColumnStatistics?
  /// The names of the classes; empty if numbers are predicted.
  public var classes: [String] = []
  /// The names of the numbers that are predicted.
  public var targets: [String] = []
  /// What the predicted numbers were standardised by in training.
  public var targetStatistics: ColumnStatistics?
  /// The column of a table that names the class, if it was trained on one.
  public var label: String?

  /// Nothing yet.
  public init() {}

  /// The number of features of an example.
  public var featureCount: Int { pictures?.pixelCount ?? columns.count }

  /// The number of outputs of a network: classes or numbers.
  public var outputCount: Int { isRegression ? targets.count : classes.count }

  /// Whether numbers are predicted, not classes.
  public var isRegression: Bool { !targets.isEmpty }

  /// What it reads, in words.
  public var words: String {
    if let pictures { return "pictures of \(pictures.size)" }
    return "tables with the columns " + columns.prefix(10).joined(separator: ", ")
      + (columns.count > 10 ? ", …" : "")
  }
}
