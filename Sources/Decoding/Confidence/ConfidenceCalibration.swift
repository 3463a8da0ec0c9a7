import Configuration

/// How probable it is that a word is right, given what a decoder knows of it.
///
/// A score, `bias` + `posteriorWeight` · logit(posterior) + `letterWeight` · logit(letter confidence) +
/// `lengthWeight` · log(letters), becomes a probability by the logistic function (Platt 1999) or, where
/// there are `values`, by a rising function that is constant in pieces (Zadrozny and Elkan 2002). More
/// evidence never gives less confidence. A calibration belongs to a model and to the decoder, with its
/// weights and its number of readings, that it was fitted with.
public struct ConfidenceCalibration: Configuration {
  /// What scores of readings are multiplied with before they become probabilities.
  public var scoreScale: Float = 1
  /// The constant of the score.
  public var bias: Float = 0
  /// The weight of the logit of ``WordEvidence/posterior``.
  public var posteriorWeight: Float = 0
  /// The weight of the logit of ``WordEvidence/letterConfidence``.
  public var letterWeight: Float = 1
  /// The weight of the logarithm of ``WordEvidence/letterCount``.
  public var lengthWeight: Float = 0
  /// The scores at which the next of `values` begins, ascending.
  public var thresholds: [Float] = []
  /// The confidence of each piece, ascending: one more than `thresholds`, or none for the logistic
  /// function.
  public var values: [Float] = []

  /// The confidence of the letters as it is.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case scoreScale, bias, posteriorWeight, letterWeight, lengthWeight, thresholds, values
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.scoreScale, into: &scoreScale)
    try container.read(.bias, into: &bias)
    try container.read(.posteriorWeight, into: &posteriorWeight)
    try container.read(.letterWeight, into: &letterWeight)
    try container.read(.lengthWeight, into: &lengthWeight)
    try container.read(.thresholds, into: &thresholds)
    try container.read(.values, into: &values)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard scoreScale > 0, scoreScale <= 1000 else {
      throw .invalid(key: "scoreScale", found: "\(scoreScale)", expected: "over 0, at most 1000")
    }
    try check("bias", bias, in: -1000...1000)
    try check("posteriorWeight", posteriorWeight, in: 0...1000)
    try check("letterWeight", letterWeight, in: 0...1000)
    try check("lengthWeight", lengthWeight, in: -1000...1000)
    guard Self.rises(thresholds), thresholds.allSatisfy(\.isFinite) else {
      throw .invalid(key: "thresholds", found: "\(thresholds)", expected: "ascending numbers")
    }
    guard Self.rises(values), values.allSatisfy({ (0...1).contains($0) }) else {
      throw .invalid(key: "values", found: "\(values)", expected: "ascending, each in 0 to 1")
    }
    guard values.count == thresholds.count + 1 || (values.isEmpty && thresholds.isEmpty) else {
      throw .invalid(
        key: "values", found: "\(values.count) values",
        expected: "one more than the \(thresholds.count) thresholds")
    }
  }

  private static func rises(_ numbers: [Float]) -> Bool {
    zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 }
  }

  private func check(
    _ key: String, _ value: Float, in range: ClosedRange<Float>
  ) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw .invalid(
        key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// The probability that a word is right, in `0...1`.
  public func callAsFunction(_ evidence: WordEvidence) -> Float {
    let score = (evidence.inputs * weights).sum()
    guard !values.isEmpty else { return Float(Logit.inverse(score)) }
    return values[thresholds.prefix { Double($0) <= score }.count]
  }

  var weights: SIMD4<Double> {
    SIMD4(Double(bias), Double(posteriorWeight), Double(letterWeight), Double(lengthWeight))
  }
}

extension WordEvidence {
  /// The inputs of the score: the constant, the two logits and the logarithm of the length.
  var inputs: SIMD4<Double> {
    SIMD4(
      1, Logit.of(Double(posterior)), Logit.of(Double(letterConfidence)),
      Logit.logarithm(ofCount: letterCount))
  }
}
