import CKernels

/// A pass over a batch of sequences in one direction or both, forth and back in time.
///
/// Rows of a batch never meet, so a slice of them runs through all its time steps on one thread
/// without waiting for another; and so does each direction.
package struct RecurrencePass {
  package let kind: RecurrenceKind
  package let hiddenSize: Int
  package let frameLengths: [Int]
  package private(set) var directions: [RecurrenceDirection]
  /// `[time, batch, directions · hidden]`, the directions beside each other.
  package private(set) var output: Tensor
  /// Where a pass over whole blocks of frames, forward in time, has come to.
  package private(set) var finalState: RecurrenceState?

  private let lengths: [Int32]
  private var time: Int { output.shape[0] }
  private var batch: Int { output.shape[1] }
  private var width: Int { kind.gateCount * hiddenSize }

  /// Runs all directions over all time steps.
  ///
  /// - Parameters:
  ///   - keepsActivations: Whether the way back follows.
  ///   - state: What a pass over the frames before these came to; the rows then go on.
  package init(
    _ kind: RecurrenceKind, hiddenSize: Int, frameLengths: [Int],
    directions: [RecurrenceDirection], keepsActivations: Bool, state: RecurrenceState? = nil
  ) {
    let shape = directions[0].input?.shape ?? [0, 0, 0]
    let (time, batch) = (shape[0], shape[1])
    precondition(
      frameLengths.count == batch && frameLengths.allSatisfy { $0 >= 0 && $0 <= time },
      "recurrence: frame lengths \(frameLengths) for a batch of \(batch) with \(time) frames")
    self.kind = kind
    self.hiddenSize = hiddenSize
    self.frameLengths = frameLengths
    self.directions = directions
    lengths = frameLengths.map(Int32.init)
    output = Tensor(uninitialized: [time, batch, directions.count * hiddenSize])
    guard time > 0, batch > 0 else {
      finalState = state
      return
    }
    for index in directions.indices {
      self.directions[index].prepare(
        batch: batch, hidden: hiddenSize, sums: width, states: hiddenSize)
      if let state { self.directions[index].resume(state) }
      if keepsActivations, kind.hasCells { keepActivations(of: index) }
    }
    runForward()
    if directions.count == 1 {
      finalState = self.directions[0].state(hidden: lastHidden(before: state?.hidden))
    }
    for index in directions.indices {
      self.directions[index].input = nil
      self.directions[index].finish()
    }
  }

  /// h of each row's last frame, or of the frames before where it has none here.
  private func lastHidden(before: Tensor?) -> Tensor {
    let size = hiddenSize
    return Tensor(unsafeUninitialized: [batch, size]) { hidden in
      output.withUnsafeBufferPointer { output in
        for (row, length) in frameLengths.enumerated() {
          let target = hidden.baseAddress! + row * size
          if length > 0 {
            let place = ((length - 1) * batch + row) * size
            target.update(from: output.baseAddress! + place, count: size)
          } else if let before {
            before.withUnsafeBufferPointer {
              target.update(from: $0.baseAddress! + row * size, count: size)
            }
          } else {
            target.update(repeating: 0, count: size)
          }
        }
      }
    }
  }

  private mutating func keepActivations(of index: Int) {
    let precision = directions[index].forwardWeight.precision
    directions[index].gates = CompactTensor(
      uninitialized: [time, batch, width], precision: precision)
    directions[index].cells = CompactTensor(
      uninitialized: [time, batch, hiddenSize], precision: precision)
  }

  private mutating func runForward() {
    let span = Profile.open(.recurrence)
    defer { span.close() }
    let kernel = kind.kernels.forward
    let pieces = SliceGrid(directions: directions.count, batch: batch)
    var runs: [ForwardRun] = []
    let output = output.withUnsafeMutableBufferPointer { $0.baseAddress! }
    lengths.withUnsafeBufferPointer { lengths in
      for index in directions.indices {
        var job = self.job(lengths, output: output, index: index)
        directions[index].fill(&job, sums: width, states: hiddenSize)
        runs.append(ForwardRun(job: job, direction: directions[index], width: width))
      }
      if pieces.count >= WorkerPool.threadCount || !runs[0].makesProducts {
        WorkerPool.perform(pieces.count) { piece in
          let (direction, rows) = pieces[piece]
          runs[direction].run(rows, kernel)
        }
      } else {
        ForwardRun.runTogether(runs, pieces, kernel)
      }
    }
    withExtendedLifetime((runs, self.output)) {}
  }

  /// Turns the activations of every direction into the gradients of its input products.
  ///
  /// - Parameter gradient: That of the output, `[time, batch, directions · hidden]`; or of the sum
  ///   of the directions, `[time, batch, hidden]`, which each of them then receives.
  package mutating func backward(_ gradient: Tensor) {
    let span = Profile.open(.recurrence)
    defer { span.close() }
    precondition(
      gradient.shape.rowCount == output.shape.rowCount
        && [hiddenSize, output.shape[2]].contains(gradient.shape[-1]),
      "recurrence: gradient of \(gradient.shape) for an output of \(output.shape)")
    let kernel = kind.kernels.backward
    let pieces = SliceGrid(directions: directions.count, batch: batch)
    var jobs: [scribe_recurrence] = []
    let weights = directions.map { $0.backwardWeight() }
    for index in directions.indices {
      directions[index].prepare(
        batch: batch, hidden: hiddenSize, sums: hiddenSize, states: width)
      if !kind.hasCells { directions[index].gates = gateGradients(index) }
    }
    guard time > 0, batch > 0 else { return }
    // The way back only reads h, for others may hold the output by now.
    let output = output.withUnsafeBufferPointer { UnsafeMutablePointer(mutating: $0.baseAddress!) }
    lengths.withUnsafeBufferPointer { lengths in
      gradient.withUnsafeBufferPointer { gradient in
        let shared = gradient.count == time * batch * hiddenSize
        for index in directions.indices {
          var job = self.job(lengths, output: output, index: index)
          directions[index].fill(&job, sums: hiddenSize, states: width)
          job.output_gradient = gradient.baseAddress! + (shared ? 0 : index * hiddenSize)
          job.output_gradient_stride = shared ? hiddenSize : job.output_stride
          weights[index].withOperand { job.packed = $0.units }
          jobs.append(job)
        }
        WorkerPool.perform(pieces.count) { piece in
          let (direction, rows) = pieces[piece]
          kernel(&jobs[direction], rows.lowerBound, rows.upperBound)
        }
      }
    }
    withExtendedLifetime((weights, gradient, self.output)) {}
    for index in directions.indices { directions[index].finish() }
  }

  private func gateGradients(_ index: Int) -> CompactTensor {
    CompactTensor(
      uninitialized: [time, batch, width], precision: directions[index].forwardWeight.precision)
  }

  private func job(
    _ lengths: UnsafeBufferPointer<Int32>, output: UnsafeMutablePointer<Float>, index: Int
  ) -> scribe_recurrence {
    var job = scribe_recurrence()
    job.precision = directions[index].forwardWeight.precision.code
    job.time = time
    job.batch = batch
    job.hidden = hiddenSize
    job.activation = kind.activationCode
    job.lengths = lengths.baseAddress
    job.output = output + index * hiddenSize
    job.output_stride = directions.count * hiddenSize
    job.last_step = time
    return job
  }
}

/// The pieces of a pass that run beside each other: directions, and slices of the batch.
struct SliceGrid {
  let directions: Int
  let batch: Int
  let slices: Int

  var count: Int { directions * slices }

  init(directions: Int, batch: Int) {
    self.directions = directions
    self.batch = batch
    // Rows do not influence each other, so their partition may follow the threads.
    slices = min(batch, max(1, (WorkerPool.threadCount + directions - 1) / directions))
  }

  subscript(index: Int) -> (direction: Int, rows: Range<Int>) {
    let slice = index / directions
    return (index % directions, batch * slice / slices..<batch * (slice + 1) / slices)
  }
}
