import Autograd
import Tensors

extension AttentiveDecoder {
  /// Files the gradients of all parameters and returns those of inputs, memory and start.
  func pullback(
    _ forwardPass: consuming AttentivePass, _ gradient: Tensor, inputs: Variable,
    positions: Tensor, to gradients: inout Gradients
  ) -> [Tensor?] {
    var pass = forwardPass
    pass.backward(gradient, stepBack)
    guard let found = pass.gradients else { return [nil, nil, nil] }
    fileLayerGradients(pass, inputs: inputs.tensor, to: &gradients)
    fileOutputGradients(pass, found, to: &gradients)
    let memoryGradient = attention.fileGradients(
      found.attention, positions: positions, to: &gradients)
    let sourceLengths = [Int](repeating: positions.shape[1], count: positions.shape[0])
    return [
      inputs.needsGradient ? inputGradient(pass, inputs.shape) : nil,
      memoryGradient.exchangingOuterAxes(lengths: sourceLengths, batchFirst: true),
      found.start.map { $0.states.beside($0.cells) },
    ]
  }

  private var stepBack: AttentiveStepBack {
    AttentiveStepBack(
      inputs: layers.dropFirst().map(\.inputWeight.packed),
      recurrent: layers.map(\.recurrentWeight.packed), feeding: feedingWeight?.packed,
      query: attention.queryWeight?.packed, output: output.weight.packed)
  }

  private func inputGradient(_ pass: AttentivePass, _ shape: Shape) -> Tensor {
    let weight = layers[0].inputWeight.packed
    return Tensor(unsafeUninitialized: shape) { out in
      pass.layers[0].gates.withView {
        matrixProduct($0, weight, into: out.baseAddress!, rowStride: inputSize)
      }
    }
  }

  private func fileLayerGradients(
    _ pass: AttentivePass, inputs: Tensor, to gradients: inout Gradients
  ) {
    let (batch, hidden) = (inputs.shape[1], configuration.hiddenSize)
    let rows = inputs.shape[0] * batch
    for (index, weights) in layers.enumerated() {
      let gates = pass.layers[index].gates
      pass.states[index].withUnsafeBufferPointer { states in
        let before = MatrixView(states.baseAddress!, rows: rows, columns: hidden)
        weights.fileStepGradients(pass.layers[index], before: before, to: &gradients)
      }
      if let bias = weights.bias { gradients.add(gates.columnSums(), to: bias) }
      func file(_ inputs: Tensor, skipping first: Int) {
        inputs.withUnsafeBufferPointer { inputs in
          let view = MatrixView(
            inputs.baseAddress! + first * hidden, rows: rows,
            columns: weights.inputWeight.shape[1])
          gradients.add(
            gates.outerProduct(view, precision: weights.inputWeight.precision),
            to: weights.inputWeight)
        }
      }
      if index == 0 {
        file(inputs, skipping: 0)
      } else {
        file(pass.states[index - 1], skipping: batch)
      }
    }
    guard let feedingWeight else { return }
    pass.output.withUnsafeBufferPointer { output in
      let view = MatrixView(output.baseAddress!, rows: max(0, rows - batch), columns: outputSize)
      gradients.add(
        pass.layers[0].gates.outerProduct(
          view, skipping: min(rows, batch), precision: feedingWeight.precision),
        to: feedingWeight)
    }
  }

  private func fileOutputGradients(
    _ pass: AttentivePass, _ found: AttentivePassGradients, to gradients: inout Gradients
  ) {
    gradients.add(
      found.sums.outerProduct(pass.joined, precision: output.weight.precision), to: output.weight)
    gradients.add(found.sums.columnSums(), to: output.bias)
    guard let queryWeight = attention.queryWeight, let queries = found.queries else { return }
    let (batch, hidden) = (pass.lengths.count, configuration.hiddenSize)
    pass.states[layers.count - 1].withUnsafeBufferPointer { states in
      let view = MatrixView(
        states.baseAddress! + batch * hidden, rows: pass.time * batch, columns: hidden)
      gradients.add(
        queries.outerProduct(view, precision: queryWeight.precision), to: queryWeight)
    }
    if let bias = attention.queryBias { gradients.add(queries.columnSums(), to: bias) }
  }
}

extension RecurrentWeights {
  /// Files the gradients of what multiplies h of the step before.
  ///
  /// - Parameter before: That h, `[time · batch, hidden]`.
  fileprivate func fileStepGradients(
    _ direction: RecurrenceDirection, before: MatrixView, to gradients: inout Gradients
  ) {
    let (rows, hidden) = (recurrentWeight.shape[0], before.columnCount)
    // The candidate of a GRU has a product of its own, whose gradient lies beside the gates.
    let shared = candidateBias == nil ? rows : 2 * hidden
    let gradient = Tensor(unsafeUninitialized: recurrentWeight.shape) { out in
      func product(_ gates: CompactTensor, columns: Int, into out: UnsafeMutablePointer<Float>) {
        gates.withView {
          outerProducts(
            [$0.columns(0..<columns)], before, precision: recurrentWeight.precision, into: [out])
        }
      }
      product(direction.gates, columns: shared, into: out.baseAddress!)
      guard shared < rows else { return }
      product(direction.cells, columns: hidden, into: out.baseAddress! + shared * hidden)
    }
    gradients.add(gradient, to: recurrentWeight)
    if let candidateBias { gradients.add(direction.cells.columnSums(), to: candidateBias) }
  }
}

extension CompactTensor {
  /// selfᵀ · right, summed over rows from `first` on.
  fileprivate func outerProduct(
    _ right: MatrixView, skipping first: Int = 0, precision: Precision
  ) -> Tensor {
    Tensor(unsafeUninitialized: [shape.rowSize, right.columnCount]) { out in
      withView {
        outerProducts(
          [$0.rows(first..<first + right.rowCount)], right, precision: precision,
          into: [out.baseAddress!])
      }
    }
  }
}

extension Tensor {
  /// selfᵀ · right, summed over all rows.
  func outerProduct(_ right: MatrixView, precision: Precision) -> Tensor {
    Tensor(unsafeUninitialized: [shape.rowSize, right.columnCount]) { out in
      withUnsafeBufferPointer {
        outerProducts(
          [MatrixView($0.baseAddress!, rows: right.rowCount, columns: shape.rowSize)], right,
          precision: precision, into: [out.baseAddress!])
      }
    }
  }

  /// The columns of this matrix and then those of another one.
  func beside(_ right: Tensor?) -> Tensor {
    guard let right else { return self }
    let (rows, left, other) = (shape[0], shape[1], right.shape[1])
    return Tensor(unsafeUninitialized: [rows, left + other]) { out in
      withUnsafeBufferPointer { x in
        right.withUnsafeBufferPointer { y in
          for row in 0..<rows {
            let target = out.baseAddress! + row * (left + other)
            target.update(from: x.baseAddress! + row * left, count: left)
            (target + left).update(from: y.baseAddress! + row * other, count: other)
          }
        }
      }
    }
  }
}
