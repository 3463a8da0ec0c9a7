/// A weight and a bias as the right side of a product.
package struct PackedAffine: Sendable {
  package let weight: PackedMatrix
  package let bias: Tensor?

  package init(_ weight: PackedMatrix, bias: Tensor?) {
    (self.weight, self.bias) = (weight, bias)
  }

  /// x · W + b on this thread.
  func callAsFunction(
    _ x: MatrixView, into y: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    weight.multiply(x, into: y, rowStride: rowStride, bias: bias?.address)
    withExtendedLifetime(bias) {}
  }
}

extension PackedMatrix {
  /// `left` times this matrix on this thread.
  func multiply(
    _ left: MatrixView, into out: UnsafeMutablePointer<Float>, rowStride: Int,
    accumulate: Bool = false, bias: UnsafePointer<Float>? = nil
  ) {
    guard left.rowCount > 0 else { return }
    withOperand { operand in
      let product = MatrixProduct(
        left, self, operand, into: out, rowStride: rowStride, accumulate: accumulate, bias: bias)
      product(rows: 0..<left.rowCount, panels: 0..<product.panelCount)
    }
  }
}

/// What an attentive decoder multiplies with at each step on the way forth.
package struct AttentiveStep: Sendable {
  /// One recurrent layer.
  package struct Layer: Sendable {
    /// From the layer below; nil for the first, whose products are made beforehand.
    let input: PackedAffine?
    let recurrent: PackedMatrix
    let candidateBias: Tensor?

    package init(input: PackedAffine?, recurrent: PackedMatrix, candidateBias: Tensor?) {
      (self.input, self.recurrent, self.candidateBias) = (input, recurrent, candidateBias)
    }
  }

  let kind: RecurrenceKind
  let hiddenSize: Int
  let layers: [Layer]
  /// From the attentional state of the step before to the gates of the first layer.
  let feeding: PackedMatrix?
  /// From h to the query; nil where h is the query.
  let query: PackedAffine?
  /// From `[context; h]` to the attentional state.
  let output: PackedAffine
  let scores: AttentionScores

  var width: Int { kind.gateCount * hiddenSize }
  var outputSize: Int { output.weight.columnCount }

  package init(
    _ kind: RecurrenceKind, hiddenSize: Int, layers: [Layer], feeding: PackedMatrix?,
    query: PackedAffine?, output: PackedAffine, scores: AttentionScores
  ) {
    (self.kind, self.hiddenSize, self.layers) = (kind, hiddenSize, layers)
    (self.feeding, self.query, self.output, self.scores) = (feeding, query, output, scores)
  }
}

/// The same weights as the way back multiplies with them.
package struct AttentiveStepBack {
  /// Of the layers above the first.
  let inputs: [PackedMatrix]
  let recurrent: [PackedMatrix]
  let feeding: PackedMatrix?
  let query: PackedMatrix?
  let output: PackedMatrix

  package init(
    inputs: [PackedMatrix], recurrent: [PackedMatrix], feeding: PackedMatrix?,
    query: PackedMatrix?, output: PackedMatrix
  ) {
    (self.inputs, self.recurrent) = (inputs, recurrent)
    (self.feeding, self.query, self.output) = (feeding, query, output)
  }
}

/// What an attentive decoder knows after the steps that it has made, for each of its rows.
package struct AttentiveState: Sendable {
  var layers: [RecurrenceState]
  /// `[row, outputSize]`
  var output: Tensor
  /// `[row, heads · source]`
  var weights: Tensor

  /// The rows at these places, in their order; a row may be taken more than once or not at all.
  package func selecting(_ rows: [Int]) -> AttentiveState {
    let count = output.shape[0]
    precondition(
      rows.allSatisfy { 0..<count ~= $0 }, "AttentiveState: rows \(rows) of \(count)")
    return AttentiveState(
      layers: layers.map { layer in
        RecurrenceState(
          carried: layer.carried.selecting(rows, of: count),
          hidden: layer.hidden.selecting(rows, of: count),
          states: layer.states.selecting(rows, of: count),
          scales: layer.scales.count == 0 ? layer.scales : layer.scales.selecting(rows, of: count))
      }, output: output.selecting(rows, of: count), weights: weights.selecting(rows, of: count))
  }
}

extension Tensor {
  /// Some of `count` equal parts that lie one after the other.
  fileprivate func selecting(_ rows: [Int], of count: Int) -> Tensor {
    let size = self.count / max(1, count)
    let shape: Shape =
      shape.rank == 1 ? [rows.count * size] : Shape([rows.count] + shape.extents.dropFirst())
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        for (place, row) in rows.enumerated() {
          (out.baseAddress! + place * size).update(from: x.baseAddress! + row * size, count: size)
        }
      }
    }
  }
}
