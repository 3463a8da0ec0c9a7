import CKernels

/// The products that a two-dimensional convolution and its gradients consist of.
///
/// No matrix of patches is ever written. The images are turned to `[width][height][channel]` once;
/// then the patch under one column of the kernel is a contiguous run of kernelHeight · channels
/// values, and one row of outputs is a sum of kernelWidth products whose left operand is a strided
/// view of the image. Rows, channels and items are shared out among the threads; no sum is split.
package struct Convolution {
  package let geometry: WindowGeometry
  package let inputChannels: Int
  package let outputChannels: Int

  package init(_ geometry: WindowGeometry, inputChannels: Int, outputChannels: Int) {
    self.geometry = geometry
    (self.inputChannels, self.outputChannels) = (inputChannels, outputChannels)
  }

  var kernelHeight: Int { geometry.vertical.kernel }
  var kernelWidth: Int { geometry.horizontal.kernel }
  var paddedWidth: Int { geometry.width + 2 * geometry.horizontal.padding }
  var paddedHeight: Int { geometry.height + 2 * geometry.vertical.padding }
  /// Values in one column of a turned image.
  var columnSize: Int { paddedHeight * inputChannels }
  /// Values of a patch under one column of the kernel.
  var runSize: Int { kernelHeight * inputChannels }

  package var inputShape: Shape {
    [geometry.batch, inputChannels, geometry.height, geometry.width]
  }
  package var outputShape: Shape {
    [geometry.batch, outputChannels, geometry.outputHeight, geometry.outputWidth]
  }

  /// - Parameters:
  ///   - x: `[batch, inputChannel, height, width]`
  ///   - weight: `[outputChannel, inputChannel, kernelHeight, kernelWidth]`
  ///   - bias: `[outputChannel]`
  /// - Returns: `outputShape`, with zeros beyond the output lengths.
  package func output(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
    let turned = TurnedLayout(
      channels: inputChannels, height: geometry.height, width: geometry.width,
      front: (geometry.vertical.padding, geometry.horizontal.padding),
      padded: (paddedHeight, paddedWidth)
    ).turned(x, widthLengths: geometry.widthLengths)
    let runs = weightRuns(weight)
    let (channels, run) = (outputChannels, runSize)
    let packed = runs.withUnsafeBufferPointer { runs in
      let runs = runs.baseAddress!
      return PackedStack(
        count: kernelWidth, inner: run, columns: channels, innerStride: 1, columnStride: run
      ) { (runs + $0 * channels * run, run) }
    }
    let (rows, lengths) = (geometry.outputHeight, geometry.outputLengths)
    return Tensor(unsafeUninitialized: outputShape) { out in
      turned.withUnsafeBufferPointer { images in
        packed.withUnsafePointer { packed in
          func run(_ bias: UnsafePointer<Float>?) {
            let (y, images) = (out.baseAddress!, images.baseAddress!)
            WorkerPool.perform(geometry.batch * rows) { piece in
              let (b, h) = (piece / rows, piece % rows)
              let image = images + b * paddedWidth * columnSize
              outputRow(
                image + h * geometry.vertical.stride * inputChannels, packed, bias,
                length: lengths[b], into: y + (b * channels * rows + h) * geometry.outputWidth)
            }
          }
          if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
        }
      }
    }
  }

  /// One row of outputs of all channels: the products give `[width, channel]`, turned at the end.
  private func outputRow(
    _ image: UnsafePointer<Float>, _ packed: (Int) -> UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>?, length: Int, into y: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let (width, plane) = (geometry.outputWidth, geometry.outputHeight * geometry.outputWidth)
    var columns = Tensor(uninitialized: [length, outputChannels])
    columns.withUnsafeMutableBufferPointer { columns in
      let columns = columns.baseAddress!
      var job = scribe_gemm()
      (job.rows, job.columns, job.inner) = (length, outputChannels, runSize)
      job.a_row_stride = geometry.horizontal.stride * columnSize
      job.a_inner_stride = 1
      (job.c, job.c_row_stride, job.bias) = (columns, outputChannels, bias)
      for column in 0..<kernelWidth {
        job.a = image + column * columnSize
        job.packed = packed(column)
        job.accumulate = column == 0 ? 0 : 1
        kernels.gemm(&job, 0, length, 0, kernels.panelCount(outputChannels))
      }
      kernels.transpose(columns, outputChannels, y, plane, length, outputChannels)
    }
    for channel in 0..<outputChannels {
      (y + channel * plane + length).update(repeating: 0, count: width - length)
    }
  }
}

extension scribe_kernels {
  /// The number of panels that hold so many columns.
  func panelCount(_ columns: Int) -> Int { (columns + packing.panel - 1) / packing.panel }
}
