import Autograd
import Layers
import Tensors

extension SequenceModel {
  /// Whether a sequence has one label instead of one for each step.
  public var pools: Bool { network.pooling != nil }

  /// The mean cross-entropy over the sequences of a batch, or over their steps, in nats.
  ///
  /// - Parameter targets: The places of the labels of each sequence: one, or one for each step.
  public func loss(
    _ batch: SequenceBatch, targets: [[Int]], labelSmoothing: Float = 0,
    classWeights: [Float]? = nil, on tape: Tape? = nil
  ) -> Variable {
    crossEntropy(
      logits: network(batch, on: tape).logits, targets: rows(of: targets),
      ignoredLabel: Self.ignored, labelSmoothing: labelSmoothing, classWeights: classWeights,
      on: tape
    ).loss
  }

  /// Counts which labels are taken for which.
  ///
  /// - Returns: The sum of the cross-entropies, in nats.
  public func judge(
    _ batch: SequenceBatch, targets: [[Int]], counts: inout LabelCounts
  ) -> Double {
    let logits = network(batch).logits
    let rows = rows(of: targets)
    let found = logits.tensor.withUnsafeBufferPointer { logits in
      rows.indices.map { row in
        (0..<labels.count).max {
          logits[row * labels.count + $0] < logits[row * labels.count + $1]
        } ?? 0
      }
    }
    for (expected, found) in zip(rows, found) where expected != Self.ignored {
      counts.add(expected: expected, found: found)
    }
    return crossEntropy(logits: logits, targets: rows, ignoredLabel: Self.ignored).perRow
      .reduce(0.0) { $0 + Double($1) }
  }

  /// The targets in the order of the logits.
  private func rows(of targets: [[Int]]) -> [Int] {
    if pools {
      precondition(
        targets.allSatisfy { $0.count == 1 }, "SequenceModel: expected one target a sequence")
      return targets.map { $0[0] }
    }
    return SequenceBatch.targets(targets, ignored: Self.ignored)
  }
}
