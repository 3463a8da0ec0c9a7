/// How often each label was taken for each other one, and what follows from that.
public struct LabelCounts: Sendable, Equatable {
  /// The names of the labels.
  public let labels: [String]
  /// How often a label (first index) was taken for another one (second index).
  public private(set) var counts: [[Int]]

  /// Nothing counted.
  public init(labels: [String]) {
    self.labels = labels
    counts = labels.map { _ in labels.map { _ in 0 } }
  }

  /// Counts one decision.
  public mutating func add(expected: Int, found: Int) { counts[expected][found] += 1 }

  /// The number of decisions.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
  /// The number of right ones.
  public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }
  /// The share of right ones.
  public var accuracy: Double { total > 0 ? Double(correct) / Double(total) : 0 }
  /// The share of wrong ones.
  public var errorRate: Double { total > 0 ? Double(total - correct) / Double(total) : 0 }

  /// How well one label is found.
  public struct Figures: Sendable, Equatable {
    /// The name of the label.
    public let label: String
    /// How often it belonged.
    public let count: Int
    /// The share of right ones where it was given; 0 where it never was.
    public let precision: Double
    /// The share of right ones where it belonged; 0 where it never did.
    public let recall: Double

    /// The harmonic mean of both.
    public var f1: Double {
      precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }
  }

  /// The figures of each label.
  public var figures: [Figures] {
    labels.indices.map { index in
      let belonged = counts[index].reduce(0, +)
      let given = counts.reduce(0) { $0 + $1[index] }
      func share(of total: Int) -> Double {
        total > 0 ? Double(counts[index][index]) / Double(total) : 0
      }
      return Figures(
        label: labels[index], count: belonged, precision: share(of: given),
        recall: share(of: belonged))
    }
  }

  /// The mean of F1 over the labels that belonged somewhere.
  public var macroF1: Double {
    let present = figures.filter { $0.count > 0 }
    return present.isEmpty ? 0 : present.reduce(0) { $0 + $1.f1 } / Double(present.count)
  }
}
