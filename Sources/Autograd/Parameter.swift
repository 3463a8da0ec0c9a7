import Synchronization
import Tensors

/// A tensor that belongs to a model: a weight that training changes, or a statistic kept with it.
///
/// A parameter is a value; copies of a model share nothing that can be written. Packed forms of a
/// weight are made when first asked for and dropped when the value changes.
public struct Parameter: Sendable {
  /// What gradients are filed under: equal for copies of one parameter.
  public final class Identity: Sendable, Hashable {
    init() {}
    /// Whether both are the same object.
    public static func == (left: Identity, right: Identity) -> Bool { left === right }
    /// Hashes the object's address.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
  }

  /// What this parameter's gradient is filed under.
  public let identity: Identity

  /// Whether an optimiser changes it; false for running statistics.
  public let isTrainable: Bool

  /// The current value.
  public var value: Tensor {
    didSet {
      packs = PackCache()
      quantized = nil
    }
  }

  /// The 8-bit integers that the value stands for, if it is that of a quantised model; a new value
  /// drops them.
  public private(set) var quantized: QuantizedMatrix?

  private var packs = PackCache()

  /// A parameter with this initial value.
  public init(_ value: Tensor, isTrainable: Bool = true) {
    self.value = value
    self.isTrainable = isTrainable
    identity = Identity()
  }

  /// A parameter whose value is what these integers stand for.
  public init(quantized: QuantizedMatrix, shape: Shape, isTrainable: Bool = true) {
    self.init(quantized.dequantized(shape), isTrainable: isTrainable)
    self.quantized = quantized
  }

  /// Rounds a weight of two or more axes to 8-bit integers, one scale for each row; the value becomes
  /// what they stand for.
  public mutating func quantize() { store(quantized: QuantizedMatrix(value)) }

  /// Takes over integers in the shape of the value, which becomes what they stand for.
  public mutating func store(quantized: QuantizedMatrix) {
    store(quantized: quantized, value: quantized.dequantized(shape))
  }

  /// Takes over integers and what they stand for, which the caller has computed already.
  package mutating func store(quantized: QuantizedMatrix, value: Tensor) {
    precondition(
      value.shape == shape && value.count == quantized.rows * quantized.columns,
      "Parameter: got \(quantized.rows) rows of \(quantized.columns) as \(value.shape), "
        + "expected \(shape)")
    self.value = value
    self.quantized = quantized
  }

  /// The shape of the value.
  public var shape: Shape { value.shape }

  /// The kind of number that products with it multiply; the value stays in 32 bits. Where the value
  /// is that of whole numbers, `x · Wᵀ` multiplies those.
  public var precision = Precision.fp32 {
    didSet { packs = PackCache() }
  }

  /// A weight `[output, input]` as the right operand of `x · Wᵀ`.
  package var packedTransposed: PackedMatrix {
    packs.form(transposed: true) {
      guard let quantized, shape.rank == 2 else {
        return PackedMatrix(value, transposed: true, precision: precision)
      }
      return PackedMatrix(transposing: quantized)
    }
  }

  /// A weight `[output, input]` as the right operand of `dy · W`.
  package var packed: PackedMatrix {
    packs.form(transposed: false) { PackedMatrix(value, precision: precision) }
  }
}

/// The packed forms of one value of a weight, made at most once, by whichever thread comes first.
private final class PackCache: Sendable {
  private let forms = Mutex<(plain: PackedMatrix?, transposed: PackedMatrix?)>((nil, nil))

  func form(transposed: Bool, _ make: () -> PackedMatrix) -> PackedMatrix {
    forms.withLock { forms in
      if let known = transposed ? forms.transposed : forms.plain { return known }
      let made = make()
      if transposed { forms.transposed = made } else { forms.plain = made }
      return made
    }
  }
}
