import Autograd
import Tensors

/// Attention of queries over a memory (Bahdanau et al. 2015; Luong et al. 2015; Vaswani et al. 2017):
/// the sums of its positions, weighed by the softmax of their scores.
///
/// Several heads are compared for themselves; their contexts, one after the other, go through a
/// dense layer. Scores that need the weights of a step before, those of `location`, live in an
/// ``AttentiveDecoder``.
public struct Attention: Module {
  /// The parameters of the scores.
  public var weights: AttentionWeights
  /// What the contexts of several heads go through.
  public var output: Linear?

  /// Attention with freshly drawn weights.
  ///
  /// - Parameters:
  ///   - querySize: Of a query.
  ///   - memorySize: Of a position of the memory.
  public init(
    _ configuration: AttentionConfiguration, querySize: Int, memorySize: Int,
    random: inout RandomSource
  ) {
    precondition(
      configuration.kind != .location, "Attention: scores with a location need a decoder")
    weights = AttentionWeights(
      configuration, querySize: querySize, memorySize: memorySize, random: &random)
    if configuration.kind == .multiHead {
      output = Linear(
        inputSize: configuration.size, outputSize: configuration.size, random: &random)
    }
  }

  /// The size of a context.
  public var contextSize: Int { output?.outputSize ?? weights.contextSize }

  /// Maps queries `[time, batch, querySize]` to contexts `[time, batch, contextSize]`.
  ///
  /// - Parameters:
  ///   - memory: `[source, batch, memorySize]`.
  ///   - memoryLengths: The positions of each memory that are no padding; without any, weights are
  ///     zero.
  ///   - lengths: The queries of each row; contexts beyond them are zero.
  ///   - isCausal: Whether query t sees no position after t.
  /// - Returns: The contexts, and the weights `[time, batch, source]`, of several heads their mean.
  /// - Complexity: O(*time* · *batch* · *source* · *size*) besides the projections.
  public func callAsFunction(
    _ queries: Variable, memory: Variable, memoryLengths: [Int], lengths: [Int],
    isCausal: Bool = false, on tape: Tape? = nil
  ) -> (contexts: Variable, weights: Tensor) {
    check(queries.shape, memory: memory.shape)
    let positions = memory.tensor.exchangingOuterAxes(lengths: memoryLengths)
    let pass = AttentionPass(
      projected(queries.tensor), weights.memory(positions, lengths: memoryLengths),
      weights.scores, lengths: lengths, isCausal: isCausal)
    var contexts = Variable(pass.contexts)
    if let tape {
      weights.dropPacked()
      contexts = tape.record(pass.contexts, from: [queries, memory]) { [self] gradient, gradients in
        defer { weights.dropPacked() }
        return pullback(pass, gradient, queries, positions, to: &gradients)
      }
    }
    if let output {
      contexts = output(contexts, on: tape).clearingPadding(lengths: lengths, on: tape)
    }
    return (contexts, pass.weights.meanOverHeads(weights.headCount))
  }

  private func check(_ queries: Shape, memory: Shape) {
    precondition(
      queries.rank == 3 && queries[2] == weights.querySize,
      "Attention: got queries \(queries), expected [time, batch, \(weights.querySize)]")
    precondition(
      memory.rank == 3 && memory[1] == queries[1] && memory[2] == weights.memorySize,
      "Attention: got a memory \(memory), expected [source, \(queries[1]), \(weights.memorySize)]")
  }

  private func projected(_ queries: Tensor) -> Tensor {
    guard let weight = weights.queryWeight else { return queries }
    return queries.multiplied(by: weight.packedTransposed, bias: weights.queryBias?.value)
  }

  private func pullback(
    _ pass: AttentionPass, _ gradient: Tensor, _ queries: Variable, _ positions: Tensor,
    to gradients: inout Gradients
  ) -> [Tensor?] {
    let found = pass.backward(gradient)
    var queryGradient = found.queries
    if let weight = weights.queryWeight {
      gradients.add(
        queryGradient.outerProduct(queries.tensor, precision: weight.precision), to: weight)
      if let bias = weights.queryBias { gradients.add(queryGradient.columnSums(), to: bias) }
      if queries.needsGradient { queryGradient = queryGradient.multiplied(by: weight.packed) }
    }
    let memoryGradient = weights.fileGradients(
      found.attention, positions: positions, to: &gradients)
    let sourceLengths = [Int](repeating: positions.shape[1], count: positions.shape[0])
    return [
      queries.needsGradient ? queryGradient : nil,
      memoryGradient.exchangingOuterAxes(lengths: sourceLengths, batchFirst: true),
    ]
  }

  /// Shows the parameters of the scores and the dense layer.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("weights", &weights)
    visitor.module("output", &output)
  }
}

extension Variable {
  /// `[time, batch, feature]` with zeros beyond the lengths of the rows, whose gradients end here.
  fileprivate func clearingPadding(lengths: [Int], on tape: Tape?) -> Variable {
    let cleared = tensor.clearingPadding(lengths: lengths)
    guard let tape else { return Variable(cleared) }
    return tape.record(cleared, from: [self]) { gradient, _ in
      [gradient.clearingPadding(lengths: lengths)]
    }
  }
}

extension Tensor {
  fileprivate func clearingPadding(lengths: [Int]) -> Tensor {
    guard lengths.contains(where: { $0 < shape[0] }) else { return self }
    let (time, batch, size) = (shape[0], shape[1], shape[2])
    var copy = self
    copy.withUnsafeMutableBufferPointer { x in
      for (row, length) in lengths.enumerated() {
        for t in length..<time {
          (x.baseAddress! + (t * batch + row) * size).update(repeating: 0, count: size)
        }
      }
    }
    return copy
  }
}
