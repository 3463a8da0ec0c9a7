import Autograd
import Tensors

/// What a loss over single numbers reads and writes, flattened.
struct LossElements {
  let prediction: UnsafeBufferPointer<Float>
  let target: UnsafeBufferPointer<Float>
  let weight: UnsafeBufferPointer<Float>
  /// Of the weighted sum with respect to the prediction; zero where the weight is.
  let gradient: UnsafeMutableBufferPointer<Float>
}

/// A loss that is a weighted sum, or mean, over the elements of a target.
///
/// - Parameters:
///   - name: What errors call the loss.
///   - width: How many predictions belong to one element of the target, beside each other.
///   - body: Writes the gradient of the weighted sum and returns that sum.
func weightedLoss(
  _ name: String, _ prediction: Variable, _ target: Tensor, weights: Tensor?, width: Int = 1,
  reduction: LossReduction, on tape: Tape?, _ body: (LossElements) -> Double
) -> Variable {
  precondition(
    prediction.tensor.count == target.count * width
      && (width == 1 || prediction.shape.rowSize == width),
    "\(name): got predictions \(prediction.shape) for targets \(target.shape), expected "
      + "\(width == 1 ? "as many" : "\(width) on the last axis for each")")
  precondition(
    weights.map { $0.count == target.count } ?? true,
    "\(name): got weights \(weights?.shape ?? []), expected \(target.shape)")
  let weights = weights ?? Tensor(repeating: 1, target.shape)
  var sum = 0.0
  let gradient = Tensor(unsafeUninitialized: prediction.shape) { gradient in
    prediction.tensor.withUnsafeBufferPointer { prediction in
      target.withUnsafeBufferPointer { target in
        weights.withUnsafeBufferPointer { weight in
          sum = body(
            LossElements(
              prediction: prediction, target: target, weight: weight, gradient: gradient))
        }
      }
    }
  }
  let total = weights.scalars.reduce(0.0) { $0 + Double($1) }
  let share = reduction == .sum ? 1 : total > 0 ? 1 / total : 0
  let loss = Tensor(scalar: Float(sum * share))
  guard let tape else { return Variable(loss) }
  let saved = Saved(gradient)
  return tape.record(loss, from: [prediction]) { seed, _ in
    var gradient = saved.take()
    gradient.scale(by: seed.item * Float(share))
    return [gradient]
  }
}
