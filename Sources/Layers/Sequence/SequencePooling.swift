import Autograd
import Tensors

/// One vector for each sequence, whatever its length: `[time, batch, feature]` to
/// `[batch, feature]`. Padding is not read; a sequence without frames gives zeros.
public struct SequencePooling: Module {
  /// How frames become one vector.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Where each direction of a recurrent layer ends: the last frame of what was read forward, the
    /// first frame of what was read backward.
    case last
    /// The mean of the frames.
    case mean
    /// The greatest value of each feature.
    case max
    /// A mean weighted by a learned query; see ``AttentionPooling``.
    case attention
  }

  /// How frames become one vector.
  public let kind: Kind
  /// What the frames were read by; both directions lie beside each other.
  public let direction: RecurrentDirection
  /// The learned weighting, of the kind that has one.
  public var attention: AttentionPooling?

  /// A pooling of frames of `featureSize` features, of `direction` where the kind depends on it.
  public init(
    _ kind: Kind, featureSize: Int, direction: RecurrentDirection = .forward,
    attentionSize: Int = 64, random: inout RandomSource
  ) {
    precondition(
      direction != .bidirectional || featureSize % 2 == 0,
      "SequencePooling: got \(featureSize) features of two directions, expected an even number")
    (self.kind, self.direction) = (kind, direction)
    if kind == .attention {
      attention = AttentionPooling(
        featureSize: featureSize, attentionSize: attentionSize, random: &random)
    }
  }

  /// Maps `[time, batch, feature]` to `[batch, feature]`.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    weighted(x, frameLengths: frameLengths, on: tape).output
  }

  /// The same, and how much each frame of each sequence counted, where that was learned.
  public func weighted(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> (output: Variable, weights: [[Float]]?) {
    if let attention {
      let (output, weights) = attention(x, frameLengths: frameLengths, on: tape)
      return (output, weights)
    }
    let grid = FrameGrid(x.shape, frameLengths: frameLengths, of: "SequencePooling")
    let plan = PoolingPlan(kind, direction, x.tensor, grid)
    let output = plan.pooled(x.tensor)
    guard let tape else { return (Variable(output), nil) }
    let variable = tape.record(output, from: [x]) { gradient, _ in
      [x.needsGradient ? plan.pullback(gradient, shape: x.shape) : nil]
    }
    return (variable, nil)
  }

  /// Shows the learned weighting.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("attention", &attention)
  }
}

/// Which elements each output of a pooling is made of.
private enum PoolingPlan {
  /// The one element of `[time, batch, feature]` for each of `[batch, feature]`; −1 for none.
  case elements([Int])
  /// The mean of the valid frames.
  case mean(FrameGrid)

  init(
    _ kind: SequencePooling.Kind, _ direction: RecurrentDirection, _ x: Tensor, _ grid: FrameGrid
  ) {
    switch kind {
    case .last: self = .elements(Self.lastElements(direction, size: x.shape[2], grid))
    case .max: self = .elements(Self.greatestElements(x, grid))
    case .mean, .attention: self = .mean(grid)
    }
  }

  private static func lastElements(
    _ direction: RecurrentDirection, size: Int, _ grid: FrameGrid
  ) -> [Int] {
    let forwardCount =
      switch direction {
      case .forward: size
      case .backward: 0
      case .bidirectional: size / 2
      }
    return grid.frameLengths.enumerated().flatMap { item, length in
      (0..<size).map { feature in
        guard length > 0 else { return -1 }
        let frame = feature < forwardCount ? length - 1 : 0
        return (frame * grid.batch + item) * size + feature
      }
    }
  }

  private static func greatestElements(_ x: Tensor, _ grid: FrameGrid) -> [Int] {
    let size = x.shape[2]
    var best = [Int](repeating: -1, count: grid.batch * size)
    x.withUnsafeBufferPointer { x in
      best.withUnsafeMutableBufferPointer { best in
        for row in grid.validRows {
          let (outputs, elements) = (row % grid.batch * size, row * size)
          for feature in 0..<size {
            let held = best[outputs + feature]
            if held < 0 || x[elements + feature] > x[held] {
              best[outputs + feature] = elements + feature
            }
          }
        }
      }
    }
    return best
  }

  func pooled(_ x: Tensor) -> Tensor {
    let size = x.shape[2]
    return Tensor(unsafeUninitialized: [x.shape[1], size]) { out in
      out.update(repeating: 0)
      x.withUnsafeBufferPointer { x in
        switch self {
        case .elements(let elements):
          for (output, element) in elements.enumerated() where element >= 0 {
            out[output] = x[element]
          }
        case .mean(let grid):
          for row in grid.validRows {
            let (sums, frame) = (row % grid.batch * size, row * size)
            for feature in 0..<size { out[sums + feature] += x[frame + feature] }
          }
          for (item, length) in grid.frameLengths.enumerated() where length > 0 {
            for place in item * size..<(item + 1) * size { out[place] /= Float(length) }
          }
        }
      }
    }
  }

  func pullback(_ gradient: Tensor, shape: Shape) -> Tensor {
    let size = shape[2]
    return Tensor(unsafeUninitialized: shape) { dx in
      dx.update(repeating: 0)
      gradient.withUnsafeBufferPointer { dy in
        switch self {
        case .elements(let elements):
          for (output, element) in elements.enumerated() where element >= 0 {
            dx[element] += dy[output]
          }
        case .mean(let grid):
          for row in grid.validRows {
            let item = row % grid.batch
            let length = Float(grid.frameLengths[item])
            for feature in 0..<size {
              dx[row * size + feature] = dy[item * size + feature] / length
            }
          }
        }
      }
    }
  }
}
