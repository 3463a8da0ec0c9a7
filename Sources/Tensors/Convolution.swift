import CKernels

/// The products that a two-dimensional convolution and its gradients consist of.
///
/// No matrix of patches is ever written and no image is turned. A block of rows is copied into a
/// window with zeros around it; every step of the inner axis is then the window at another offset,
/// and one row of outputs of all channels is one product. Images and blocks of rows are shared out
/// among the threads; no sum is split by thread.
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
  /// Inner steps of the product.
  var patchSize: Int { inputChannels * kernelHeight * kernelWidth }

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
    let span = Profile.open(.convolution)
    defer { span.close() }
    let packed = PackedKernel(weight, outputs: outputChannels, inner: patchSize)
    let parts = WindowParts(self)
    return Tensor(unsafeUninitialized: outputShape) { out in
      x.withUnsafeBufferPointer { x in
        packed.withUnsafePointer { packed in
          func run(_ bias: UnsafePointer<Float>?) {
            let (x, y) = (x.baseAddress!, out.baseAddress!)
            WorkerPool.perform(geometry.batch * parts.blocks.count) { piece in
              let (b, block) = (piece / parts.blocks.count, piece % parts.blocks.count)
              Tensor.withScratch(parts.window.count) { window in
                parts.fill(window, x, item: b, block)
                outputRows(b, parts.blocks[block], parts, window, packed, bias, into: y)
              }
            }
          }
          if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
        }
      }
    }
  }

  /// The outputs of some rows of one item.
  private func outputRows(
    _ b: Int, _ rows: Range<Int>, _ parts: WindowParts, _ window: UnsafePointer<Float>,
    _ packed: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>
  ) {
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    let length = geometry.horizontal.outputLength(geometry.widthLengths[b])
    parts.offsets.withUnsafeBufferPointer { offsets in
      var job = scribe_convolution()
      (job.outputs, job.inner, job.packed) = (outputChannels, patchSize, packed)
      (job.offsets, job.bias) = (offsets.baseAddress, bias)
      (job.x, job.x_row_stride) = (window, parts.rowStride)
      (job.y, job.y_stride) = (
        y + (b * outputChannels * height + rows.lowerBound) * width, height * width
      )
      (job.y_row_stride, job.rows, job.length) = (width, rows.count, length)
      if length > 0 { Kernels.active.convolution(&job) }
      for channel in 0..<outputChannels {
        for row in 0..<rows.count {
          (job.y + channel * job.y_stride + row * width + length).update(
            repeating: 0, count: width - length)
        }
      }
    }
  }
}

/// The windows of the input that blocks of rows of outputs see.
struct WindowParts {
  let geometry: WindowGeometry
  let channels: Int
  let blocks: RowBlocks
  let window: PaddedWindow
  /// Where the inner steps (input channel, row and column of the kernel) lie in a window.
  let offsets: [Int]

  /// - Parameters:
  ///   - rows: Of outputs; all unless told.
  ///   - unit: Every block of rows begins at a multiple of it.
  init(
    _ convolution: Convolution, rows: Int? = nil, unit: Int = 1, floatsPerOutputRow: Int = 0
  ) {
    geometry = convolution.geometry
    channels = convolution.inputChannels
    let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
    let width = Kernels.active.packing.wholeVectors(geometry.outputWidth)
    let pitch = width + (horizontal.kernel - 1) / horizontal.stride
    let rowSize = channels * horizontal.stride * pitch
    let blocks = RowBlocks(
      rows: rows ?? geometry.outputHeight, unit: unit,
      floatsPerRow: rowSize * vertical.stride + floatsPerOutputRow)
    let window = PaddedWindow(
      channels: channels, rows: max(0, blocks.tallest - 1) * vertical.stride + vertical.kernel,
      phases: horizontal.stride, pitch: pitch)
    (self.blocks, self.window) = (blocks, window)
    offsets = (0..<channels).flatMap { channel in
      (0..<vertical.kernel).flatMap { row in
        (0..<horizontal.kernel).map { column in
          window.offset(channel: channel, row: row, column: column)
        }
      }
    }
  }

  /// From one row of outputs to the next.
  var rowStride: Int { geometry.vertical.stride * window.rowSize }

  /// Copies what a block of rows of one item of `x` sees.
  func fill(
    _ to: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, item b: Int, _ block: Int
  ) {
    let image = ImageSource(
      base: x + b * channels * geometry.height * geometry.width, height: geometry.height,
      width: geometry.width, length: geometry.widthLengths[b])
    window.fill(
      to, from: image,
      firstRow: blocks[block].lowerBound * geometry.vertical.stride - geometry.vertical.padding,
      firstColumn: -geometry.horizontal.padding)
  }
}
