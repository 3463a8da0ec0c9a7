import Autograd
import Tensors

extension Perceptron {
  /// Tries a batch and corrects the weights at each mistake; see ``PerceptronPass``.
  ///
  /// The new weights become updates of the tape, which the trainer stores after the step.
  ///
  /// - Parameters:
  ///   - features: `[batch, featureCount]`
  ///   - labels: The class of each row.
  ///   - isFirst: Whether this is the first batch of a pass.
  ///   - examples: All training examples and their statistics, for the pocket variant.
  /// - Returns: The share of mistakes, a constant.
  public func trainingStep(
    _ features: Tensor, labels: [Int], isFirst: Bool, examples: PerceptronExamples? = nil,
    on tape: Tape
  ) -> Variable {
    precondition(
      features.shape.rank == 2 && features.shape[1] == featureCount
        && labels.count == features.shape[0],
      "Perceptron: got \(features.shape) and \(labels.count) labels, "
        + "expected [batch, \(featureCount)] and as many")
    let before = isFirst ? 0 : counts.mistakesOfPass
    let pass = passed(features, labels: labels, isFirst: isFirst, examples: examples)
    for (parameter, value) in pass.values(self) { tape.update(parameter, to: value) }
    let mistakes = pass.counts.mistakesOfPass - before
    return Variable(Tensor(scalar: Float(mistakes) / Float(max(1, labels.count))))
  }

  /// Makes a pass over examples outside of a trainer.
  ///
  /// - Returns: The number of mistakes.
  @discardableResult
  public mutating func train(_ examples: PerceptronExamples) -> Int {
    let pass = passed(
      examples.features, labels: examples.labels, isFirst: true, examples: examples)
    let values = Dictionary(
      pass.values(self).map { ($0.parameter.identity, $0.value) }
    ) { first, _ in first }
    visitParameters { _, parameter in
      if let value = values[parameter.identity] { parameter.value = value }
    }
    return pass.counts.mistakesOfPass
  }

  private func passed(
    _ features: Tensor, labels: [Int], isFirst: Bool, examples: PerceptronExamples?
  ) -> PerceptronPass {
    var pass = PerceptronPass(self, isFirst: isFirst)
    let counting = variant == .pocket ? examples : nil
    let (units, size) = (weight.shape[0], weight.shape[1])
    let ratchet = counting.map { all in
      PerceptronPass.Ratchet(exampleCount: all.labels.count) {
        all.correctCount($0, units: units, rowSize: size)
      }
    }
    pass(features, labels: labels, ratchet: ratchet)
    return pass
  }
}

/// All training examples of a perceptron.
public struct PerceptronExamples: Sendable {
  /// `[example, featureCount]`, standardised as the perceptron sees them.
  public let features: Tensor
  /// The class of each.
  public let labels: [Int]

  /// Examples and their classes.
  public init(features: Tensor, labels: [Int]) {
    precondition(
      features.shape.rank == 2 && features.shape[0] == labels.count,
      "PerceptronExamples: got \(features.shape) and \(labels.count) labels, expected as many rows")
    (self.features, self.labels) = (features, labels)
  }

  /// How many examples the weights get right.
  func correctCount(_ weight: [Float], units: Int, rowSize: Int) -> Int {
    let size = rowSize - 1
    return features.withUnsafeBufferPointer { x in
      weight.withUnsafeBufferPointer { w in
        var correct = 0
        for (row, label) in labels.enumerated() {
          let example = UnsafeBufferPointer(rebasing: x[row * size..<(row + 1) * size])
          if units == 1 {
            let sum = PerceptronPass.sum(example, w, unit: 0)
            if (label == 1 ? sum : -sum) > 0 { correct += 1 }
            continue
          }
          let own = PerceptronPass.sum(example, w, unit: label)
          var isBest = true
          for unit in 0..<units where unit != label && isBest {
            isBest = own > PerceptronPass.sum(example, w, unit: unit)
          }
          if isBest { correct += 1 }
        }
        return correct
      }
    }
  }
}
