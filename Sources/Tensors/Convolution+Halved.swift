import CKernels

/// The gradient of a convolution's outputs: all of it, or, where a pooling of two by two follows,
/// that of the greatest elements and which they are.
package struct OutputGradient {
  let tensor: Tensor
  let choices: PoolingChoices?

  /// The gradient `[batch, channel, height, width]` of all outputs.
  package init(_ tensor: Tensor) { (self.tensor, choices) = (tensor, nil) }

  /// The gradient of the outputs that ``Convolution/halvedOutput(_:weight:bias:_:)`` chose.
  package init(_ tensor: Tensor, of choices: PoolingChoices) {
    (self.tensor, self.choices) = (tensor, choices)
  }

  /// 2 where rows and columns come in pairs.
  var unit: Int { choices == nil ? 1 : 2 }

  func withUnsafePointers<Result>(
    _ body: (_ dy: UnsafePointer<Float>, _ choices: UnsafePointer<UInt8>?) -> Result
  ) -> Result {
    tensor.withUnsafeBufferPointer { dy in
      choices.map { $0.withUnsafeBytes { body(dy.baseAddress!, $0) } }
        ?? body(dy.baseAddress!, nil)
    }
  }
}

extension Convolution {
  /// The outputs, and of each window of two by two of them the greatest and which it is.
  ///
  /// Two rows of outputs are made at a time, some columns of all channels, and pooled in the first-
  /// level cache: the outputs themselves, four times as many, are never written to memory.
  ///
  /// - Parameter pooling: Windows of two by two of the outputs.
  package func halvedOutput(
    _ x: Tensor, weight: Tensor, bias: Tensor?, _ pooling: WindowGeometry
  ) -> (output: Tensor, choices: PoolingChoices) {
    let span = Profile.open(.convolution)
    defer { span.close() }
    let packed = PackedKernel(weight, outputs: outputChannels, inner: patchSize)
    let parts = WindowParts(self, rows: 2 * pooling.outputHeight, unit: 2)
    let shape: Shape = [geometry.batch, outputChannels, pooling.outputHeight, pooling.outputWidth]
    let columns = HalvedColumns(self)
    var choices = PoolingChoices(count: shape.count)
    let output = Tensor(unsafeUninitialized: shape) { out in
      choices.withUnsafeMutableBytes { choices in
        x.withUnsafeBufferPointer { x in
          packed.withUnsafePointer { packed in
            withOptionalPointer(bias) { bias in
              let (x, y) = (x.baseAddress!, out.baseAddress!)
              WorkerPool.perform(geometry.batch * parts.blocks.count) { piece in
                let (b, block) = (piece / parts.blocks.count, piece % parts.blocks.count)
                Tensor.withScratch(columns.count + parts.window.count) { scratch in
                  let window = scratch + columns.count
                  parts.fill(window, x, item: b, block)
                  parts.offsets.withUnsafeBufferPointer { offsets in
                    var job = scribe_convolution()
                    (job.outputs, job.inner, job.packed) = (outputChannels, patchSize, packed)
                    (job.offsets, job.bias) = (offsets.baseAddress, bias)
                    (job.rows, job.x_row_stride) = (2, parts.rowStride)
                    (job.y, job.y_stride) = (scratch, columns.pitch)
                    job.y_row_stride = columns.pitch * outputChannels
                    halvedRows(
                      parts.blocks[block], item: b, parts, window, &job, columns, pooling,
                      into: y, choices)
                  }
                }
              }
            }
          }
        }
      }
    }
    return (output, choices)
  }

  /// The pooled outputs of some rows of one item.
  private func halvedRows(
    _ rows: Range<Int>, item b: Int, _ parts: WindowParts, _ window: UnsafePointer<Float>,
    _ job: inout scribe_convolution, _ columns: HalvedColumns, _ pooling: WindowGeometry,
    into y: UnsafeMutablePointer<Float>, _ choices: UnsafeMutablePointer<UInt8>
  ) {
    let (height, width) = (pooling.outputHeight, pooling.outputWidth)
    let length = pooling.outputLengths[b]
    guard let scratch = job.y else { return }
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 2) {
      let target = (b * outputChannels * height + row / 2) * width
      let source = window + (row - rows.lowerBound) * parts.rowStride
      for range in columns.ranges(length: 2 * length) {
        job.length = columns.wholeVectors(range.count)
        job.x = source + range.lowerBound
        Kernels.active.convolution(&job)
        for channel in 0..<outputChannels {
          let top = scratch + channel * columns.pitch
          let to = target + channel * height * width + range.lowerBound / 2
          Kernels.active.maximum_halved(
            top, top + job.y_row_stride, y + to, choices + to, range.count / 2)
        }
      }
      for channel in 0..<outputChannels {
        (y + target + channel * height * width + length).update(
          repeating: 0, count: width - length)
      }
    }
  }
}

/// Pieces of two rows of outputs of all channels that fit a first-level cache.
private struct HalvedColumns {
  /// Columns of a tile of the convolution's kernel.
  private let tile: Int
  private let lanes: Int
  /// Columns of the widest piece: whole tiles.
  let pitch: Int
  /// Floats of one piece.
  let count: Int

  init(_ convolution: Convolution) {
    lanes = Kernels.active.packing.lanes
    tile = 3 * lanes
    pitch = max(1, 4096 / convolution.outputChannels / tile) * tile
    count = 2 * convolution.outputChannels * pitch
  }

  func wholeVectors(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  /// Nearly equal pieces that begin at whole tiles.
  func ranges(length: Int) -> [Range<Int>] {
    let tiles = (length + tile - 1) / tile
    let pieces = (tiles * tile + pitch - 1) / pitch
    return (0..<pieces).map {
      tiles * $0 / pieces * tile..<min(length, tiles * ($0 + 1) / pieces * tile)
    }
  }
}

/// Calls `body` with the elements, or with nil.
func withOptionalPointer(_ tensor: Tensor?, _ body: (UnsafePointer<Float>?) -> Void) {
  guard let tensor else { return body(nil) }
  tensor.withUnsafeBufferPointer { body($0.baseAddress) }
}
