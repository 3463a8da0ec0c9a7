import Autograd
import Tensors

/// The perceptron rule over some examples, one after the other.
///
/// - Of two classes: the unit's sum *w · x* must have the sign of the class, +1 for the second and −1
///   for the first; otherwise, and where it is zero, *±x* is added to *w* (Rosenblatt 1958).
/// - Of more: the sum of the right class must exceed all others; otherwise *x* is added to its weights
///   and subtracted from those of the greatest other (Crammer and Singer 2003 call updates of this
///   kind ultraconservative).
///
/// Every example has a constant 1 besides its features. It does not matter how the examples of a pass
/// are cut into batches.
struct PerceptronPass {
  /// Counts the training examples that weights get right.
  struct Ratchet {
    let exampleCount: Int
    let correctCount: (_ weight: [Float]) -> Int
  }

  private var weight: [Float]
  private var delayed: [Float]
  private let units: Int
  private let features: Int
  private(set) var counts: PerceptronCounts
  private(set) var pocket: [Float]?

  /// Goes on where a perceptron stands.
  ///
  /// - Parameter isFirst: Whether a new pass over the examples begins.
  init(_ perceptron: Perceptron, isFirst: Bool) {
    weight = perceptron.weight.value.scalars
    delayed = perceptron.delayedUpdates?.value.scalars ?? []
    (units, features) = (perceptron.weight.shape[0], perceptron.featureCount)
    counts = perceptron.counts
    if isFirst { counts.mistakesOfPass = 0 }
  }

  /// Tries and updates on the rows of `x`, `[batch, featureCount]`.
  ///
  /// - Parameter ratchet: For the pocket variant; nil for the others.
  mutating func callAsFunction(
    _ x: Tensor, labels: [Int], ratchet: Ratchet?
  ) {
    x.withUnsafeBufferPointer { x in
      for (row, label) in labels.enumerated() {
        let example = UnsafeBufferPointer(rebasing: x[row * features..<(row + 1) * features])
        counts.trials += 1
        guard let rival = rival(of: label, example) else {
          counts.run += 1
          if let ratchet { considerPocket(ratchet) }
          continue
        }
        counts.mistakes += 1
        counts.mistakesOfPass += 1
        counts.run = 0
        counts.areInPocket = false
        if units == 1 {
          update(0, example, sign: label == 1 ? 1 : -1)
        } else {
          update(label, example, sign: 1)
          update(rival, example, sign: -1)
        }
        if let ratchet { considerPocket(ratchet) }
      }
    }
  }

  /// The class that wins against the right one or ties with it; nil if none does.
  private func rival(of label: Int, _ x: UnsafeBufferPointer<Float>) -> Int? {
    weight.withUnsafeBufferPointer { w in
      if units == 1 {
        let sum = Self.sum(x, w, unit: 0)
        return (label == 1 ? sum : -sum) > 0 ? nil : 1 - label
      }
      let own = Self.sum(x, w, unit: label)
      var (best, rival) = (-Float.infinity, 0)
      for unit in 0..<units where unit != label {
        let sum = Self.sum(x, w, unit: unit)
        if sum > best { (best, rival) = (sum, unit) }
      }
      return own > best ? nil : rival
    }
  }

  private mutating func update(_ unit: Int, _ x: UnsafeBufferPointer<Float>, sign: Float) {
    let start = unit * (features + 1)
    Self.add(x, scale: sign, to: &weight, at: start)
    guard !delayed.isEmpty else { return }
    // An update made at trial t is in the weights of all trials from t on, counted from 0.
    Self.add(x, scale: sign * Float(counts.trials - 1), to: &delayed, at: start)
  }

  private static func add(
    _ x: UnsafeBufferPointer<Float>, scale: Float, to target: inout [Float], at start: Int
  ) {
    target.withUnsafeMutableBufferPointer { target in
      for index in 0..<x.count { target[start + index] += scale * x[index] }
      target[start + x.count] += scale
    }
  }

  /// Puts weights whose run has just become longer than that of the pocket's into it if they get more
  /// examples right; and new weights too, while there is time for it.
  ///
  /// Gallant tries all weights of longer runs, of examples drawn at random. Here that may take some
  /// times as long as the passes themselves, not more; new weights are tried for half of it, because
  /// in passes over few examples the best weights may have no run at all.
  private mutating func considerPocket(_ ratchet: Ratchet) {
    if counts.areInPocket {
      counts.bestRun = counts.run
      return
    }
    let isNew = counts.run == 0
    guard isNew || counts.run == counts.bestRun + 1,
      counts.evaluations * ratchet.exampleCount <= (isNew ? 4 : 8) * counts.trials
    else { return }
    counts.evaluations += 1
    let correct = ratchet.correctCount(weight)
    guard correct > counts.bestCorrect else { return }
    (counts.bestCorrect, counts.bestRun, counts.areInPocket) = (correct, counts.run, true)
    pocket = weight
  }

  /// The unit's sum over the features and the constant.
  static func sum(
    _ x: UnsafeBufferPointer<Float>, _ weights: UnsafeBufferPointer<Float>, unit: Int
  ) -> Float {
    let start = unit * (x.count + 1)
    var lanes = SIMD8<Float>()
    var index = 0
    guard let x0 = x.baseAddress, let w0 = weights.baseAddress else { return 0 }
    let (xs, ws) = (UnsafeRawPointer(x0), UnsafeRawPointer(w0 + start))
    while index + 8 <= x.count {
      let a = xs.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
      let b = ws.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
      lanes += a * b
      index += 8
    }
    var sum = lanes.sum() + weights[start + x.count]
    while index < x.count {
      sum += x[index] * weights[start + index]
      index += 1
    }
    return sum
  }

  /// The values that the parameters of a perceptron take.
  func values(_ perceptron: Perceptron) -> [(parameter: Parameter, value: Tensor)] {
    let shape = perceptron.weight.shape
    var values = [
      (parameter: perceptron.weight, value: Tensor(weight, shape: shape)),
      (parameter: perceptron.counters, value: counts.tensor),
    ]
    if let parameter = perceptron.delayedUpdates {
      values.append((parameter, Tensor(delayed, shape: shape)))
    }
    if let parameter = perceptron.answer, let answer = answer(perceptron.variant) {
      values.append((parameter, Tensor(answer, shape: shape)))
    }
    return values
  }

  private func answer(_ variant: PerceptronConfiguration.Variant) -> [Float]? {
    switch variant {
    case .plain: return nil
    case .pocket: return pocket
    case .averaged:
      let trials = Float(max(1, counts.trials))
      return zip(weight, delayed).map { $0 - $1 / trials }
    }
  }
}
