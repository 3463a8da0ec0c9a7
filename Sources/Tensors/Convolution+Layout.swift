import CKernels

/// Images with the channel innermost, `[batch][width][height][channel]`, and zeros around them.
struct TurnedLayout {
  let channels: Int
  let height: Int
  let width: Int
  /// Zeros before the first row and the first column.
  let front: (height: Int, width: Int)
  /// The size with the zeros on both sides.
  let padded: (height: Int, width: Int)

  /// Turns `[batch, channel, height, width]`, with zeros beyond the widths of the images.
  func turned(_ x: Tensor, widthLengths: [Int]) -> Tensor {
    let columnSize = padded.height * channels
    return Tensor(
      unsafeUninitialized: [widthLengths.count, padded.width, columnSize]
    ) { turned in
      x.withUnsafeBufferPointer { x in
        let (x, turned) = (x.baseAddress!, turned.baseAddress!)
        WorkerPool.perform(widthLengths.count) { b in
          let image = turned + b * padded.width * columnSize
          image.update(repeating: 0, count: padded.width * columnSize)
          turn(
            x + b * channels * height * width, length: widthLengths[b],
            into: image + front.width * columnSize + front.height * channels)
        }
      }
    }
  }

  private func turn(
    _ from: UnsafePointer<Float>, length: Int, into inside: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let columnSize = padded.height * channels
    guard channels > 1 else {
      return kernels.transpose(from, width, inside, columnSize, height, length)
    }
    for h in 0..<height {
      kernels.transpose(
        from + h * width, height * width, inside + h * channels, columnSize, channels, length)
    }
  }
}

extension Convolution {
  /// A weight `[output, input, kernelHeight, kernelWidth]` as
  /// `[kernelWidth][output][kernelHeight][input]`, so that the values that meet one run of a turned
  /// image lie together.
  func weightRuns(_ weight: Tensor) -> Tensor {
    let (rows, columns, inputs) = (kernelHeight, kernelWidth, inputChannels)
    return Tensor(unsafeUninitialized: [columns, outputChannels, runSize]) { runs in
      weight.withUnsafeBufferPointer { weight in
        for output in 0..<outputChannels {
          for input in 0..<inputs {
            for row in 0..<rows {
              let from = ((output * inputs + input) * rows + row) * columns
              let to = output * runSize + row * inputs + input
              for column in 0..<columns {
                runs[column * outputChannels * runSize + to] = weight[from + column]
              }
            }
          }
        }
      }
    }
  }
}

/// Several packed right operands with the same number of columns, one behind the other.
struct PackedStack {
  private let storage: Tensor
  private let stride: Int

  /// - Parameters:
  ///   - inner: The most rows that an operand has.
  ///   - operand: The first element of an operand and the number of its rows.
  init(
    count: Int, inner: Int, columns: Int, innerStride: Int, columnStride: Int,
    operand: (Int) -> (base: UnsafePointer<Float>, inner: Int)
  ) {
    let kernels = Kernels.active
    let panels = kernels.panelCount(columns)
    let stride = panels * kernels.packing.panel * inner
    self.stride = stride
    storage = Tensor(unsafeUninitialized: [count * stride]) { packed in
      let packed = packed.baseAddress!
      WorkerPool.perform(count) { index in
        let (base, rows) = operand(index)
        kernels.pack(
          base, rows, columns, innerStride, columnStride, packed + index * stride, 0, panels)
      }
    }
  }

  func withUnsafePointer<Result>(
    _ body: (_ operand: (Int) -> UnsafePointer<Float>) -> Result
  ) -> Result {
    storage.withUnsafeBufferPointer { packed in body { packed.baseAddress! + $0 * stride } }
  }
}
