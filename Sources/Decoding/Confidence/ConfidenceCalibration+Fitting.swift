extension ConfidenceCalibration {
  /// A word whose correctness is known.
  public struct Example: Sendable, Equatable {
    /// What the decoder knows of it.
    public var evidence: WordEvidence
    /// Whether the word is right.
    public var isCorrect: Bool
    /// The number of its utterance; words of one utterance are not independent.
    public var utterance: Int

    /// A word of an utterance.
    public init(evidence: WordEvidence, isCorrect: Bool, utterance: Int) {
      (self.evidence, self.isCorrect, self.utterance) = (evidence, isCorrect, utterance)
    }
  }

  /// The calibration of those considered that predicts words of other utterances best.
  ///
  /// Considered are a constant, the logistic function of one or both kinds of evidence, with the
  /// length of the word or without it, and steps instead of the logistic function. What counts is
  /// the negative log-likelihood in a cross-validation by utterance; of equal ones the simplest is
  /// taken. The same examples give the same calibration.
  ///
  /// - Parameter examples: Words of any number of utterances; without any, the confidence is ½.
  public init(fitting examples: [Example], scoreScale: Float = 1) {
    self = CalibrationFit(examples, scoreScale: scoreScale).calibration
  }
}

/// A calibration and what it would say of words that it was not fitted to.
struct CalibrationFit {
  let calibration: ConfidenceCalibration
  /// The confidence of each example by a calibration of the same kind without its utterance's fold.
  let heldOut: [Float]
  /// The mean negative log-likelihood of `heldOut`, in nats.
  let loss: Double

  static let foldCount = 5

  init(_ examples: [ConfidenceCalibration.Example], scoreScale: Float) {
    var best: (kind: Kind, heldOut: [Float], loss: Double)?
    for kind in Kind.all {
      let heldOut = Self.heldOut(examples, kind)
      let loss = Self.loss(heldOut, examples)
      // A more complex kind must earn its place.
      if loss < (best?.loss ?? .infinity) - 1e-4 { best = (kind, heldOut, loss) }
    }
    let chosen = best ?? (Kind.all[0], [], 0)
    var calibration = chosen.kind.fit(examples)
    calibration.scoreScale = scoreScale
    (self.calibration, heldOut, loss) = (calibration, chosen.heldOut, chosen.loss)
  }

  private static func heldOut(
    _ examples: [ConfidenceCalibration.Example], _ kind: Kind
  ) -> [Float] {
    var predictions = [Float](repeating: 0, count: examples.count)
    let utterances = Set(examples.map(\.utterance)).sorted()
    let folds = Dictionary(
      uniqueKeysWithValues: utterances.enumerated().map { ($1, $0 % foldCount) })
    for fold in 0..<foldCount {
      let rest = examples.filter { folds[$0.utterance] != fold }
      let calibration = kind.fit(rest)
      for (index, example) in examples.enumerated() where folds[example.utterance] == fold {
        predictions[index] = calibration(example.evidence)
      }
    }
    return predictions
  }

  private static func loss(
    _ confidences: [Float], _ examples: [ConfidenceCalibration.Example]
  ) -> Double {
    CalibrationMeasures(zip(confidences, examples).map { ($0, $1.isCorrect) })
      .negativeLogLikelihood
  }
}

/// One form that a calibration may have.
private struct Kind {
  /// The inputs, by their place.
  let inputs: [Int]
  let hasSteps: Bool

  /// The simplest first.
  static let all =
    [[0], [0, 2], [0, 1], [0, 1, 2], [0, 2, 3], [0, 1, 2, 3]].map {
      Kind(inputs: $0, hasSteps: false)
    } + [[0, 2], [0, 1], [0, 1, 2]].map { Kind(inputs: $0, hasSteps: true) }

  func fit(_ examples: [ConfidenceCalibration.Example]) -> ConfidenceCalibration {
    let rows = examples.map(\.evidence.inputs)
    let outcomes = examples.map(\.isCorrect)
    var used = inputs
    var weights = LogisticRegression(rows, outcomes: outcomes, used: used).weights
    // More evidence must not mean less confidence: an input that says so is left out.
    while let falling = used.first(where: { (1...2).contains($0) && weights[$0] < 0 }) {
      used.removeAll { $0 == falling }
      weights = LogisticRegression(rows, outcomes: outcomes, used: used).weights
    }
    var calibration = ConfidenceCalibration()
    calibration.bias = Float(weights[0])
    calibration.posteriorWeight = Float(weights[1])
    calibration.letterWeight = Float(weights[2])
    calibration.lengthWeight = Float(weights[3])
    guard hasSteps else { return calibration }
    let stored = calibration.weights
    let steps = IsotonicRegression(rows.map { ($0 * stored).sum() }, outcomes: outcomes)
    calibration.thresholds = steps.thresholds.map { Float($0) }
    calibration.values = steps.values.map { Float($0) }
    return calibration
  }
}
