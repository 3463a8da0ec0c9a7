/// What is said about the values of one window: `predictionLength` steps of each target.
public struct Forecast: Sendable, Equatable {
  /// What is said about a value.
  public enum Form: Sendable, Equatable {
    /// A number.
    case point
    /// Quantiles of these levels, which ascend.
    case quantiles([Double])
    /// Mean and deviation of a normal distribution.
    case gaussian
    /// So many draws.
    case samples(Int)

    /// How many numbers are kept for a value.
    var width: Int {
      switch self {
      case .point: 1
      case .quantiles(let levels): levels.count
      case .gaussian: 2
      case .samples(let count): count
      }
    }
  }

  /// What is said about a value.
  public let form: Form
  /// The number of steps.
  public let predictionLength: Int
  /// The number of targets.
  public let targetCount: Int
  /// `[step, target, width]`; quantiles and draws ascend.
  private var values: [Double]

  /// A forecast from its numbers, by step, target and place; quantiles and draws are sorted, since
  /// those of a network may cross (as Chernozhukov et al. 2010 do).
  public init(
    _ form: Form, predictionLength: Int, targetCount: Int,
    _ number: (_ step: Int, _ target: Int, _ place: Int) -> Double
  ) {
    (self.form, self.predictionLength) = (form, predictionLength)
    self.targetCount = targetCount
    values = []
    values.reserveCapacity(predictionLength * targetCount * form.width)
    for step in 0..<predictionLength {
      for target in 0..<targetCount {
        var numbers = (0..<form.width).map { number(step, target, $0) }
        if form != .gaussian { numbers.sort() }
        values += numbers
      }
    }
  }

  private func numbers(_ step: Int, _ target: Int) -> ArraySlice<Double> {
    let start = (step * targetCount + target) * form.width
    return values[start..<start + form.width]
  }

  /// The one number: the point, the mean, or of quantiles the median.
  public func value(step: Int, target: Int = 0) -> Double {
    let numbers = numbers(step, target)
    switch form {
    case .point, .gaussian: return numbers[numbers.startIndex]
    case .quantiles: return quantile(0.5, step: step, target: target) ?? 0
    case .samples(let count): return numbers.reduce(0, +) / Double(count)
    }
  }

  /// A quantile; nil for a point, or for a level outside of those that are known.
  ///
  /// Between known levels, and between draws, it is interpolated linearly.
  public func quantile(_ level: Double, step: Int, target: Int = 0) -> Double? {
    let numbers = numbers(step, target)
    switch form {
    case .point: return nil
    case .gaussian:
      return numbers[numbers.startIndex] + numbers[numbers.startIndex + 1]
        * NormalDistribution.quantile(level)
    case .samples(let count):
      return Self.interpolated(numbers, at: level * Double(count - 1))
    case .quantiles(let levels):
      guard let upper = levels.firstIndex(where: { $0 >= level - 1e-6 }) else { return nil }
      if abs(levels[upper] - level) <= 1e-6 { return numbers[numbers.startIndex + upper] }
      guard upper > 0 else { return nil }
      let share = (level - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
      return Self.interpolated(numbers, at: Double(upper - 1) + share)
    }
  }

  private static func interpolated(_ numbers: ArraySlice<Double>, at place: Double) -> Double {
    let lower = min(numbers.count - 1, Int(place))
    let upper = min(numbers.count - 1, lower + 1)
    let (low, high) = (numbers[numbers.startIndex + lower], numbers[numbers.startIndex + upper])
    return low + (place - Double(lower)) * (high - low)
  }

  /// The continuous ranked probability score of what is said, in the units of the values.
  ///
  /// For a point it is the absolute error; for quantiles twice the mean of their quantile losses,
  /// which comes to it as levels become many; for a normal distribution and draws it is exact
  /// (Gneiting and Raftery 2007, equations 20 and 21).
  public func rankedProbabilityScore(_ truth: Double, step: Int, target: Int = 0) -> Double {
    let numbers = numbers(step, target)
    switch form {
    case .point: return abs(truth - numbers[numbers.startIndex])
    case .gaussian:
      let deviation = numbers[numbers.startIndex + 1]
      return deviation * NormalDistribution.score((truth - numbers[numbers.startIndex]) / deviation)
    case .quantiles(let levels):
      let losses = zip(numbers, levels).map { quantile, level in
        truth >= quantile ? level * (truth - quantile) : (1 - level) * (quantile - truth)
      }
      return 2 * losses.reduce(0, +) / Double(levels.count)
    case .samples(let count):
      let distance = numbers.reduce(0) { $0 + abs($1 - truth) } / Double(count)
      var spread = 0.0
      for (index, number) in numbers.enumerated() {
        spread += Double(2 * index + 1 - count) * number
      }
      return distance - spread / Double(count * count)
    }
  }

  /// The forecast in the units of the file.
  public func unscaled(by columns: [SeriesScaling.Column]) -> Forecast {
    var result = self
    let width = form.width
    for index in values.indices {
      let column = columns[index / width % targetCount]
      result.values[index] =
        form == .gaussian && index % width == 1
        ? values[index] * column.deviation : column.unscaled(values[index])
    }
    return result
  }

  /// Levels whose quantiles describe the forecast: those that are known, or customary ones.
  public var describedLevels: [Double] {
    switch form {
    case .point: []
    case .quantiles(let levels): levels
    case .gaussian, .samples: [0.05, 0.25, 0.5, 0.75, 0.95]
    }
  }

  /// How much of the probability lies in the central intervals whose bounds are known, ascending.
  public var intervals: [Double] {
    let levels = describedLevels
    return levels.filter { low in low < 0.5 && levels.contains { abs(low + $0 - 1) < 1e-6 } }
      .map { ((1 - 2 * $0) * 1e6).rounded() / 1e6 }.sorted()
  }
}
