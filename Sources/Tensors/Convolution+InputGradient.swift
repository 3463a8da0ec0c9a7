import CKernels

/// How the outputs lie that saw one input, along one axis.
///
/// With i + padding = quotient · stride + phase, input i was seen by output quotient − m through the
/// kernel element phase + stride · m, for m below `taps(phase)`: a convolution of the gradient with
/// every stride-th element of the kernel, backwards.
private struct TransposedAxis {
  let axis: WindowAxis
  /// Outputs before the quotient that may have seen an input.
  let front: Int

  init(_ axis: WindowAxis) {
    self.axis = axis
    front = (axis.kernel - 1) / axis.stride
  }

  var mostTaps: Int { front + 1 }

  func taps(_ phase: Int) -> Int { max(0, (axis.kernel - phase + axis.stride - 1) / axis.stride) }

  func quotient(_ input: Int) -> Int { (input + axis.padding) / axis.stride }

  func phase(_ input: Int) -> Int { (input + axis.padding) % axis.stride }
}

/// The products of which an input gradient consists, one for each phase of rows and columns.
private struct TransposedProducts {
  struct Phase {
    let packed: PackedKernel
    let offsets: [Int]
  }

  let vertical: TransposedAxis
  let horizontal: TransposedAxis
  let blocks: RowBlocks
  let window: PaddedWindow
  /// By vertical phase · horizontal stride + horizontal phase.
  let phases: [Phase]

  init(_ convolution: Convolution, weight: Tensor) {
    let geometry = convolution.geometry
    let vertical = TransposedAxis(geometry.vertical)
    let horizontal = TransposedAxis(geometry.horizontal)
    let (rowStride, stride) = (vertical.axis.stride, horizontal.axis.stride)
    let width = Kernels.active.packing.wholeVectors((geometry.width + stride - 1) / stride)
    let pitch = horizontal.front + horizontal.quotient(stride) + width
    let blocks = RowBlocks(
      rows: geometry.height,
      floatsPerRow: convolution.outputChannels * pitch / rowStride)
    let window = PaddedWindow(
      channels: convolution.outputChannels,
      rows: (blocks.tallest + rowStride - 2) / rowStride + vertical.mostTaps, phases: 1,
      pitch: pitch)
    (self.vertical, self.horizontal) = (vertical, horizontal)
    (self.blocks, self.window) = (blocks, window)
    phases = (0..<rowStride * stride).map { index in
      Phase(
        convolution, weight, window, vertical, horizontal,
        phase: (index / stride, index % stride))
    }
  }
}

extension TransposedProducts.Phase {
  /// Weights `[input][output, vertical tap, horizontal tap]`; later taps belong to earlier outputs.
  fileprivate init(
    _ convolution: Convolution, _ weight: Tensor, _ window: PaddedWindow,
    _ vertical: TransposedAxis, _ horizontal: TransposedAxis, phase: (row: Int, column: Int)
  ) {
    let (rows, columns) = (vertical.taps(phase.row), horizontal.taps(phase.column))
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    var offsets: [Int] = []
    for output in 0..<outputs {
      for row in 0..<rows {
        for column in 0..<columns {
          offsets.append(output * window.channelSize - row * window.rowSize - column)
        }
      }
    }
    let inner = offsets.count
    let transposed = Tensor(unsafeUninitialized: [inputs, inner]) { transposed in
      weight.withUnsafeBufferPointer { weight in
        for input in 0..<inputs {
          var to = input * inner
          for output in 0..<outputs {
            let kernel =
              (output * inputs + input) * convolution.kernelHeight * convolution.kernelWidth
            for row in 0..<rows {
              let first =
                kernel
                + (phase.row + row * vertical.axis.stride) * convolution.kernelWidth + phase.column
              for column in 0..<columns {
                transposed[to] = weight[first + column * horizontal.axis.stride]
                to += 1
              }
            }
          }
        }
      }
    }
    self.offsets = offsets
    packed = PackedKernel(transposed, outputs: inputs, inner: inner)
  }
}

