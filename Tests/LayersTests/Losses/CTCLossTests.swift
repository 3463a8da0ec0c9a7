import Autograd
import Layers
import TestSupport
import Tensors
import Testing

/// The loss, the costs, and the gradient with respect to the logits.
func ctc(
  _ logits: Tensor, _ lengths: [Int], _ targets: [[Int]], blank: Int = 0,
  infeasible: InfeasibleTargets = .infinite, reduction: LossReduction = .sum,
  normalizesByTargetLength: Bool = false
) -> (loss: Float, costs: [Float], gradient: Tensor) {
  let tape = Tape()
  let x = tape.watch(logits)
  let (loss, costs) = ctcLoss(
    logits: x, frameLengths: lengths, targets: targets, blank: blank, infeasible: infeasible,
    reduction: reduction, normalizesByTargetLength: normalizesByTargetLength, on: tape)
  let gradient = tape.gradients(of: loss, withRespectTo: [x]).variables[0]
  return (loss.tensor.item, costs, gradient ?? Tensor(zeros: [0]))
}

@Suite struct CTCLossTests {
  /// A sequence of a batch, `[time][label]`.
  private func rows(_ tensor: Tensor, item: Int, frames: Int) -> [[Double]] {
    (0..<frames).map { t in (0..<tensor.shape[2]).map { Double(tensor[t, item, $0]) } }
  }

  /// Every frame count, target and blank for which enumeration is quick: repeated labels, empty
  /// targets, targets that do not fit, all beside each other in one batch with padding.
  @Test(arguments: [0, 1, 2, 3]) func equalsExactEnumeration(blank: Int) {
    var random = RandomSource(seed: 3, blank)
    let labels = 4
    let letters = (0..<labels).filter { $0 != blank }
    var items: [(frames: Int, target: [Int])] = []
    for frames in 0...6 {
      for length in 0...4 {
        for _ in 0..<3 {
          let target = (0..<length).map { _ in letters[random.integer(in: 0...2)] }
          items.append((frames, target))
        }
        items.append((frames, [Int](repeating: letters[0], count: length)))
      }
    }
    let logits = Tensor.random([8, items.count, labels], in: -3...3, &random)
    let found = ctc(logits, items.map(\.frames), items.map(\.target), blank: blank)
    for (index, item) in items.enumerated() {
      let reference = CTCEnumeration(
        logits: rows(logits, item: index, frames: item.frames), target: item.target, blank: blank)
      let (cost, gradient) = reference.costAndGradient
      let minimum = ctcMinimumFrames(for: item.target)
      #expect((cost == .infinity) == (minimum > item.frames))
      expectClose([found.costs[index]], [Float(cost)], absolute: 2e-6, relative: 1e-6, "\(item)")
      let expected = gradient.flatMap { $0.map(Float.init) }
      let padding = [Float](repeating: 0, count: (8 - item.frames) * labels)
      expectClose(
        rows(found.gradient, item: index, frames: 8).flatMap { $0.map(Float.init) },
        expected + padding, absolute: 2e-6, "gradient, \(item), seed 3, blank \(blank)")
    }
  }

  /// The example of Graves' implementation that TensorFlow tests with
  /// (tensorflow/python/kernel_tests/nn_ops/ctc_loss_op_test.py, testBasic), blank 5; the two
  /// frames of padding are NaN.
  @Test func equalsTheValuesOfTensorFlow() {
    let first: [[Float]] = [
      [0.633766, 0.221185, 0.0917319, 0.0129757, 0.0142857, 0.0260553],
      [0.111121, 0.588392, 0.278779, 0.0055756, 0.00569609, 0.010436],
      [0.0357786, 0.633813, 0.321418, 0.00249248, 0.00272882, 0.0037688],
      [0.0663296, 0.643849, 0.280111, 0.00283995, 0.0035545, 0.00331533],
      [0.458235, 0.396634, 0.123377, 0.00648837, 0.00903441, 0.00623107],
    ]
    let second: [[Float]] = [
      [0.30176, 0.28562, 0.0831517, 0.0862751, 0.0816851, 0.161508],
      [0.24082, 0.397533, 0.0557226, 0.0546814, 0.0557528, 0.19549],
      [0.230246, 0.450868, 0.0389607, 0.038309, 0.0391602, 0.202456],
      [0.280884, 0.429522, 0.0326593, 0.0339046, 0.0326856, 0.190345],
      [0.423286, 0.315517, 0.0338439, 0.0393744, 0.0339315, 0.154046],
    ]
    // Where the gradient differs from the probabilities.
    var firstGradient = first
    (firstGradient[0][0], firstGradient[1][1]) = (-0.366234, -0.411608)
    (firstGradient[2][2], firstGradient[3][1]) = (-0.678582, -0.356151)
    firstGradient[4][0] = -0.541765
    var secondGradient = second
    (secondGradient[0][0], secondGradient[1][1]) = (-0.69824, -0.602467)
    (secondGradient[2][5], secondGradient[3][1]) = (-0.797544, -0.570478)
    secondGradient[4][0] = -0.576714
    var logits = Tensor(repeating: .nan, [7, 2, 6])
    var gradient = Tensor(zeros: [7, 2, 6])
    for t in 0..<5 {
      for k in 0..<6 {
        logits[t, 0, k] = logarithm(first[t][k])
        logits[t, 1, k] = logarithm(second[t][k])
        gradient[t, 0, k] = firstGradient[t][k]
        gradient[t, 1, k] = secondGradient[t][k]
      }
    }
    let found = ctc(logits, [5, 5], [[0, 1, 2, 1, 0], [0, 1, 1, 0]], blank: 5)
    expectClose(found.costs, [3.34211, 5.42262], absolute: 1e-5)
    expectClose(found.gradient, gradient, absolute: 2e-6)
  }

  @Test func gradientAgreesWithCentralDifferences() {
    var random = RandomSource(seed: 4)
    let logits = Tensor.random([9, 3, 5], in: -2...2, &random)
    expectGradients(of: NoParameters(), inputs: [logits], samples: 135) { _, x, tape in
      ctcLoss(
        logits: x[0], frameLengths: [9, 7, 4], targets: [[1, 2, 2, 4], [3], []],
        normalizesByTargetLength: true, on: tape
      ).loss
    }
  }
}

/// A model without parameters, to check operations with.
struct NoParameters: Module {
  mutating func visit(_ visitor: inout ParameterVisitor) {}
}
