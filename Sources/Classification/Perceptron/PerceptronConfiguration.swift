import Configuration

/// Which perceptron is trained.
public struct PerceptronConfiguration: Configuration {
  /// Which of the weights that a training goes through become the model.
  public enum Variant: String, Codable, Sendable, CaseIterable {
    /// The last ones (Rosenblatt 1958).
    case plain
    /// The mean of all, each counted as often as it was tried (Freund and Schapire 1999).
    case averaged
    /// The ones that got the most training examples right, of those that survived the longest runs
    /// without a mistake: the pocket algorithm with ratchet (Gallant 1990).
    case pocket
  }

  /// The network's name in recipes.
  public private(set) var kind = ClassifierConfiguration.Kind.perceptron
  /// Which weights become the model.
  public var variant = Variant.plain

  /// The plain perceptron.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case kind, variant }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.variant, into: &variant)
  }

  /// Everything is accepted.
  public func validate() throws(ConfigurationError) {}
}