extension Convolution {
  /// The gradient of the images: as the output, one product for each row and phase of its columns,
  /// over windows of the gradient. Threads take blocks of rows.
  package func inputGradient(_ gradient: OutputGradient, weight: Tensor) -> Tensor {
    let span = Profile.open(.convolution)
    defer { span.close() }
    let products = TransposedProducts(self, weight: weight)
    let (blocks, stride) = (products.blocks, geometry.horizontal.stride)
    let rowStep = geometry.vertical.stride
    let scratch =
      stride > 1
      ? inputChannels * ((geometry.width + stride - 1) / stride)
        * ((blocks.tallest + rowStep - 1) / rowStep) : 0
    return Tensor(unsafeUninitialized: inputShape) { out in
      gradient.withUnsafePointers { dy, choices in
        let dx = out.baseAddress!
        let image = ImageSource(
          base: dy, height: geometry.outputHeight / gradient.unit * gradient.unit,
          width: geometry.outputWidth / gradient.unit * gradient.unit, length: 0,
          choices: choices)
        WorkerPool.perform(geometry.batch * blocks.count) { piece in
          let (b, block) = (piece / blocks.count, piece % blocks.count)
          Tensor.withScratch(products.window.count + scratch) { window in
            inputRows(b, blocks[block], products, image, window, into: dx)
          }
        }
      }
    }
  }

  /// The gradient of some rows of one image, all channels.
  private func inputRows(
    _ b: Int, _ rows: Range<Int>, _ products: TransposedProducts, _ batch: ImageSource,
    _ window: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let (vertical, horizontal) = (products.vertical, products.horizontal)
    let (width, length) = (geometry.width, geometry.widthLengths[b])
    let plane = geometry.height * width
    let firstRow = vertical.quotient(rows.lowerBound) - vertical.front
    let image = batch.item(
      b, channels: outputChannels, length: horizontal.axis.outputLength(length))
    products.window.fill(window, from: image, firstRow: firstRow, firstColumn: -horizontal.front)
    let step = vertical.axis.stride
    for row in rows.lowerBound..<min(rows.upperBound, rows.lowerBound + step) {
      let target = dx + (b * inputChannels * geometry.height + row) * width
      let source =
        window + (vertical.quotient(row) - firstRow) * products.window.rowSize + horizontal.front
      let phases = vertical.phase(row) * horizontal.axis.stride
      for first in 0..<min(length, horizontal.axis.stride) {
        inputRows(
          products.phases[phases + horizontal.phase(first)], source + horizontal.quotient(first),
          rowSize: products.window.rowSize, count: (rows.upperBound - row + step - 1) / step,
          length: (length - first + horizontal.axis.stride - 1) / horizontal.axis.stride,
          scratch: window + products.window.count, into: target + first)
      }
    }
    let first = dx + (b * inputChannels * geometry.height + rows.lowerBound) * width
    for channel in 0..<inputChannels {
      for row in 0..<rows.count {
        (first + channel * plane + row * width + length).update(
          repeating: 0, count: width - length)
      }
    }
  }

  /// The gradient of every stride-th column of every stride-th row.
  private func inputRows(
    _ phase: TransposedProducts.Phase, _ source: UnsafePointer<Float>, rowSize: Int, count: Int,
    length: Int, scratch: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let (rowStep, stride) = (geometry.vertical.stride, geometry.horizontal.stride)
    let plane = geometry.height * geometry.width
    phase.packed.withUnsafePointer { packed in
      phase.offsets.withUnsafeBufferPointer { offsets in
        var job = scribe_convolution()
        (job.outputs, job.inner, job.packed) = (inputChannels, phase.offsets.count, packed)
        (job.x, job.offsets, job.length) = (source, offsets.baseAddress, length)
        (job.rows, job.x_row_stride) = (count, rowSize)
        (job.y, job.y_stride) = stride == 1 ? (dx, plane) : (scratch, count * length)
        job.y_row_stride = stride == 1 ? rowStep * geometry.width : length
        Kernels.active.convolution(&job)
      }
    }
    guard stride > 1 else { return }
    for channel in 0..<inputChannels {
      for row in 0..<count {
        let from = scratch + (channel * count + row) * length
        let to = dx + channel * plane + row * rowStep * geometry.width
        for index in 0..<length { to[index * stride] = from[index] }
      }
    }
  }
}
