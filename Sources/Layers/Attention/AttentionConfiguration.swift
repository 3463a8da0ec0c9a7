import Configuration

/// How a query is compared with the positions of a memory, and what it gets from them.
public struct AttentionConfiguration: Configuration {
  /// The form of the scores.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// v · tanh(W q + V m + b) (Bahdanau et al. 2015).
    case additive
    /// q · W m (Luong et al. 2015).
    case general
    /// q · m, where both have the same size (Luong et al. 2015).
    case dot
    /// Dot products of projections, in several heads side by side (Vaswani et al. 2017).
    case multiHead
    /// Additive, with the weights of the step before under learned filters, which shows where it was
    /// (Chorowski et al. 2015); inside a decoder only.
    case location
  }

  /// The form of the scores.
  public var kind = Kind.additive
  /// The size of what is compared: of the hidden layer of additive scores, and of queries, keys and
  /// values of all heads together.
  public var size = 256
  /// The heads of `multiHead`, which divide `size`.
  public var headCount = 4
  /// Whether dot products are divided by the root of their size (Vaswani et al. 2017); those of
  /// `multiHead` always are.
  public var scaled = true
  /// The filters of `location`.
  public var filterCount = 10
  /// The positions that a filter of `location` sees, an odd number.
  public var filterWidth = 31
  /// What the scores of `location` are multiplied with: above 1 the weights are sharper.
  public var sharpening: Float = 1

  /// The defaults: additive scores.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, size, headCount, scaled, filterCount, filterWidth, sharpening
  }

  /// Reads the keys that are present; unknown ones are refused.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.size, into: &size)
    try container.read(.headCount, into: &headCount)
    try container.read(.scaled, into: &scaled)
    try container.read(.filterCount, into: &filterCount)
    try container.read(.filterWidth, into: &filterWidth)
    try container.read(.sharpening, into: &sharpening)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require(size > 0, "size", size, "1 or more")
    try require(headCount > 0, "headCount", headCount, "1 or more")
    if kind == .multiHead {
      try require(size % headCount == 0, "headCount", headCount, "a divisor of size, \(size)")
    }
    try require(1...64 ~= filterCount, "filterCount", filterCount, "1 to 64")
    try require(
      filterWidth > 0 && filterWidth % 2 == 1, "filterWidth", filterWidth, "an odd number")
    try require(
      sharpening > 0 && sharpening.isFinite, "sharpening", sharpening, "a number above 0")
  }
}
