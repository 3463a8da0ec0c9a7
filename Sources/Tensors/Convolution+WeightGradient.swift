import CKernels

extension Convolution {
  /// The most partial sums of a weight gradient: enough for many cores, each a copy of the weight.
  private static let mostPartialSums = 16

  /// The gradient of the weight `[output, input, kernelHeight, kernelWidth]`.
  ///
  /// The gradient of a block of rows is turned to `[row, width, output]` and multiplied with the
  /// window that the block sees. Blocks are divided into groups, which depend on sizes alone; each
  /// group adds up its blocks in their order, and then the groups are added in theirs.
  package func weightGradient(_ x: Tensor, _ gradient: Tensor) -> Tensor {
    let span = Profile.open(.convolution)
    defer { span.close() }
    let stride = Kernels.active.packing.wholeVectors(outputChannels)
    let parts = WindowParts(self, floatsPerOutputRow: geometry.outputWidth * stride)
    let pieces = geometry.batch * parts.blocks.count
    let groups = max(1, min(pieces, Self.mostPartialSums))
    let size = patchSize * stride
    var sums = Tensor(uninitialized: [groups, size])
    sums.withUnsafeMutableBufferPointer { sums in
      x.withUnsafeBufferPointer { x in
        gradient.withUnsafeBufferPointer { dy in
          let (x, dy, sums) = (x.baseAddress!, dy.baseAddress!, sums.baseAddress!)
          WorkerPool.perform(groups) { group in
            let total = sums + group * size
            total.update(repeating: 0, count: size)
            addProducts(
              pieces * group / groups..<pieces * (group + 1) / groups, parts, x, dy,
              stride: stride, into: total)
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
  package func biasGradient(_ gradient: Tensor) -> Tensor {
    gradient.channelSums(widthLengths: geometry.outputLengths)
  }

  /// Adds the products of some blocks of rows, numbered item · blocks + block.
  private func addProducts(
    _ pieces: Range<Int>, _ parts: WindowParts, _ x: UnsafePointer<Float>,
    _ dy: UnsafePointer<Float>, stride: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let lengths = geometry.outputLengths
    let turnedSize = parts.blocks.tallest * geometry.outputWidth * stride
    Tensor.withScratch(parts.window.count + turnedSize) { window in
      let turned = window + parts.window.count
      if stride > outputChannels { turned.update(repeating: 0, count: turnedSize) }
      parts.offsets.withUnsafeBufferPointer { offsets in
        var job = scribe_convolution_gradient()
        (job.inner, job.offsets) = (patchSize, offsets.baseAddress)
        (job.x, job.x_row_stride) = (UnsafePointer(window), parts.rowStride)
        (job.turned, job.sums, job.stride) = (UnsafePointer(turned), sums, stride)
        for piece in pieces {
          let (b, block) = (piece / parts.blocks.count, piece % parts.blocks.count)
          guard lengths[b] > 0 else { continue }
          (job.rows, job.length) = (parts.blocks[block].count, lengths[b])
          parts.fill(window, x, item: b, block)
          turn(dy, item: b, parts.blocks[block], length: lengths[b], stride: stride, into: turned)
          kernels.convolution_weight_gradient(&job)
        }
      }
    }
  }

  /// Rows of the gradient of one item as `[row][length][stride]`.
  private func turn(
    _ dy: UnsafePointer<Float>, item: Int, _ rows: Range<Int>, length: Int, stride: Int,
    into turned: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    for (index, row) in rows.enumerated() {
      kernels.transpose(
        dy + (item * outputChannels * height + row) * width, height * width,
        turned + index * length * stride, stride, outputChannels, length)
    }
  }
}
