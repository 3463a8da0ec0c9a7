import Autograd
import Tensors

/// The parameters of one direction of a recurrent layer.
///
/// The blocks of the gates lie below each other: input, forget, cell, output for an LSTM; reset,
/// update, candidate for a GRU.
public struct RecurrentWeights: Module {
  /// W, `[gateCount · hiddenSize, inputSize]`
  public var inputWeight: Parameter
  /// U, `[gateCount · hiddenSize, hiddenSize]`
  public var recurrentWeight: Parameter
  /// b, `[gateCount · hiddenSize]`; with normalisation its shift takes this place.
  public var bias: Parameter?
  /// Diagonal weights from the cell state to the input, forget and output gate, `[3, hiddenSize]`.
  public var peepholes: Parameter?
  /// Added to a GRU candidate's recurrent product before the reset gate, `[hiddenSize]`.
  public var candidateBias: Parameter?

  /// Normalises the input product over the sequences of a batch, as in Deep Speech 2.
  public var normalization: SequenceBatchNorm?

  /// Weights drawn from ±1/√hiddenSize; the forget gate starts at `forgetBias`.
  public init(
    _ kind: RecurrenceKind, inputSize: Int, hiddenSize: Int, peepholes: Bool, forgetBias: Float,
    normalized: Bool, random: inout RandomSource
  ) {
    let rows = kind.gateCount * hiddenSize
    inputWeight = Parameter(.uniform([rows, inputSize], fanIn: hiddenSize, random: &random))
    recurrentWeight = Parameter(.uniform([rows, hiddenSize], fanIn: hiddenSize, random: &random))
    var offsets = [Float](repeating: 0, count: rows)
    if kind == .lstm {
      for index in hiddenSize..<2 * hiddenSize { offsets[index] = forgetBias }
      if peepholes { self.peepholes = Parameter(Tensor(zeros: [3, hiddenSize])) }
    }
    if normalized {
      normalization = SequenceBatchNorm(featureSize: rows)
      normalization?.bias.value = Tensor(offsets)
    } else {
      bias = Parameter(Tensor(offsets))
    }
    if kind == .gru { candidateBias = Parameter(Tensor(zeros: [hiddenSize])) }
  }

