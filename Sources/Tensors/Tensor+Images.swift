import CKernels

extension Tensor {
  /// Sequences `[time, batch, feature]` as images `[batch, 1, feature, time]`; zero beyond the
  /// lengths.
  package func images(frameLengths: [Int]) -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    let (time, batch, feature) = (shape[0], shape[1], shape[2])
    let transpose = Kernels.active.transpose
    return Tensor(unsafeUninitialized: [batch, 1, feature, time]) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.perform(batch) { b in
          let (to, length) = (y + b * feature * time, frameLengths[b])
          transpose?(x + b * feature, batch * feature, to, time, length, feature)
          for row in 0..<feature {
            (to + row * time + length).update(repeating: 0, count: time - length)
          }
        }
      }
    }
  }

  /// Images `[batch, channel, height, width]` as sequences `[width, batch, channel · height]`; zero
  /// beyond the widths.
  package func sequences(widthLengths: [Int]) -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    let (batch, width) = (shape[0], shape[3])
    let feature = shape[1] * shape[2]
    let transpose = Kernels.active.transpose
    return Tensor(unsafeUninitialized: [width, batch, feature]) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.perform(batch) { b in
          let length = widthLengths[b]
          transpose?(
            x + b * feature * width, width, y + b * feature, batch * feature, feature, length)
          for t in length..<width {
            (y + (t * batch + b) * feature).update(repeating: 0, count: feature)
          }
        }
      }
    }
  }
}
