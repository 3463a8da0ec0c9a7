import Autograd
import Layers
import Tensors

/// The perceptron (Rosenblatt 1958): a threshold unit for two classes, or a unit for each of several,
/// of which the one with the greatest sum wins.
///
/// It holds the weights that are tried and, for its variant, those that it would answer with. None of
/// them is trained by gradients: ``PerceptronPass`` applies the perceptron rule to them.
public struct Perceptron: Module {
  /// The weights that are tried, `[unit, featureCount + 1]`, the last column being the bias. There is
  /// one unit for two classes, and one for each of more.
  public package(set) var weight: Parameter
  /// The average so far, or the best so far; nil for the plain variant.
  public internal(set) var answer: Parameter?
  /// What the average is made from: the updates, each times the number of trials before it.
  var delayedUpdates: Parameter?
  /// Counts of the training, see ``PerceptronCounts``.
  var counters: Parameter
  /// Which weights are answered with.
  public let variant: PerceptronConfiguration.Variant

  /// A perceptron of zeros, which gets everything wrong.
  public init(_ configuration: PerceptronConfiguration, featureCount: Int, classCount: Int) {
    precondition(
      featureCount > 0 && classCount > 1,
      "Perceptron: got \(featureCount) features, \(classCount) classes, expected 1 and 2 at least")
    variant = configuration.variant
    let shape: Shape = [classCount == 2 ? 1 : classCount, featureCount + 1]
    func zeros() -> Parameter { Parameter(Tensor(zeros: shape), isTrainable: false) }
    weight = zeros()
    answer = variant == .plain ? nil : zeros()
    delayedUpdates = variant == .averaged ? zeros() : nil
    counters = Parameter(PerceptronCounts().tensor, isTrainable: false)
  }

  /// The number of features, the constant one left out.
  public var featureCount: Int { weight.shape[1] - 1 }
  /// The number of classes.
  public var classCount: Int { weight.shape[0] == 1 ? 2 : weight.shape[0] }
  /// What was counted in training.
  public var counts: PerceptronCounts { PerceptronCounts(counters.value) }

  /// The score of each class, `[batch, featureCount]` to `[batch, classCount]`, by the answering
  /// weights; for two classes minus and plus half of the unit's sum.
  ///
  /// The class is the one of the greatest score, the first if there are several.
  public func scores(_ features: Tensor) -> Tensor {
    precondition(
      features.shape.rank == 2 && features.shape[1] == featureCount,
      "Perceptron: got \(features.shape), expected [batch, \(featureCount)]")
    let weights = (answer ?? weight).value
    let (rows, units) = (features.shape[0], weights.shape[0])
    return Tensor(unsafeUninitialized: [rows, classCount]) { output in
      features.withUnsafeBufferPointer { x in
        weights.withUnsafeBufferPointer { w in
          for row in 0..<rows {
            let x = UnsafeBufferPointer(
              rebasing: x[row * featureCount..<(row + 1) * featureCount])
            for unit in 0..<units {
              let sum = PerceptronPass.sum(x, w, unit: unit)
              if units == 1 {
                (output[2 * row], output[2 * row + 1]) = (-sum / 2, sum / 2)
              } else {
                output[row * units + unit] = sum
              }
            }
          }
        }
      }
    }
  }

  /// Shows the weights and the counts.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("answer", &answer)
    visitor.parameter("delayedUpdates", &delayedUpdates)
    visitor.parameter("counters", &counters)
  }
}

/// What is counted while a perceptron is trained.
public struct PerceptronCounts: Sendable, Equatable {
  /// The trials: an example that is looked at is one.
  public var trials = 0
  /// The mistakes since the beginning.
  public var mistakes = 0
  /// The mistakes of the pass that is going on or was the last.
  public var mistakesOfPass = 0
  /// The trials without a mistake until now.
  public var run = 0
  /// The run of the weights in the pocket.
  public var bestRun = 0
  /// The training examples that the weights in the pocket get right.
  public var bestCorrect = 0
  /// How often weights were tried on all training examples.
  var evaluations = 0
  /// Whether the weights that are tried are those in the pocket.
  var areInPocket = false

  /// Nothing yet.
  public init() {}

  /// The counts as floats, each in two parts, since a float counts only to 2²⁴.
  var tensor: Tensor {
    Tensor(
      [
        trials, mistakes, mistakesOfPass, run, bestRun, bestCorrect, evaluations,
        areInPocket ? 1 : 0,
      ].flatMap { [Float($0 >> 20), Float($0 & 0xF_FFFF)] })
  }

  init(_ tensor: Tensor) {
    let parts = tensor.scalars
    precondition(parts.count == 16, "PerceptronCounts: got \(tensor.shape), expected [16]")
    func count(_ index: Int) -> Int { Int(parts[2 * index]) << 20 | Int(parts[2 * index + 1]) }
    (trials, mistakes, mistakesOfPass) = (count(0), count(1), count(2))
    (run, bestRun, bestCorrect) = (count(3), count(4), count(5))
    (evaluations, areInPocket) = (count(6), count(7) == 1)
  }
}
