import Autograd
import Tensors

/// Sets elements to zero at random while training and scales the others by 1 / (1 − probability)
/// (Srivastava et al. 2014); without a tape it is the identity.
public struct Dropout: Module {
  /// What is decided together.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Every element on its own.
    case elementwise
    /// One decision per batch row and feature, the same for all time steps of
    /// `[time, batch, feature]` (Gal and Ghahramani 2016).
    case variational
  }

  /// The probability that an element is set to zero.
  public var probability: Float
  /// What is decided together.
  public var kind: Kind

  /// A layer that drops with this probability, which must lie in 0..<1.
  public init(probability: Float, kind: Kind = .elementwise) {
    precondition(
      probability >= 0 && probability < 1, "Dropout: got \(probability), expected 0..<1")
    self.probability = probability
    self.kind = kind
  }

  /// Drops elements of a tensor of any shape; a variational layer needs at least two axes, of which
  /// the first is time.
  ///
  /// The mask depends on one draw from the tape and on the index of the element alone; as time is
  /// the outermost axis, padding at its end does not change the mask before it.
  public func callAsFunction(_ x: Variable, on tape: Tape? = nil) -> Variable {
    precondition(
      kind == .elementwise || x.shape.rank >= 2,
      "Dropout: got \(x.shape), expected [time, .., feature]")
    guard let tape, probability > 0 else { return x }
    let shape = kind == .elementwise ? x.shape : Shape(Array(x.shape.extents.dropFirst()))
    let mask = Tensor.dropoutMask(shape, probability: probability, key: tape.random.next())
    return tape.record(x.tensor.multiplied(byRepeated: mask), from: [x]) { gradient, _ in
      [x.needsGradient ? gradient.multiplied(byRepeated: mask) : nil]
    }
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}

extension Tensor {
  /// The product with a mask that is repeated along the first axis where it lacks it.
  fileprivate func multiplied(byRepeated mask: Tensor) -> Tensor {
    if shape == mask.shape { return multipliedElementwise(by: mask) }
    let rows = reshaped([shape[0], mask.count])
    let zeros = [Float](repeating: 0, count: mask.count)
    return rows.affineColumns(mean: zeros, scale: mask.scalars, shift: zeros) { _ in true }
      .reshaped(shape)
  }
}
