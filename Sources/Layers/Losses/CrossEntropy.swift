import Autograd
import Tensors

/// The negative log-likelihood of a label for each row of logits, fused with the log-softmax.
///
/// With label smoothing ε (Szegedy et al. 2016) the target's share is 1 − ε and every one of the
/// *label* labels, the target among them, has ε / *label* besides. With weights *w* the cost of label
/// *c* is multiplied by *w[c]*, and a mean is over the weights of the targets, as in PyTorch.
///
/// A row with a logit that is NaN or plus infinity costs NaN, and a target of probability zero costs
/// infinity, so that the step can be skipped; the gradient of such a row is zero.
///
/// - Parameters:
///   - logits: `[.., label]`, not normalised.
///   - targets: The label of each row, all axes but the last laid out one after another.
///   - ignoredLabel: A row with this target costs nothing, such as padding; it need not be a label.
///   - labelSmoothing: ε, `0...1`.
///   - classWeights: `[label]`, none negative.
///   - reduction: The sum of the costs, or the sum over the weights of the targets that count.
/// - Returns: The loss, a scalar, and the cost of each row in nats, not divided.
/// - Complexity: O(*row* · *label*); rows in parallel. The gradient takes as much memory as the
///   logits and is computed at once.
public func crossEntropy(
  logits: Variable, targets: [Int], ignoredLabel: Int? = nil, labelSmoothing: Float = 0,
  classWeights: [Float]? = nil, reduction: LossReduction = .mean, on tape: Tape? = nil
) -> (loss: Variable, perRow: [Float]) {
  checkArguments(logits.shape, targets, ignoredLabel, labelSmoothing, classWeights)
  let labels = targets.map { $0 == ignoredLabel ? nil : $0 as Int? }
  let total = labels.reduce(0.0) { sum, label in
    sum + (label.map { Double(classWeights?[$0] ?? 1) } ?? 0)
  }
  let share = reduction == .sum ? 1 : total > 0 ? 1 / total : 0
  let differentiates = tape != nil && logits.needsGradient
  var gradient = differentiates ? Tensor(uninitialized: logits.shape) : nil
  let costs = crossEntropyCosts(
    logits: logits.tensor,
    targets: CrossEntropyTargets(
      labels: labels, smoothing: labelSmoothing, weights: classWeights),
    scale: Float(share), gradient: &gradient)
  let loss = Tensor(scalar: Float(costs.reduce(0.0) { $0 + Double($1) } * share))
  guard let tape, let gradient else { return (Variable(loss), costs) }
  let saved = Saved(gradient)
  let output = tape.record(loss, from: [logits]) { seed, _ in
    var gradient = saved.take()
    if seed.item != 1 { gradient.scale(by: seed.item) }
    return [gradient]
  }
  return (output, costs)
}

private func checkArguments(
  _ shape: Shape, _ targets: [Int], _ ignored: Int?, _ smoothing: Float, _ weights: [Float]?
) {
  precondition(
    shape.rank > 0 && shape[-1] > 0, "crossEntropy: got logits \(shape), expected [.., label]")
  precondition(
    targets.count == shape.rowCount,
    "crossEntropy: got \(targets.count) targets for logits \(shape), expected \(shape.rowCount)")
  precondition(
    targets.allSatisfy { $0 == ignored || 0..<shape[-1] ~= $0 },
    "crossEntropy: got a target outside 0..<\(shape[-1]) that is not the ignored label")
  precondition(
    0...1 ~= smoothing, "crossEntropy: got label smoothing \(smoothing), expected 0...1")
  precondition(
    weights.map { $0.count == shape[-1] && $0.allSatisfy { $0 >= 0 } } ?? true,
    "crossEntropy: got \(weights?.count ?? 0) class weights, expected \(shape[-1]), none negative")
}
