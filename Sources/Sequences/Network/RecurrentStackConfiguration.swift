import Configuration
import Layers
import Tensors

/// The sizes of a ``RecurrentStack``.
public struct RecurrentStackConfiguration: Configuration {
  /// What is computed at each step.
  public enum Cell: String, Codable, CaseIterable, Sendable {
    case rnn, lstm, gru

    var kind: RecurrenceKind {
      switch self {
      case .rnn: .rnn(.tanh)
      case .lstm: .lstm
      case .gru: .gru
      }
    }
  }

  /// The recurrent cell.
  public var cell = Cell.lstm
  /// The number of layers.
  public var layerCount = 1
  /// Units of each direction.
  public var hiddenSize = 128
  /// The order in which the layers read.
  public var direction = RecurrentDirection.forward
  /// The share of features that is dropped below, between and above the layers in training.
  public var dropout: Float = 0
  /// Whether what is dropped stays dropped for all steps of a sequence.
  public var variationalDropout = false

  /// The defaults.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case cell, layerCount, hiddenSize, direction, dropout, variationalDropout
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.cell, into: &cell)
    try container.read(.layerCount, into: &layerCount)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.direction, into: &direction)
    try container.read(.dropout, into: &dropout)
    try container.read(.variationalDropout, into: &variationalDropout)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try checkSize("layerCount", layerCount, in: 1...16)
    try checkSize("hiddenSize", hiddenSize, in: 1...8192)
    guard dropout >= 0, dropout < 1 else {
      throw .invalid(key: "dropout", found: "\(dropout)", expected: "0 to below 1")
    }
  }
}

func checkSize(
  _ key: String, _ value: Int, in range: ClosedRange<Int>
) throws(ConfigurationError) {
  guard range.contains(value) else {
    throw .invalid(
      key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
  }
}
