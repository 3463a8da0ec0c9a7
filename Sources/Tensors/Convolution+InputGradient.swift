import CKernels

/// How the outputs lie that saw one input, along one axis.
///
/// With i + padding = quotient · stride + phase, input i was seen by output quotient − m through the
/// kernel element phase + stride · m, for m below `taps(phase)`: a convolution of the gradient with
/// every stride-th element of the kernel, backwards.
private struct TransposedAxis {
  let axis: WindowAxis
  /// Zeros before the first output, so that every run of outputs exists.
  let front: Int
  /// Outputs with the zeros around them.
  let paddedSize: Int

  init(_ axis: WindowAxis, inputSize: Int) {
    self.axis = axis
    front = (axis.kernel - 1) / axis.stride
    let last = (max(1, inputSize) - 1 + axis.padding) / axis.stride
    paddedSize = front + max(axis.outputLength(inputSize), last + 1)
  }

  var mostTaps: Int { front + 1 }

  func taps(_ phase: Int) -> Int { max(0, (axis.kernel - phase + axis.stride - 1) / axis.stride) }

  func quotient(_ input: Int) -> Int { (input + axis.padding) / axis.stride }

  func phase(_ input: Int) -> Int { (input + axis.padding) % axis.stride }
}

extension Convolution {
  private var vertical: TransposedAxis {
    TransposedAxis(geometry.vertical, inputSize: geometry.height)
  }
  private var horizontal: TransposedAxis {
    TransposedAxis(geometry.horizontal, inputSize: geometry.width)
  }

  /// The gradient of the images: as the output, a sum of products of strided views of the turned
  /// gradient with packed weights. Threads take rows of the images.
  package func inputGradient(_ gradient: Tensor, weight: Tensor) -> Tensor {
    let (vertical, horizontal) = (vertical, horizontal)
    let turned = TurnedLayout(
      channels: outputChannels, height: geometry.outputHeight, width: geometry.outputWidth,
      front: (vertical.front, horizontal.front),
      padded: (vertical.paddedSize, horizontal.paddedSize)
    ).turned(gradient, widthLengths: geometry.outputLengths)
    let packed = packedTransposed(weight)
    let rows = geometry.height
    let imageSize = vertical.paddedSize * horizontal.paddedSize * outputChannels
    return Tensor(unsafeUninitialized: inputShape) { out in
      turned.withUnsafeBufferPointer { images in
        packed.withUnsafePointer { packed in
          let (dx, images) = (out.baseAddress!, images.baseAddress!)
          WorkerPool.perform(geometry.batch * rows) { piece in
            let (b, h) = (piece / rows, piece % rows)
            inputRow(
              h, images + b * imageSize, packed, length: geometry.widthLengths[b],
              into: dx + (b * inputChannels * rows + h) * geometry.width)
          }
        }
      }
    }
  }

  /// The gradient of one row of an image, all channels.
  private func inputRow(
    _ h: Int, _ image: UnsafePointer<Float>, _ packed: (Int) -> UnsafePointer<Float>, length: Int,
    into dx: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let (vertical, horizontal) = (vertical, horizontal)
    let (width, plane) = (geometry.width, geometry.height * geometry.width)
    let (phase, columnSize) = (vertical.phase(h), vertical.paddedSize * outputChannels)
    let taps = vertical.taps(phase)
    let run = (vertical.quotient(h) + vertical.mostTaps - taps) * outputChannels
    var columns = Tensor(zeros: [length, inputChannels])
    columns.withUnsafeMutableBufferPointer { columns in
      let columns = columns.baseAddress!
      var job = scribe_gemm()
      (job.columns, job.inner) = (inputChannels, taps * outputChannels)
      (job.a_row_stride, job.a_inner_stride) = (columnSize, 1)
      (job.c_row_stride, job.accumulate) = (horizontal.axis.stride * inputChannels, 1)
      for first in 0..<min(length, horizontal.axis.stride) {
        job.rows = (length - first + horizontal.axis.stride - 1) / horizontal.axis.stride
        job.c = columns + first * inputChannels
        let start = horizontal.quotient(first) + horizontal.front
        for tap in 0..<horizontal.taps(horizontal.phase(first)) {
          job.a = image + (start - tap) * columnSize + run
          let column = horizontal.phase(first) + tap * horizontal.axis.stride
          job.packed = packed(phase * kernelWidth + column)
          kernels.gemm(&job, 0, job.rows, 0, kernels.panelCount(inputChannels))
        }
      }
      kernels.transpose(columns, inputChannels, dx, plane, length, inputChannels)
    }
    for channel in 0..<inputChannels {
      (dx + channel * plane + length).update(repeating: 0, count: width - length)
    }
  }

  /// The weights for each vertical phase and kernel column: `[tap, output] · [input]`, the last tap
  /// first, because later taps belong to earlier outputs.
  private func packedTransposed(_ weight: Tensor) -> PackedStack {
    let vertical = vertical
    let (columns, outputs, inputs) = (kernelWidth, outputChannels, inputChannels)
    let size = vertical.mostTaps * outputs * inputs
    let count = vertical.axis.stride * columns
    let runs = Tensor(unsafeUninitialized: [count, size]) { runs in
      weight.withUnsafeBufferPointer { weight in
        for row in 0..<kernelHeight {
          let (tap, phase) = row.quotientAndRemainder(dividingBy: vertical.axis.stride)
          let place = vertical.taps(phase) - 1 - tap
          for output in 0..<outputs {
            for input in 0..<inputs {
              let from = ((output * inputs + input) * kernelHeight + row) * columns
              let to = phase * columns * size + (place * outputs + output) * inputs + input
              for column in 0..<columns { runs[to + column * size] = weight[from + column] }
            }
          }
        }
      }
    }
    return runs.withUnsafeBufferPointer { runs in
      let runs = runs.baseAddress!
      return PackedStack(
        count: count, inner: vertical.mostTaps * outputs, columns: inputs, innerStride: inputs,
        columnStride: 1
      ) { (runs + $0 * size, vertical.taps($0 / columns) * outputs) }
    }
  }
}
