import Autograd
import Tensors

/// Where an ``AttentiveDecoder`` is in the sequences that it writes, one for each row.
///
/// Several rows may read one memory, whose keys are projected once.
public struct AttentiveDecoderState: Sendable {
  fileprivate let step: AttentiveStep
  fileprivate let memory: AttentionMemory
  /// Nil before the first step.
  fileprivate var state: AttentiveState?
  fileprivate let start: Tensor?
  /// The memory that each row reads, by its index in the batch.
  public private(set) var memories: [Int]

  fileprivate init(_ step: AttentiveStep, _ memory: AttentionMemory, start: Tensor?) {
    (self.step, self.memory, self.start) = (step, memory, start)
    memories = Array(0..<memory.count)
  }

  /// The number of rows.
  public var rowCount: Int { memories.count }

  /// The rows at these places, in their order: beams that go on, each from the row that it was.
  ///
  /// - Parameter rows: Indices of rows; one may appear several times or not at all.
  public func select(rows: [Int]) -> AttentiveDecoderState {
    precondition(
      rows.allSatisfy { memories.indices.contains($0) },
      "AttentiveDecoderState: rows \(rows) of \(rowCount)")
    var selected = self
    selected.memories = rows.map { memories[$0] }
    selected.state = state?.selecting(rows)
    return selected
  }
}

extension AttentiveDecoder {
  /// Begins to write one sequence for each memory.
  ///
  /// - Parameter memory: `[source, batch, memorySize]`.
  public func start(memory: Tensor, memoryLengths: [Int]) -> AttentiveDecoderState {
    precondition(
      memory.shape.rank == 3 && memory.shape[2] == memorySize,
      "AttentiveDecoder: got a memory \(memory.shape), expected [source, batch, \(memorySize)]")
    let positions = memory.exchangingOuterAxes(lengths: memoryLengths)
    return AttentiveDecoderState(
      step, attention.memory(positions, lengths: memoryLengths),
      start: bridge?(Variable(memory), lengths: memoryLengths).tensor)
  }

  /// Makes one step: inputs `[row, inputSize]` to attentional states `[row, outputSize]` and weights
  /// `[row, source]`, of several heads their mean.
  ///
  /// The results have the bits of a call with whole sequences.
  public func step(
    _ inputs: Tensor, _ state: inout AttentiveDecoderState
  ) -> (states: Tensor, weights: Tensor) {
    let rows = state.rowCount
    precondition(
      inputs.shape == [rows, inputSize],
      "AttentiveDecoder: got inputs \(inputs.shape), expected \([rows, inputSize])")
    var start = AttentivePass.Start.zero
    if let known = state.state {
      start = .state(known)
    } else {
      start = passStart(state.start?.rows(state.memories))
    }
    let pass = AttentivePass(
      state.step, inputs: products(inputs.reshaped([1, rows, inputSize])), memory: state.memory,
      memories: state.memories, lengths: [Int](repeating: 1, count: rows), start: start,
      keepsActivations: false)
    state.state = pass.finalState
    let source = state.memory.source
    return (
      pass.output.reshaped([rows, outputSize]),
      pass.weights.meanOverHeads(attention.headCount).reshaped([rows, source])
    )
  }
}

extension Tensor {
  /// The rows `[row, column]` at these places.
  fileprivate func rows(_ places: [Int]) -> Tensor {
    let size = shape[1]
    return Tensor(unsafeUninitialized: [places.count, size]) { out in
      withUnsafeBufferPointer { x in
        for (place, row) in places.enumerated() {
          (out.baseAddress! + place * size).update(from: x.baseAddress! + row * size, count: size)
        }
      }
    }
  }
}
