import Configuration
import Tensors

/// How the next token is chosen from its probabilities.
public struct SamplingOptions: Configuration {
  /// What logits are divided by: below 1 for what is likely, above 1 for what is rare; 0 always takes
  /// the most probable token.
  public var temperature: Float = 1
  /// Only the most probable tokens are taken, so many; nil for all.
  public var topK: Int?
  /// Only the most probable tokens are taken, as many as have this probability together (Holtzman et
  /// al. 2020).
  public var topP: Float = 1

  /// All tokens by their probabilities.
  public init() {}

  /// The keys of the configuration.
  public enum CodingKeys: String, CodingKey, CaseIterable { case temperature, topK, topP }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.temperature, into: &temperature)
    try container.read(.topK, into: &topK)
    try container.read(.topP, into: &topP)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard temperature.isFinite, temperature >= 0 else {
      throw .invalid(key: "temperature", found: "\(temperature)", expected: "0 or more")
    }
    if let topK, topK < 1 {
      throw .invalid(key: "topK", found: "\(topK)", expected: "1 or more")
    }
    guard topP > 0, topP <= 1 else {
      throw .invalid(key: "topP", found: "\(topP)", expected: "above 0 to 1")
    }
  }

  /// Draws a label.
  ///
  /// - Parameters:
  ///   - logits: Of all labels.
  ///   - first: The first label that may be drawn.
  func draw(_ logits: [Float], from first: Int, random: inout RandomSource) -> Int {
    var order = Array(first..<logits.count)
    order.sort { logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1] }
    guard temperature > 0 else { return order[0] }
    let scaled = order.map { (logits[$0] - logits[order[0]]) / temperature }
    var shares = scaled.exponentials.map { Double($0) }
    if let topK { shares.removeLast(max(0, shares.count - topK)) }
    shares.removeLast(shares.count - nucleusCount(shares))
    var rest = Double(random.uniform()) * shares.reduce(0, +)
    for (index, share) in shares.enumerated() {
      rest -= share
      if rest < 0 { return order[index] }
    }
    return order[shares.count - 1]
  }

  /// How many of the shares, the greatest first, have ``topP`` of their sum together.
  private func nucleusCount(_ shares: [Double]) -> Int {
    guard topP < 1 else { return shares.count }
    var missing = Double(topP) * shares.reduce(0, +)
    for (index, share) in shares.enumerated() {
      missing -= share
      if missing <= 0 { return index + 1 }
    }
    return shares.count
  }
}
