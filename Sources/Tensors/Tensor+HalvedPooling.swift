import CKernels

/// Which of its four elements each window of two by two took, one byte a window.
package struct PoolingChoices: Sendable {
  private var storage: Tensor

  init(count: Int) { storage = Tensor(uninitialized: [max(1, (count + 3) / 4)]) }

  func withUnsafeBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    storage.withUnsafeBufferPointer {
      body(UnsafeRawPointer($0.baseAddress!).assumingMemoryBound(to: UInt8.self))
    }
  }

  mutating func withUnsafeMutableBytes(_ body: (UnsafeMutablePointer<UInt8>) -> Void) {
    storage.withUnsafeMutableBufferPointer {
      body(UnsafeMutableRawPointer($0.baseAddress!).assumingMemoryBound(to: UInt8.self))
    }
  }
}

extension WindowGeometry {
  /// Whether the windows are two by two, lie beside each other, and have no padding: then each is
  /// read once, and its choice can be remembered in a byte.
  package var halves: Bool {
    [vertical, horizontal].allSatisfy { $0.kernel == 2 && $0.stride == 2 && $0.padding == 0 }
  }
}

extension Tensor {
  /// The greatest element of each window of two by two, and which it is; zero beyond the output
  /// lengths.
  package func maximumHalved(_ geometry: WindowGeometry) -> (
    output: Tensor, choices: PoolingChoices
  ) {
    let span = Profile.open(.pooling)
    defer { span.close() }
    let kernels = Kernels.active
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    let (channels, lengths, from) = (shape[1], geometry.outputLengths, geometry.width)
    let shape: Shape = [geometry.batch, channels, height, width]
    var choices = PoolingChoices(count: shape.count)
    let output = Tensor(unsafeUninitialized: shape) { out in
      choices.withUnsafeMutableBytes { bytes in
        withUnsafeBufferPointer { x in
          let (x, y) = (x.baseAddress!, out.baseAddress!)
          WorkerPool.perform(geometry.batch * channels) { plane in
            let length = lengths[plane / channels]
            for row in 0..<height {
              let top = x + (plane * geometry.height + 2 * row) * from
              let start = (plane * height + row) * width
              kernels.maximum_halved(top, top + from, y + start, bytes + start, length)
              (y + start + length).update(repeating: 0, count: width - length)
            }
          }
        }
      }
    }
    return (output, choices)
  }

  /// With self the gradient of ``maximumHalved(_:)``: each window's goes to what it took.
  package func maximumHalvedPullback(
    _ choices: PoolingChoices, _ geometry: WindowGeometry
  ) -> Tensor {
    let span = Profile.open(.pooling)
    defer { span.close() }
    let kernels = Kernels.active
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    let (channels, lengths, to) = (shape[1], geometry.outputLengths, geometry.width)
    return Tensor(
      unsafeUninitialized: [geometry.batch, channels, geometry.height, geometry.width]
    ) { out in
      choices.withUnsafeBytes { bytes in
        withUnsafeBufferPointer { dy in
          let (dy, dx) = (dy.baseAddress!, out.baseAddress!)
          WorkerPool.perform(geometry.batch * channels) { plane in
            let length = lengths[plane / channels]
            let target = dx + plane * geometry.height * to
            for row in 0..<height {
              let start = (plane * height + row) * width
              let top = target + 2 * row * to
              for (first, target) in [(Int32(0), top), (2, top + to)] {
                kernels.maximum_halved_row(dy + start, bytes + start, first, target, length)
                (target + 2 * length).update(repeating: 0, count: to - 2 * length)
              }
            }
            (target + 2 * height * to).update(
              repeating: 0, count: (geometry.height - 2 * height) * to)
          }
        }
      }
    }
  }
}
