import Configuration
import Tensors

/// Which examples are held back from the training to validate it.
public struct ExampleSplit: Configuration {
  /// How many.
  public var count = 0
  /// Whether they are drawn at random by the seed; otherwise they are the last ones.
  public var atRandom = false

  /// None.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case count, atRandom }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.count, into: &count)
    try container.read(.atRandom, into: &atRandom)
  }

  /// Checks the number.
  public func validate() throws(ConfigurationError) {
    try require(count >= 0, "count", count, "0 or more")
  }

  /// Splits examples; the order within each part is that of the whole.
  ///
  /// - Throws: ``ClassificationError/heldBackTooMany(found:count:)``.
  public func callAsFunction(
    _ examples: Examples, seed: UInt64
  ) throws(ClassificationError) -> (training: Examples, heldBack: Examples?) {
    guard count > 0 else { return (examples, nil) }
    guard count < examples.count else {
      throw .heldBackTooMany(found: count, count: examples.count)
    }
    var order = Array(0..<examples.count)
    let kept = examples.count - count
    if atRandom {
      var random = RandomSource(seed: seed, Self.stream)
      order.shuffle(using: &random)
      order = order[..<kept].sorted() + order[kept...].sorted()
    }
    return (
      examples.subset(Array(order[..<kept])), examples.subset(Array(order[kept...]))
    )
  }

  /// Keeps the draw apart from others of the same seed.
  private static let stream = 0x5911
}
