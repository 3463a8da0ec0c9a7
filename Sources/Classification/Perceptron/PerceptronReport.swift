/// What came of the training of a perceptron: its mistakes beside what theory says of them.
public struct PerceptronReport: Sendable, Equatable {
  /// The passes over the examples.
  public var passCount: Int
  /// The mistakes of all passes.
  public var mistakes: Int
  /// The mistakes of the last pass.
  public var lastMistakes: Int
  /// Whether the classes can be told apart, and by which margin.
  public var separation: LinearSeparation

  /// A report of these figures.
  public init(
    passCount: Int, mistakes: Int, lastMistakes: Int, separation: LinearSeparation
  ) {
    (self.passCount, self.mistakes) = (passCount, mistakes)
    (self.lastMistakes, self.separation) = (lastMistakes, separation)
  }

  /// What to tell the user, a sentence a line.
  public var lines: [String] {
    let first = "\(mistakes) mistakes in \(passes), \(lastMistakes) in the last"
    return [first] + conclusion
  }

  private var conclusion: [String] {
    let (margin, greatest) = (Self.short(separation.margin), Self.short(separation.greatestMargin))
    switch separation.verdict {
    case .separable:
      let bound = separation.mistakeBound ?? .infinity
      let radius = Self.short(separation.radius)
      return [
        "the classes are linearly separable: margin γ = \(margin) (the greatest is at most "
          + "\(greatest)), longest example R = \(radius)",
        "Novikoff: at most (R/γ)² = \(Self.short(bound.rounded(.down))) mistakes"
          + (lastMistakes > 0 ? "; more passes will get everything right" : ""),
      ]
    case .notSeparable:
      return [
        "the classes are not linearly separable: their convex hulls meet (their distance is "
          + "\(greatest)), so no perceptron gets everything right"
      ]
    case .undecided:
      return [
        lastMistakes == 0
          ? "everything is right, by a margin of less than \(greatest)"
          : "no separating weights were found in \(passes); if there are any, their margin is at "
            + "most \(greatest)"
      ]
    }
  }

  private var passes: String { passCount == 1 ? "1 pass" : "\(passCount) passes" }

  /// Four digits that count; whole numbers in full.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    var (digits, exponent) = (abs(value), 0)
    while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
    while digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
    let rounded = (digits * 1000).rounded() / 1000
    let sign = value < 0 ? "-" : ""
    guard !(-4...3).contains(exponent) else {
      let places = 3 - exponent
      return sign + decimal(abs(value), places: places)
    }
    return "\(sign)\(decimal(rounded, places: 3))e\(exponent)"
  }

  private static func decimal(_ value: Double, places: Int) -> String {
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    let digits = String(Int((value * factor).rounded()))
    guard places > 0 else { return digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return padded.dropLast(places) + "." + padded.suffix(places)
  }
}
