import Autograd
import Tensors

/// What a target costs that no alignment can reach: too few frames, or labels of probability zero.
public enum InfeasibleTargets: String, Codable, Sendable, CaseIterable {
  /// It costs infinity; its gradient is zero.
  case infinite
  /// It costs nothing; its gradient is zero.
  case zeroed
}

/// How the losses of a batch become one number.
public enum LossReduction: String, Codable, Sendable, CaseIterable {
  /// Their sum.
  case sum
  /// Their sum over the size of the batch, infeasible targets included.
  case mean
}

/// The fewest frames that a target can be aligned with: one per label, and one blank between
/// equal neighbours.
public func ctcMinimumFrames(for target: [Int]) -> Int {
  target.count + zip(target, target.dropFirst()).count { $0 == $1 }
}

/// The negative log-likelihood of the targets, summed over all alignments.
///
/// Connectionist temporal classification (Graves et al. 2006), fused with the log-softmax: forward
/// and backward recursion in log space over the blank-extended target, and the gradient with
/// respect to the logits, softmax less expected share of each label.
///
/// A sequence whose logits are NaN, plus infinity, or all minus infinity in a frame costs NaN under
/// either treatment of infeasible targets, so that the step can be skipped. No gradient is ever
/// NaN: that of a sequence without finite cost is zero, and so is that of padding, which is not
/// read.
///
/// - Parameters:
///   - logits: `[time, batch, label]`, not normalised.
///   - frameLengths: How many frames of each sequence count, `0...time`.
///   - targets: The labels of each sequence, without blanks; may be empty.
///   - blank: The index of the blank.
///   - infeasible: What an impossible target costs.
///   - reduction: How costs become one loss.
///   - normalizesByTargetLength: Divides each cost by its number of labels (at least 1) first.
/// - Returns: The loss, a scalar, and the cost of each sequence in nats, neither weighted nor
///   divided.
/// - Complexity: O(*time* · (*target length* + *label*)) for each sequence; sequences in parallel.
public func ctcLoss(
  logits: Variable, frameLengths: [Int], targets: [[Int]], blank: Int = 0,
  infeasible: InfeasibleTargets = .infinite, reduction: LossReduction = .mean,
  normalizesByTargetLength: Bool = false, on tape: Tape? = nil
) -> (loss: Variable, perSequence: [Float]) {
  checkArguments(logits.shape, frameLengths, targets, blank)
  let batch = logits.shape[1]
  let share = reduction == .mean ? 1 / Double(batch) : 1
  let weights = targets.map { normalizesByTargetLength ? share / Double(max(1, $0.count)) : share }
  let differentiates = tape != nil && logits.needsGradient
  var gradient = differentiates ? Tensor(uninitialized: logits.shape) : nil
  var costs = ctcCosts(
    logits: logits.tensor, frameLengths: frameLengths, targets: targets, blank: blank,
    scales: weights.map(Float.init), gradient: &gradient)
  if infeasible == .zeroed {
    for index in costs.indices where costs[index] == .infinity { costs[index] = 0 }
  }
  let loss = Tensor(scalar: Float(zip(costs, weights).reduce(0) { $0 + $1.0 * $1.1 }))
  let perSequence = costs.map(Float.init)
  guard let tape, let gradient else { return (Variable(loss), perSequence) }
  let output = tape.record(loss, from: [logits]) { seed, _ in
    let factor = seed.item
    guard factor != 1 else { return [gradient] }
    var scaled = gradient
    scaled.scale(by: factor)
    return [scaled]
  }
  return (output, perSequence)
}

private func checkArguments(
  _ shape: Shape, _ frameLengths: [Int], _ targets: [[Int]], _ blank: Int
) {
  precondition(shape.rank == 3, "ctcLoss: got logits \(shape), expected [time, batch, label]")
  let (frames, batch, labels) = (shape[0], shape[1], shape[2])
  precondition(batch > 0, "ctcLoss: got an empty batch, \(shape)")
  precondition(
    frameLengths.count == batch && targets.count == batch,
    "ctcLoss: got \(frameLengths.count) lengths and \(targets.count) targets for a batch of \(batch)"
  )
  precondition(
    blank >= 0 && blank < labels, "ctcLoss: got blank \(blank), expected 0..<\(labels)")
  for (index, length) in frameLengths.enumerated() {
    precondition(
      length >= 0 && length <= frames,
      "ctcLoss: sequence \(index) has \(length) frames, expected 0...\(frames)")
    precondition(
      targets[index].allSatisfy { $0 >= 0 && $0 < labels && $0 != blank },
      "ctcLoss: target \(index) has a label outside 0..<\(labels) or the blank \(blank)")
  }
}
