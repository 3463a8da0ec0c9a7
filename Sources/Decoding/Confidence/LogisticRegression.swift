#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A logistic regression on up to three inputs and a constant, which comes first.
///
/// Newton's method on the negative log-likelihood with the targets of Platt 1999, section 2.2, which
/// hold a data set without errors back from certainty, and a Gaussian prior of variance 1 on the
/// weights, which holds separable data back from infinite ones.
struct LogisticRegression {
  /// The weights of the constant and of the inputs.
  private(set) var weights = SIMD4<Double>(repeating: 0)

  private static let rounds = 60

  /// Fits the weights of the inputs that are `used`; the others stay 0.
  init(_ rows: [SIMD4<Double>], outcomes: [Bool], used: [Int]) {
    let right = Double(outcomes.count { $0 })
    let wrong = Double(outcomes.count) - right
    let targets = outcomes.map { $0 ? (right + 1) / (right + 2) : 1 / (wrong + 2) }
    var loss = Self.loss(rows, targets, weights)
    for _ in 0..<Self.rounds {
      let step = Self.step(rows, targets, weights, used)
      var (factor, isBetter) = (1.0, false)
      while factor > 1e-6, !isBetter {
        let candidate = weights - factor * step
        let new = Self.loss(rows, targets, candidate)
        isBetter = new < loss - 1e-12 * max(1, abs(loss))
        if isBetter { (weights, loss) = (candidate, new) }
        factor /= 2
      }
      if !isBetter { break }
    }
  }

  private static func loss(
    _ rows: [SIMD4<Double>], _ targets: [Double], _ weights: SIMD4<Double>
  ) -> Double {
    var sum = 0.0
    for (row, target) in zip(rows, targets) {
      let score = (row * weights).sum()
      sum += max(score, 0) + log1p(exp(-abs(score))) - target * score
    }
    let squares = weights * weights
    return sum + (squares[1] + squares[2] + squares[3]) / 2
  }

  /// Newton's step: the inverse of the curvature times the slope.
  private static func step(
    _ rows: [SIMD4<Double>], _ targets: [Double], _ weights: SIMD4<Double>, _ used: [Int]
  ) -> SIMD4<Double> {
    var slope = SIMD4(0, weights[1], weights[2], weights[3])
    // A trace on the diagonal keeps the system regular where every outcome is sure.
    var curvature = [SIMD4(1e-9, 0, 0, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1)]
    for (row, target) in zip(rows, targets) {
      let probability = Logit.inverse((row * weights).sum())
      slope += (probability - target) * row
      let weighted = probability * (1 - probability) * row
      for index in used { curvature[index] += weighted[index] * row }
    }
    return solve(curvature, slope, used)
  }

  /// Gaussian elimination on the rows and columns `used`; the matrix is positive definite.
  private static func solve(
    _ matrix: [SIMD4<Double>], _ right: SIMD4<Double>, _ used: [Int]
  ) -> SIMD4<Double> {
    var (matrix, right, solution) = (matrix, right, SIMD4<Double>(repeating: 0))
    for (place, pivot) in used.enumerated() {
      for row in used[(place + 1)...] {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        matrix[row] -= factor * matrix[pivot]
        right[row] -= factor * right[pivot]
      }
    }
    for (place, pivot) in used.enumerated().reversed() {
      let known = used[(place + 1)...].reduce(0) { $0 + matrix[pivot][$1] * solution[$1] }
      solution[pivot] = (right[pivot] - known) / matrix[pivot][pivot]
    }
    return solution
  }
}

/// The logarithm of the odds.
enum Logit {
  /// Beyond this, probabilities say no more.
  static let limit = 9.0

  /// The logarithm of the odds of a probability, in `-limit...limit`.
  static func of(_ probability: Double) -> Double {
    guard probability > 0 else { return -limit }
    guard probability < 1 else { return limit }
    return max(-limit, min(limit, log(probability / (1 - probability))))
  }

  /// The probability of which `score` is the logarithm of the odds.
  static func inverse(_ score: Double) -> Double {
    score >= 0 ? 1 / (1 + exp(-score)) : exp(score) / (1 + exp(score))
  }
}

extension Logit {
  /// The natural logarithm of a count, of 1 for none.
  static func logarithm(ofCount count: Int) -> Double { log(Double(max(1, count))) }
}
