import CKernels

extension Convolution {
  /// The most partial sums of a weight gradient: enough for many cores, each a copy of the weight.
  private static let mostPartialSums = 16

  /// The gradient of the weight `[output, input, kernelHeight, kernelWidth]`.
  ///
  /// The gradient of a block of rows is turned to `[row, width, output]` and multiplied with the
  /// window that the block sees; where there are few inner steps, as over one channel, it stays as
  /// it is. Blocks are divided into groups, which depend on sizes alone; each group adds up its
  /// blocks in their order, and then the groups are added in theirs.
  package func weightGradient(_ x: Tensor, _ gradient: OutputGradient) -> Tensor {
    let span = Profile.open(.convolution)
    defer { span.close() }
    let stride = Kernels.active.packing.wholeVectors(outputChannels)
    let hasFewSteps = patchSize <= SCRIBE_FEW_STEPS
    let unit = gradient.unit
    let parts = WindowParts(
      self, rows: geometry.outputHeight / unit * unit, unit: unit,
      floatsPerOutputRow: hasFewSteps ? 0 : geometry.outputWidth * stride)
    let pieces = geometry.batch * parts.blocks.count
    let groups = max(1, min(pieces, Self.mostPartialSums))
    let size = patchSize * stride
    var sums = Tensor(uninitialized: [groups, size])
    sums.withUnsafeMutableBufferPointer { sums in
      x.withUnsafeBufferPointer { x in
        gradient.withUnsafePointers { dy, choices in
          let products = GradientProducts(
            convolution: self, parts: parts, unit: unit, stride: stride, x: x.baseAddress!,
            dy: dy, choices: choices)
          let sums = sums.baseAddress!
          WorkerPool.perform(groups) { group in
            let total = sums + group * size
            total.update(repeating: 0, count: size)
            let pieces = pieces * group / groups..<pieces * (group + 1) / groups
            if hasFewSteps {
              products.addFew(pieces, into: total)
            } else {
              products.add(pieces, into: total)
            }
          }
          WorkerPool.performRanges(size, minimum: 16_384, multiple: 64) { range in
            for group in 1..<max(1, groups) {
              addRow(
                sums + group * size + range.lowerBound, to: sums + range.lowerBound, range.count)
            }
          }
        }
      }
    }
    return Tensor(
      unsafeUninitialized: [outputChannels, inputChannels, kernelHeight, kernelWidth]
    ) { out in
      sums.withUnsafeBufferPointer {
        Kernels.active.transpose(
          $0.baseAddress, stride, out.baseAddress, patchSize, patchSize, outputChannels)
      }
    }
  }

  /// The gradient of the bias `[output]`.
  package func biasGradient(_ gradient: OutputGradient) -> Tensor {
    gradient.tensor.channelSums(widthLengths: geometry.outputLengths.map { $0 / gradient.unit })
  }
}

/// The products of windows of the images with their part of the gradient, added up.
private struct GradientProducts {
  let convolution: Convolution
  let parts: WindowParts
  /// 2 where rows and columns of the gradient come in pairs.
  let unit: Int
  /// From one inner step to the next in the sums.
  let stride: Int
  let x: UnsafePointer<Float>
  let dy: UnsafePointer<Float>
  let choices: UnsafePointer<UInt8>?

  private var geometry: WindowGeometry { convolution.geometry }
  private var outputs: Int { convolution.outputChannels }
  /// From one row of the gradient to the next, as it lies.
  private var dyRow: Int { geometry.outputWidth / unit }
  /// From one channel of the gradient to the next, as it lies.
  private var dyPlane: Int { geometry.outputHeight / unit * dyRow }

  /// Calls `body` with item, rows and columns of every block that has any, numbered
  /// item · blocks + block.
  private func forEach(
    _ pieces: Range<Int>, _ window: UnsafeMutablePointer<Float>,
    _ body: (_ item: Int, _ rows: Range<Int>, _ length: Int) -> Void
  ) {
    for piece in pieces {
      let (b, block) = (piece / parts.blocks.count, piece % parts.blocks.count)
      let length = geometry.horizontal.outputLength(geometry.widthLengths[b]) / unit * unit
      guard length > 0 else { continue }
      parts.fill(window, x, item: b, block)
      body(b, parts.blocks[block], length)
    }
  }

  /// Adds the products of some blocks with vectors along the outputs.
  func add(_ pieces: Range<Int>, into sums: UnsafeMutablePointer<Float>) {
    let turnedSize = parts.blocks.tallest * geometry.outputWidth * stride
    let expandedSize = choices == nil ? 0 : outputs * geometry.outputWidth
    Tensor.withScratch(parts.window.count + turnedSize + expandedSize) { window in
      let turned = window + parts.window.count
      if stride > outputs { turned.update(repeating: 0, count: turnedSize) }
      parts.offsets.withUnsafeBufferPointer { offsets in
        var job = scribe_convolution_gradient()
        (job.inner, job.offsets) = (convolution.patchSize, offsets.baseAddress)
        (job.x, job.x_row_stride) = (UnsafePointer(window), parts.rowStride)
        (job.turned, job.sums, job.stride) = (UnsafePointer(turned), sums, stride)
        forEach(pieces, window) { b, rows, length in
          (job.rows, job.length) = (rows.count, length)
          turn(item: b, rows, length: length, by: turned + turnedSize, into: turned)
          Kernels.active.convolution_weight_gradient(&job)
        }
      }
    }
  }

  /// Adds the products of some blocks with vectors along the columns.
  func addFew(_ pieces: Range<Int>, into sums: UnsafeMutablePointer<Float>) {
    Tensor.withScratch(parts.window.count) { window in
      parts.offsets.withUnsafeBufferPointer { offsets in
        var job = scribe_few_gradient()
        (job.inner, job.outputs, job.offsets) = (
          convolution.patchSize, outputs, offsets.baseAddress
        )
        (job.x, job.x_row_stride) = (UnsafePointer(window), parts.rowStride)
        (job.dy_stride, job.dy_row_stride) = (dyPlane, dyRow)
        (job.sums, job.stride) = (sums, stride)
        forEach(pieces, window) { b, rows, length in
          let start = b * outputs * dyPlane + rows.lowerBound / unit * dyRow
          (job.rows, job.length) = (rows.count, length)
          (job.dy, job.choices) = (dy + start, choices.map { $0 + start })
          Kernels.active.convolution_few_weight_gradient(&job)
        }
      }
    }
  }

  /// Rows of the gradient of one item as `[row][length][stride]`, by way of `expanded` where they
  /// are pooled.
  private func turn(
    item: Int, _ rows: Range<Int>, length: Int, by expanded: UnsafeMutablePointer<Float>,
    into turned: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    for (index, row) in rows.enumerated() {
      let start = item * outputs * dyPlane + row / unit * dyRow
      let target = turned + index * length * stride
      guard let choices else {
        kernels.transpose(dy + start, dyPlane, target, stride, outputs, length)
        continue
      }
      for output in 0..<outputs {
        let from = start + output * dyPlane
        kernels.maximum_halved_row(
          dy + from, choices + from, Int32(row % 2 * 2), expanded + output * length, length / 2)
      }
      kernels.transpose(expanded, length, target, stride, outputs, length)
    }
  }
}
