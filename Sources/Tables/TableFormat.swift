import Configuration

/// How the fields of a table are separated and what stands for a number that is not there.
public struct TableFormat: Configuration {
  /// What stands between two fields.
  public enum Delimiter: String, Codable, Sendable, CaseIterable {
    /// The first of comma, tab and semicolon in the first line outside quotes.
    case automatic
    case comma, semicolon, tab
  }

  /// What stands between two fields.
  public var delimiter = Delimiter.automatic
  /// Whether the first row names the columns; otherwise they are called 1, 2, ...
  public var hasHeader = true
  /// Fields that stand for a missing number, such as `""`, `NA` or `NaN`; by default none, so that
  /// a missing number is an error that names its line.
  public var missingValues: [String] = []
  /// Whether the decimals of a number follow a comma, as in 3,14.
  public var decimalComma = false

  /// Named columns, the delimiter guessed, no missing numbers.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case delimiter, hasHeader, missingValues, decimalComma
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.delimiter, into: &delimiter)
    try container.read(.hasHeader, into: &hasHeader)
    try container.read(.missingValues, into: &missingValues)
    try container.read(.decimalComma, into: &decimalComma)
  }

  /// Checks that a comma does not have to be two things.
  public func validate() throws(ConfigurationError) {
    if decimalComma, delimiter == .comma {
      throw .invalid(
        key: "decimalComma", found: "true where a comma separates the fields",
        expected: "false, or delimiter: semicolon or tab")
    }
  }
}