  /// Shows the weights that are present.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("input_weight", &inputWeight)
    visitor.parameter("recurrent_weight", &recurrentWeight)
    visitor.parameter("bias", &bias)
    visitor.parameter("peepholes", &peepholes)
    visitor.parameter("candidate_bias", &candidateBias)
    visitor.module("normalization", &normalization)
  }

  /// Files the gradients that follow from the gradients of the gates.
  ///
  /// - Parameters:
  ///   - direction: After its way back: gates hold their gradients.
  ///   - states: h of this direction, `[time · batch, hidden]`, wherever it lies.
  func fileRecurrentGradients(
    _ direction: RecurrenceDirection, kind: RecurrenceKind, states: MatrixView, batch: Int,
    to gradients: inout Gradients
  ) {
    let gateRows = direction.gates.shape[-1]
    let shared = kind == .gru ? 2 * states.columnCount : gateRows
    // h of the step before: two views of whole sequences, one shifted by a frame.
    let rows = max(0, states.rowCount - batch)
    let (gateShift, stateShift) = direction.reverse ? (0, batch) : (batch, 0)
    let before = states.rows(stateShift..<stateShift + rows)
    func product(_ gates: CompactTensor, columns: Int, into out: UnsafeMutablePointer<Float>) {
      gates.withView { gates in
        outerProducts(
          [gates.rows(gateShift..<gateShift + rows).columns(0..<columns)], before,
          precision: recurrentWeight.precision, into: [out])
      }
    }
    let weightGradient = Tensor(unsafeUninitialized: recurrentWeight.shape) { out in
      product(direction.gates, columns: shared, into: out.baseAddress!)
      guard kind == .gru else { return }
      product(
        direction.cells, columns: states.columnCount,
        into: out.baseAddress! + shared * states.columnCount)
    }
    gradients.add(weightGradient, to: recurrentWeight)
    if let start = direction.start {
      gradients.add(startGradient(direction, start, kind: kind), to: recurrentWeight)
    }
    if let candidateBias { gradients.add(direction.cells.columnSums(), to: candidateBias) }
    if let peepholes {
      gradients.add(peepholeGradient(direction, batch: batch), to: peepholes)
      if let start = direction.start {
        gradients.add(peepholeStartGradient(direction, start), to: peepholes)
      }
    }
  }

  /// The share of the first frame's products with h of the frame before it, which another pass made.
  private func startGradient(
    _ direction: RecurrenceDirection, _ start: RecurrenceState, kind: RecurrenceKind
  ) -> Tensor {
    let (batch, hidden) = (start.hidden.shape[0], start.hidden.shape[1])
    let shared = kind == .gru ? 2 * hidden : direction.gates.shape[-1]
    return Tensor(unsafeUninitialized: recurrentWeight.shape) { out in
      start.hidden.withUnsafeBufferPointer { before in
        let before = MatrixView(before.baseAddress!, rows: batch, columns: hidden)
        func product(_ gates: MatrixView, into output: UnsafeMutablePointer<Float>) {
          outerProducts(
            [gates.rows(0..<batch)], before, precision: recurrentWeight.precision, into: [output])
        }
        direction.gates.withView { product($0.columns(0..<shared), into: out.baseAddress!) }
        guard kind == .gru else { return }
        direction.cells.withView { product($0, into: out.baseAddress! + shared * hidden) }
      }
    }
  }

  /// The share of the cell states before the first frame in the input and forget gates.
  private func peepholeStartGradient(
    _ direction: RecurrenceDirection, _ start: RecurrenceState
  ) -> Tensor {
    let gates = direction.gates.expanded()
    let (batch, hidden) = (start.carried.shape[0], start.carried.shape[1])
    return Tensor(unsafeUninitialized: [3, hidden]) { out in
      out.update(repeating: 0)
      gates.withUnsafeBufferPointer { gates in
        start.carried.withUnsafeBufferPointer { cells in
          for gate in 0..<2 {
            columnDots(
              MatrixView(
                gates.baseAddress! + gate * hidden, rows: batch, columns: hidden,
                rowStride: 4 * hidden),
              MatrixView(cells.baseAddress!, rows: batch, columns: hidden),
              into: out.baseAddress! + gate * hidden)
          }
        }
      }
    }
  }

  private func peepholeGradient(_ direction: RecurrenceDirection, batch: Int) -> Tensor {
    let (cells, gates) = (direction.cells.expanded(), direction.gates.expanded())
    let hidden = cells.shape[-1]
    let cellRows = cells.shape.rowCount
    let rows = max(0, cellRows - batch)
    let (gateShift, cellShift) = direction.reverse ? (0, batch) : (batch, 0)
    return Tensor(unsafeUninitialized: [3, hidden]) { out in
      gates.withUnsafeBufferPointer { gates in
        cells.withUnsafeBufferPointer { cells in
          func dots(gate: Int, into row: Int, gateRow: Int, cellRow: Int, rows: Int) {
            columnDots(
              MatrixView(
                gates.baseAddress! + gateRow * 4 * hidden + gate * hidden, rows: rows,
                columns: hidden, rowStride: 4 * hidden),
              MatrixView(cells.baseAddress! + cellRow * hidden, rows: rows, columns: hidden),
              into: out.baseAddress! + row * hidden)
          }
          dots(gate: 0, into: 0, gateRow: gateShift, cellRow: cellShift, rows: rows)
          dots(gate: 1, into: 1, gateRow: gateShift, cellRow: cellShift, rows: rows)
          dots(gate: 3, into: 2, gateRow: 0, cellRow: 0, rows: cellRows)
        }
      }
    }
  }
}
