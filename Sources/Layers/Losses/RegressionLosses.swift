import Autograd
import Tensors

/// The squared error, (y − t)².
///
/// - Parameters:
///   - prediction: y, of any shape.
///   - target: t, as many elements; where the weight is zero it is not read.
///   - weights: What each element's cost is multiplied with, none negative; nil for ones. Zeros and
///     ones make a mask.
///   - reduction: The weighted sum, or that over the sum of the weights.
public func squaredError(
  prediction: Variable, target: Tensor, weights: Tensor? = nil, reduction: LossReduction = .mean,
  on tape: Tape? = nil
) -> Variable {
  weightedLoss(
    "squaredError", prediction, target, weights: weights, reduction: reduction, on: tape
  ) { elements in
    var sum = 0.0
    for index in elements.target.indices {
      let weight = elements.weight[index]
      let error = weight == 0 ? 0 : elements.prediction[index] - elements.target[index]
      sum += Double(weight * error * error)
      elements.gradient[index] = 2 * weight * error
    }
    return sum
  }
}

/// The absolute error, |y − t|; its gradient is zero where it is.
///
/// The parameters are those of ``squaredError(prediction:target:weights:reduction:on:)``.
public func absoluteError(
  prediction: Variable, target: Tensor, weights: Tensor? = nil, reduction: LossReduction = .mean,
  on tape: Tape? = nil
) -> Variable {
  weightedLoss(
    "absoluteError", prediction, target, weights: weights, reduction: reduction, on: tape
  ) { elements in
    var sum = 0.0
    for index in elements.target.indices {
      let weight = elements.weight[index]
      let error = weight == 0 ? 0 : elements.prediction[index] - elements.target[index]
      sum += Double(weight * abs(error))
      elements.gradient[index] = error > 0 ? weight : error < 0 ? -weight : 0
    }
    return sum
  }
}

/// The loss of Huber (1964): half the squared error up to a threshold δ, then δ (|y − t| − δ / 2).
///
/// - Parameter threshold: δ, positive.
public func huberLoss(
  prediction: Variable, target: Tensor, threshold: Float = 1, weights: Tensor? = nil,
  reduction: LossReduction = .mean, on tape: Tape? = nil
) -> Variable {
  precondition(threshold > 0, "huberLoss: got threshold \(threshold), expected above 0")
  return weightedLoss(
    "huberLoss", prediction, target, weights: weights, reduction: reduction, on: tape
  ) { elements in
    var sum = 0.0
    for index in elements.target.indices {
      let weight = elements.weight[index]
      let error = weight == 0 ? 0 : elements.prediction[index] - elements.target[index]
      let size = abs(error)
      let cost = size <= threshold ? error * error / 2 : threshold * (size - threshold / 2)
      sum += Double(weight * cost)
      elements.gradient[index] = weight * max(-threshold, min(threshold, error))
    }
    return sum
  }
}
