/// A figure by which a model is judged.
public enum Measure: String, Codable, Sendable, CaseIterable {
  /// The character error rate; 1 is 100 %.
  case cer
  /// The word error rate.
  case wer
  /// The share of examples with a wrong class.
  case errorRate
  /// The exponential of the mean loss per token.
  case perplexity
  /// The similarity of translations to references (Papineni et al. 2002), 0...100.
  case bleu
  /// The same by character n-grams (Popović 2015), 0...100.
  case chrF
  /// The mean absolute error.
  case mae
  /// The mean squared error.
  case mse
  /// The mean absolute error over that of a seasonal-naive forecast (Hyndman and Koehler 2006).
  case mase
  /// The continuous ranked probability score.
  case crps

  /// Its name for people.
  public var label: String {
    switch self {
    case .cer, .wer, .bleu, .mae, .mse, .mase, .crps: rawValue.uppercased()
    case .errorRate: "error"
    case .perplexity: "perplexity"
    case .chrF: "chrF"
    }
  }

  /// Whether more is better.
  public var growsWithQuality: Bool { [.bleu, .chrF].contains(self) }

  /// Whether it is a share, shown in percent.
  public var isShare: Bool { [.cer, .wer, .errorRate].contains(self) }

  /// A value with its name, as in `CER 3.21 %`.
  public func words(_ value: Double) -> String {
    if isShare { return "\(label) \(decimal(100 * value, 2)) %" }
    return "\(label) \(decimal(value, self == .bleu || self == .chrF ? 2 : 4))"
  }
}

/// What a model has shown on examples that it did not learn.
public struct TaskScore: Sendable, Equatable {
  /// The mean loss per example, in nats where the loss is a likelihood.
  public var loss: Double?
  /// The figures.
  public var measures: [Measure: Double]

  /// A score; see the properties.
  public init(loss: Double? = nil, measures: [Measure: Double] = [:]) {
    self.loss = loss
    self.measures = measures
  }
}
