import CKernels

extension Convolution {
  /// The gradient of the weight `[output, input, kernelHeight, kernelWidth]`.
  ///
  /// For each item and row of outputs, the gradient `[width, output]` is packed once and multiplied
  /// with the shifted rows of the image that it meets. Threads take pairs of an input channel and a
  /// row of the kernel; every sum runs over items and rows in their order.
  package func weightGradient(_ x: Tensor, _ gradient: Tensor) -> Tensor {
    let rows = paddedRows(x)
    let (width, height) = (geometry.outputWidth, geometry.outputHeight)
    let (lengths, channels) = (geometry.outputLengths, outputChannels)
    let packed = gradient.withUnsafeBufferPointer { dy in
      let dy = dy.baseAddress!
      return PackedStack(
        count: geometry.batch * height, inner: width, columns: channels, innerStride: 1,
        columnStride: height * width
      ) {
        let (b, h) = ($0 / height, $0 % height)
        return (dy + (b * channels * height + h) * width, lengths[b])
      }
    }
    var turned = Tensor(zeros: [inputChannels * kernelHeight * kernelWidth, channels])
    turned.withUnsafeMutableBufferPointer { turned in
      rows.withUnsafeBufferPointer { rows in
        packed.withUnsafePointer { packed in
          let (rows, turned) = (rows.baseAddress!, turned.baseAddress!)
          WorkerPool.performRanges(inputChannels * kernelHeight) { range in
            addProducts(range, rows: rows, packed, into: turned)
          }
        }
      }
    }
    let patch = inputChannels * kernelHeight * kernelWidth
    return Tensor(
      unsafeUninitialized: [channels, inputChannels, kernelHeight, kernelWidth]
    ) { out in
      turned.withUnsafeBufferPointer {
        Kernels.active.transpose(
          $0.baseAddress, channels, out.baseAddress, patch, patch, channels)
      }
    }
  }

  /// The gradient of the bias `[output]`.
  package func biasGradient(_ gradient: Tensor) -> Tensor {
    gradient.channelMoments(widthLengths: geometry.outputLengths, shift: nil).first
  }

  /// The products of the kernel rows in `range`, numbered input · kernelHeight + row.
  private func addProducts(
    _ range: Range<Int>, rows: UnsafePointer<Float>, _ packed: (Int) -> UnsafePointer<Float>,
    into turned: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let (height, lengths) = (geometry.outputHeight, geometry.outputLengths)
    var job = scribe_gemm()
    (job.rows, job.columns) = (kernelWidth, outputChannels)
    (job.a_row_stride, job.a_inner_stride) = (1, geometry.horizontal.stride)
    (job.c_row_stride, job.accumulate) = (outputChannels, 1)
    for b in 0..<geometry.batch where lengths[b] > 0 {
      job.inner = lengths[b]
      for h in 0..<height {
        job.packed = packed(b * height + h)
        for index in range {
          let (input, kernelRow) = (index / kernelHeight, index % kernelHeight)
          let row = h * geometry.vertical.stride + kernelRow - geometry.vertical.padding
          guard row >= 0, row < geometry.height else { continue }
          job.a =
            rows + ((b * inputChannels + input) * geometry.height + row) * paddedWidth
          job.c = turned + index * kernelWidth * outputChannels
          kernels.gemm(&job, 0, kernelWidth, 0, kernels.panelCount(outputChannels))
        }
      }
    }
  }

  /// The rows of the images with the window's horizontal padding and zeros beyond their widths.
  private func paddedRows(_ x: Tensor) -> Tensor {
    let (width, padding) = (geometry.width, geometry.horizontal.padding)
    let (padded, rows) = (paddedWidth, inputChannels * geometry.height)
    return Tensor(unsafeUninitialized: [geometry.batch * rows, padded]) { out in
      x.withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.perform(geometry.batch) { b in
          let length = geometry.widthLengths[b]
          for row in b * rows..<(b + 1) * rows {
            let target = y + row * padded
            target.update(repeating: 0, count: padding)
            (target + padding).update(from: x + row * width, count: length)
            (target + padding + length).update(repeating: 0, count: padded - padding - length)
          }
        }
      }
    }
  }
}
