import Autograd
import Tensors

/// A vector for each label, looked up instead of multiplied with.
///
/// The same weight may serve as that of an output layer (Press and Wolf 2017; Inan et al. 2017): see
/// ``logits(_:bias:on:)``. Its gradient is then the sum of both uses.
public struct Embedding: Module {
  /// `[count, size]`
  public var weight: Parameter
  /// A label whose row is zero and stays so.
  public let padding: Int?

  /// A table with rows drawn from the normal distribution of deviation 1/√size.
  public init(count: Int, size: Int, padding: Int? = nil, random: inout RandomSource) {
    precondition(
      count > 0 && size > 0 && padding.map { 0..<count ~= $0 } ?? true,
      "Embedding: got \(count) rows of \(size) with padding \(padding.map(String.init) ?? "nil")")
    let deviation = 1 / Float(size).squareRoot()
    var values = random.normals(count * size).map { $0 * deviation }
    if let padding {
      for index in padding * size..<(padding + 1) * size { values[index] = 0 }
    }
    weight = Parameter(Tensor(values, shape: [count, size]))
    self.padding = padding
  }

  /// The number of labels.
  public var count: Int { weight.shape[0] }
  /// The number of features of a label.
  public var size: Int { weight.shape[1] }

  /// The rows of labels that lie in an array of this shape: `[..]` to `[.., size]`.
  public func callAsFunction(_ labels: [Int], shape: Shape, on tape: Tape? = nil) -> Variable {
    precondition(
      labels.count == shape.count, "Embedding: got \(labels.count) labels for shape \(shape)")
    precondition(
      labels.allSatisfy { 0..<count ~= $0 },
      "Embedding: got label \(labels.first { !(0..<count ~= $0) } ?? 0), expected 0..<\(count)")
    let y = weight.value.rowsGathered(labels).reshaped(Shape(shape.extents + [size]))
    guard let tape else { return Variable(y) }
    return tape.record(y, from: []) { [self] gradient, gradients in
      gradients.add(gradient.rowsScattered(labels, count: count, skipping: padding), to: weight)
      return []
    }
  }

  /// The rows of a batch of sequences, `[time, batch, size]`.
  public func callAsFunction(_ batch: LabelBatch, on tape: Tape? = nil) -> Variable {
    self(batch.labels, shape: [batch.time, batch.batch], on: tape)
  }

  /// The products of states with the rows of all labels: `[.., size]` to `[.., count]`.
  ///
  /// - Parameter bias: `[count]`
  public func logits(
    _ states: Variable, bias: Parameter? = nil, on tape: Tape? = nil
  ) -> Variable {
    precondition(
      states.shape.rank > 0 && states.shape[-1] == size,
      "Embedding.logits: got \(states.shape), expected [.., \(size)]")
    let y = states.tensor.multiplied(by: weight.packedTransposed, bias: bias?.value)
    guard let tape else { return Variable(y) }
    weight.dropPacked()
    return tape.record(y, from: [states]) { [self] gradient, gradients in
      var sums = gradient.outerProduct(states.tensor, precision: weight.precision)
      if let padding {
        sums.withUnsafeMutableBufferPointer {
          for index in padding * size..<(padding + 1) * size { $0[index] = 0 }
        }
      }
      gradients.add(sums, to: weight)
      if let bias { gradients.add(gradient.columnSums(), to: bias) }
      defer { weight.dropPacked() }
      return [states.needsGradient ? gradient.multiplied(by: weight.packed) : nil]
    }
  }

  /// Shows the weight.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
  }
}
