#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension BLEU {
  /// A score and what it is made of.
  public struct Score: Sendable, Equatable {
    /// The geometric mean of the precisions times the brevity penalty, 0...100.
    public let score: Double
    /// The share of right n-grams of 1...4 words, in percent, after smoothing.
    public let precisions: [Double]
    /// 1, or less if the hypotheses are shorter than the references.
    public let brevityPenalty: Double
    /// The words of all hypotheses.
    public let hypothesisLength: Int
    /// The words of the references, of each sentence's that which is closest in length.
    public let referenceLength: Int
    /// How the score was made, in sacreBLEU's form.
    public let signature: String

    /// The length of the hypotheses for one word of the references; 0 if these have none.
    public var lengthRatio: Double {
      referenceLength == 0 ? 0 : Double(hypothesisLength) / Double(referenceLength)
    }

    init(
      _ statistics: [Int], smoothing: Smoothing, effectiveOrder: Bool, signature: String
    ) {
      let order = BLEU.maximumOrder
      let statistics = statistics.isEmpty ? [Int](repeating: 0, count: 2 + 2 * order) : statistics
      self.signature = signature
      (hypothesisLength, referenceLength) = (statistics[0], statistics[1])
      brevityPenalty = Self.penalty(hypothesisLength, referenceLength)
      let precisions = Precisions(
        correct: Array(statistics[2..<2 + order]), total: Array(statistics[(2 + order)...]),
        smoothing: smoothing)
      self.precisions = precisions.percent
      let count = effectiveOrder ? precisions.orderCount : order
      score = count == 0 ? 0 : brevityPenalty * Self.mean(precisions.percent.prefix(count))
    }

    private static func penalty(_ hypothesis: Int, _ reference: Int) -> Double {
      guard hypothesis < reference else { return 1 }
      return hypothesis == 0 ? 0 : exp(1 - Double(reference) / Double(hypothesis))
    }

    /// The geometric mean.
    private static func mean(_ values: ArraySlice<Double>) -> Double {
      guard values.allSatisfy({ $0 > 0 }) else { return 0 }
      return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
  }

  /// The precision of each order.
  private struct Precisions {
    /// In percent; all 0 if not a word is right.
    var percent: [Double]
    /// The orders that the hypotheses are long enough for; 0 if not a word is right.
    var orderCount = 0

    init(correct: [Int], total: [Int], smoothing: Smoothing) {
      percent = [Double](repeating: 0, count: correct.count)
      guard correct.contains(where: { $0 > 0 }) else { return }
      var part = 1.0
      for index in percent.indices {
        var (right, all) = (Double(correct[index]), Double(total[index]))
        if case .addK(let k) = smoothing, index > 0 { (right, all) = (right + k, all + k) }
        guard all > 0 else { break }
        orderCount = index + 1
        if right == 0 {
          switch smoothing {
          case .exponential:
            part *= 2
            percent[index] = 100 / (part * all)
          case .floor(let value): percent[index] = 100 * value / all
          case .addK, .none: break
          }
        } else {
          percent[index] = 100 * right / all
        }
      }
    }
  }
}

extension BLEU.Smoothing {
  /// The smoothing in a signature, with two decimals of its parameter: `floor[0.10]`.
  var signature: String {
    switch self {
    case .exponential: return "exp"
    case .floor(let value): return "floor[\(Self.hundredths(value))]"
    case .addK(let value): return "add-k[\(Self.hundredths(value))]"
    case .none: return "none"
    }
  }

  private static func hundredths(_ value: Double) -> String {
    let digits = "\(Int((value * 100).rounded(.toNearestOrEven)))"
    let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    return padded.dropLast(2) + "." + padded.suffix(2)
  }
}
