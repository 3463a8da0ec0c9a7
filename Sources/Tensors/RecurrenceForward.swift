import CKernels

/// The way forth of one direction: some steps of input products, then the recurrence over them.
struct ForwardRun {
  let job: scribe_recurrence
  let direction: RecurrenceDirection
  /// Columns of an input product.
  let width: Int

  /// Rows of frames whose products are made ahead: few enough to stay in the cache until they are
  /// read, enough for a product at full speed.
  private static let rowsAhead = 240

  /// Takes a slice of the batch through all steps on this thread.
  func run(_ rows: Range<Int>, _ kernel: RecurrenceKind.Kernel) {
    withWeight { job in
      guard case .frames(let frames, let weight, let bias)? = direction.input else {
        return runPrepared(job, rows, kernel)
      }
      let steps = max(1, Self.rowsAhead / rows.count)
      var products = Tensor(uninitialized: [min(steps, job.time) * rows.count * width])
      products.withUnsafeMutableBufferPointer { products in
        for first in stride(from: 0, to: job.time, by: steps) {
          var part = self.part(of: job, steps: first..<min(first + steps, job.time))
          let base = products.baseAddress!
          multiply(frames, part, rows, weight, bias, into: base)
          part.input = UnsafePointer(base)
          part.input_row = rows.lowerBound
          part.input_rows = rows.count
          kernel(&part, rows.lowerBound, rows.upperBound)
        }
      }
    }
  }

  /// Runs where the products of all frames are there already.
  private func runPrepared(
    _ job: scribe_recurrence, _ rows: Range<Int>, _ kernel: RecurrenceKind.Kernel
  ) {
    guard case .products(let products)? = direction.input else { return }
    products.withUnsafeBufferPointer {
      var job = job
      job.input = $0.baseAddress
      job.input_rows = job.batch
      kernel(&job, rows.lowerBound, rows.upperBound)
    }
  }

  /// The products of the frames of some steps for a slice of the batch, on this thread.
  private func multiply(
    _ frames: Tensor, _ part: scribe_recurrence, _ rows: Range<Int>, _ weight: PackedMatrix,
    _ bias: Tensor?, into products: UnsafeMutablePointer<Float>
  ) {
    let (count, inputs) = (part.last_step - part.first_step, weight.innerSize)
    let first = part.input_frame
    withOptionalPointer(bias) { bias in
      frames.withUnsafeBufferPointer { frames in
        weight.withOperand { operand in
          func product(_ base: UnsafePointer<Float>) {
            let view = MatrixView(base, rows: count * rows.count, columns: inputs)
            let product = MatrixProduct(
              view, weight, operand, into: products, rowStride: width, bias: bias)
            product(rows: 0..<view.rowCount, panels: 0..<product.panelCount)
          }
          let base = frames.baseAddress! + first * part.batch * inputs
          guard rows.count < part.batch else { return product(base) }
          var gathered = Tensor(uninitialized: [count * rows.count * inputs])
          gathered.withUnsafeMutableBufferPointer { slice in
            for frame in 0..<count {
              (slice.baseAddress! + frame * rows.count * inputs).update(
                from: base + (frame * part.batch + rows.lowerBound) * inputs,
                count: rows.count * inputs)
            }
            product(slice.baseAddress!)
          }
        }
      }
    }
  }

  /// Whether input products are still to be made.
  var makesProducts: Bool {
    if case .frames? = direction.input { true } else { false }
  }

  /// Where there are more threads than pieces, all of them share each input product.
  static func runTogether(
    _ runs: [ForwardRun], _ pieces: SliceGrid, _ kernel: RecurrenceKind.Kernel
  ) {
    let (time, batch) = (runs[0].job.time, runs[0].job.batch)
    let steps = max(1, rowsAhead * WorkerPool.threadCount / batch)
    var products = runs.map { _ in Tensor(uninitialized: [0]) }
    for first in stride(from: 0, to: time, by: steps) {
      var jobs: [scribe_recurrence] = []
      for (index, run) in runs.enumerated() {
        var part = run.part(of: run.job, steps: first..<min(first + steps, time))
        run.multiplyTogether(part, into: &products[index])
        products[index].withUnsafeBufferPointer { part.input = $0.baseAddress }
        part.input_rows = batch
        jobs.append(part)
      }
      WorkerPool.perform(pieces.count) { piece in
        let (direction, rows) = pieces[piece]
        runs[direction].withWeight(jobs[direction]) { job in
          var job = job
          kernel(&job, rows.lowerBound, rows.upperBound)
        }
      }
    }
    withExtendedLifetime(products) {}
  }

  private func multiplyTogether(_ part: scribe_recurrence, into products: inout Tensor) {
    let frames = part.input_frame..<part.input_frame + part.last_step - part.first_step
    guard case .frames(let x, let weight, let bias)? = direction.input else { return }
    products = Tensor(unsafeUninitialized: [frames.count * part.batch, width]) { out in
      withOptionalPointer(bias) { bias in
        x.withUnsafeBufferPointer { x in
          let base = x.baseAddress! + frames.lowerBound * part.batch * weight.innerSize
          matrixProduct(
            MatrixView(base, rows: frames.count * part.batch, columns: weight.innerSize),
            weight, into: out.baseAddress!, rowStride: width, bias: bias)
        }
      }
    }
  }

  /// The job for some steps, whose frames begin at `input_frame`.
  private func part(of job: scribe_recurrence, steps: Range<Int>) -> scribe_recurrence {
    var part = job
    part.first_step = steps.lowerBound
    part.last_step = steps.upperBound
    part.input_frame = direction.reverse ? job.time - steps.upperBound : steps.lowerBound
    return part
  }

  private func withWeight(_ job: scribe_recurrence? = nil, _ body: (scribe_recurrence) -> Void) {
    direction.forwardWeight.withOperand { operand in
      var job = job ?? self.job
      job.packed = operand.units
      job.column_scales = operand.scales
      job.column_offsets = operand.offsets
      body(job)
    }
  }
}
