import Autograd
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The quantile loss of Koenker and Bassett (1978): for a quantile y of level q and the target t,
/// q (t − y) where the target is above, else (1 − q) (y − t); the mean over the levels.
///
/// Twice its expectation over all levels is the continuous ranked probability score.
///
/// - Parameters:
///   - prediction: `[.., level]`
///   - target: `[..]`; where the weight is zero it is not read.
///   - levels: Of the quantiles, each between 0 and 1.
///   - weights: `[..]`, none negative; nil for ones.
public func quantileLoss(
  prediction: Variable, target: Tensor, levels: [Float], weights: Tensor? = nil,
  reduction: LossReduction = .mean, on tape: Tape? = nil
) -> Variable {
  precondition(
    !levels.isEmpty && levels.allSatisfy { 0 < $0 && $0 < 1 },
    "quantileLoss: got levels \(levels), expected some between 0 and 1")
  let share = 1 / Float(levels.count)
  return weightedLoss(
    "quantileLoss", prediction, target, weights: weights, width: levels.count,
    reduction: reduction, on: tape
  ) { elements in
    var (sum, place) = (0.0, 0)
    for index in elements.target.indices {
      let weight = elements.weight[index] * share
      for level in levels {
        let gap = weight == 0 ? 0 : elements.target[index] - elements.prediction[place]
        let slope = gap > 0 ? level : gap < 0 ? level - 1 : 0
        sum += Double(weight * slope * gap)
        elements.gradient[place] = -weight * slope
        place += 1
      }
    }
    return sum
  }
}

/// The deviation that a Gaussian's second output s stands for: log(1 + eˢ) + a least one.
public func gaussianScale(_ output: Float, minimumScale: Float = 1e-3) -> Float {
  max(output, 0) + log1p(exp(-abs(output))) + minimumScale
}

/// The negative log-likelihood of a target under a normal distribution, in nats:
/// ½ log 2π + log σ + ½ ((t − μ) / σ)², with σ as ``gaussianScale(_:minimumScale:)`` makes it.
///
/// - Parameters:
///   - prediction: `[.., 2]`: μ and the number that σ is made of.
///   - target: `[..]`; where the weight is zero it is not read.
///   - minimumScale: The least σ, positive, which bounds the gradient.
///   - weights: `[..]`, none negative; nil for ones.
public func gaussianLoss(
  prediction: Variable, target: Tensor, minimumScale: Float = 1e-3, weights: Tensor? = nil,
  reduction: LossReduction = .mean, on tape: Tape? = nil
) -> Variable {
  precondition(minimumScale > 0, "gaussianLoss: got \(minimumScale), expected above 0")
  let halfLogOfTwoPi = 0.918_938_533_204_672_7
  return weightedLoss(
    "gaussianLoss", prediction, target, weights: weights, width: 2, reduction: reduction, on: tape
  ) { elements in
    var sum = 0.0
    for index in elements.target.indices {
      let weight = elements.weight[index]
      guard weight != 0 else {
        (elements.gradient[2 * index], elements.gradient[2 * index + 1]) = (0, 0)
        continue
      }
      let output = elements.prediction[2 * index + 1]
      let scale = gaussianScale(output, minimumScale: minimumScale)
      let deviation = (elements.target[index] - elements.prediction[2 * index]) / scale
      sum += Double(weight) * (halfLogOfTwoPi + Double(log(scale) + deviation * deviation / 2))
      elements.gradient[2 * index] = -weight * deviation / scale
      let slope = 1 / (1 + exp(-output))
      elements.gradient[2 * index + 1] = weight * (1 - deviation * deviation) / scale * slope
    }
    return sum
  }
}
