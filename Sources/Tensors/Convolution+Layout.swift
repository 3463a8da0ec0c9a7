import CKernels

extension Convolution {
  /// Images `[batch, channel, height, width]` as `[batch][width][height][channel]` with the padding
  /// of the window around them and zeros beyond their widths.
  func turnedImages(_ x: Tensor) -> Tensor {
    let kernels = Kernels.active
    let (height, width) = (geometry.height, geometry.width)
    var turned = Tensor(uninitialized: [geometry.batch, paddedWidth, columnSize])
    turned.withUnsafeMutableBufferPointer { turned in
      x.withUnsafeBufferPointer { x in
        let (x, turned) = (x.baseAddress!, turned.baseAddress!)
        WorkerPool.perform(geometry.batch) { b in
          let (from, length) = (x + b * inputChannels * height * width, geometry.widthLengths[b])
          let image = turned + b * paddedWidth * columnSize
          image.update(repeating: 0, count: paddedWidth * columnSize)
          let inside =
            image + geometry.horizontal.padding * columnSize
            + geometry.vertical.padding * inputChannels
          if inputChannels == 1 {
            kernels.transpose(from, width, inside, columnSize, height, length)
          } else {
            for h in 0..<height {
              kernels.transpose(
                from + h * width, height * width, inside + h * inputChannels, columnSize,
                inputChannels, length)
            }
          }
        }
      }
    }
    return turned
  }

  /// Writes a turned image back to its place in `[batch, channel, height, width]`, without the
  /// padding, with zeros beyond its width.
  func unturn(
    _ image: UnsafePointer<Float>, item: Int, into batch: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.active
    let (height, width) = (geometry.height, geometry.width)
    let to = batch + item * inputChannels * height * width
    let length = geometry.widthLengths[item]
    let inside =
      image + geometry.horizontal.padding * columnSize + geometry.vertical.padding * inputChannels
    if inputChannels == 1 {
      kernels.transpose(inside, columnSize, to, width, length, height)
    } else {
      for h in 0..<height {
        kernels.transpose(
          inside + h * inputChannels, columnSize, to + h * width, height * width, length,
          inputChannels)
      }
    }
    guard length < width else { return }
    for row in 0..<inputChannels * height {
      (to + row * width + length).update(repeating: 0, count: width - length)
    }
  }

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
