import CKernels

extension Tensor {
  /// The sums over x − shift and its square for each channel of `[batch, channel, height, width]`,
  /// columns beyond an image's width left out. Threads take channels; rows are summed in double
  /// precision.
  package func channelMoments(
    widthLengths: [Int], shift: [Float]?
  ) -> (first: Tensor, second: Tensor) {
    let kernel = Kernels.active.row_moments
    return withUnsafeBufferPointer { x in
      channelSums(widthLengths: widthLengths) { start, channel, length, first, second in
        kernel?(x.baseAddress! + start, shift?[channel] ?? 0, length, &first, &second)
      }
    }
  }

  /// With self the input: the sums of dy and of dy · (x − shift) for each channel.
  package func channelGradientMoments(
    _ gradient: Tensor, widthLengths: [Int], shift: [Float]
  ) -> (first: Tensor, second: Tensor) {
    precondition(shape == gradient.shape, "channelGradientMoments: got \(gradient.shape)")
    let kernel = Kernels.active.row_gradient_moments
    return withUnsafeBufferPointer { x in
      gradient.withUnsafeBufferPointer { dy in
        channelSums(widthLengths: widthLengths) { start, channel, length, first, second in
          kernel?(
            x.baseAddress! + start, dy.baseAddress! + start, nil, shift[channel], length, &first,
            &second)
        }
      }
    }
  }

  private func channelSums(
    widthLengths: [Int],
    _ row: (
      _ start: Int, _ channel: Int, _ length: Int, _ first: inout Float, _ second: inout Float
    ) -> Void
  ) -> (first: Tensor, second: Tensor) {
    let (batch, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    var firsts = Tensor(uninitialized: [channels])
    var seconds = Tensor(uninitialized: [channels])
    firsts.withUnsafeMutableBufferPointer { firsts in
      seconds.withUnsafeMutableBufferPointer { seconds in
        WorkerPool.perform(channels) { channel in
          var (total, totalSecond) = (0.0, 0.0)
          for b in 0..<batch where widthLengths[b] > 0 {
            for h in 0..<height {
              var (first, second): (Float, Float) = (0, 0)
              let start = ((b * channels + channel) * height + h) * width
              row(start, channel, widthLengths[b], &first, &second)
              total += Double(first)
              totalSecond += Double(second)
            }
          }
          firsts[channel] = Float(total)
          seconds[channel] = Float(totalSecond)
        }
      }
    }
    return (firsts, seconds)
  }

  /// (x − mean) · scale + shift for each channel; zero beyond an image's width.
  package func affineChannels(
    mean: [Float], scale: [Float], shift: [Float], widthLengths: [Int]
  ) -> Tensor {
    let kernel = Kernels.active.affine
    return mapImageRows(widthLengths: widthLengths) { x, _, channel, y, length in
      kernel?(x, y, mean[channel], scale[channel], shift[channel], length)
    }
  }

  /// With self the input: a · dy + b · (x − mean) + d for each channel, zero beyond the width.
  package func affineChannelsPullback(
    _ gradient: Tensor, _ map: ColumnGradient, widthLengths: [Int]
  ) -> Tensor {
    let kernel = Kernels.active.affine_gradient
    return gradient.withUnsafeBufferPointer { dy in
      mapImageRows(widthLengths: widthLengths) { x, start, channel, dx, length in
        kernel?(
          x, dy.baseAddress! + start, dx, map.mean[channel], map.a[channel], map.b[channel],
          map.d[channel], length)
      }
    }
  }

  /// Calls `body` with the valid part of every row of every image and the place of its result.
  private func mapImageRows(
    widthLengths: [Int],
    _ body: (
      _ x: UnsafePointer<Float>, _ start: Int, _ channel: Int, _ y: UnsafeMutablePointer<Float>,
      _ length: Int
    ) -> Void
  ) -> Tensor {
    let (batch, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.perform(batch * channels) { plane in
          let length = widthLengths[plane / channels]
          for row in plane * height..<(plane + 1) * height {
            let start = row * width
            if length > 0 { body(x + start, start, plane % channels, y + start, length) }
            (y + start + length).update(repeating: 0, count: width - length)
          }
        }
      }
    }
  }
}
