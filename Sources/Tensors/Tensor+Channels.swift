import CKernels

/// Sums over one channel of all images of a batch, columns beyond their widths left out.
package struct ChannelMoments {
  /// How many values each channel has.
  package var count = 0
  package var mean: [Double] = []
  /// The sum of the squared deviations from the mean.
  package var deviation: [Double] = []
}

/// What follows an affine map without a pass of its own.
package enum Rectifier: Sendable {
  case none
  /// The nearer of two bounds outside of them.
  case clip(low: Float, high: Float)
  /// So many times the negative values; not below zero.
  case leaky(slope: Float)
}

/// (x − mean) · scale + shift for each channel, and a rectifier.
package struct ChannelMap {
  package var mean: [Float]
  package var scale: [Float]
  package var shift: [Float]
  package var rectifier: Rectifier

  package init(mean: [Float], scale: [Float], shift: [Float], rectifier: Rectifier) {
    (self.mean, self.scale, self.shift, self.rectifier) = (mean, scale, shift, rectifier)
  }

  fileprivate subscript(channel: Int) -> scribe_affine {
    var map = scribe_affine()
    (map.mean, map.scale, map.shift) = (mean[channel], scale[channel], shift[channel])
    switch rectifier {
    case .none: map.kind = Int32(SCRIBE_LINEAR)
    case .clip(let low, let high):
      (map.kind, map.low, map.high) = (Int32(SCRIBE_CLIP), low, high)
    case .leaky(let slope): (map.kind, map.low) = (Int32(SCRIBE_LEAKY), slope)
    }
    return map
  }
}

extension Tensor {
  /// Mean and deviation of each channel of `[batch, channel, height, width]`.
  ///
  /// Each plane is read for its mean and again, from the cache, for the deviations from it; planes
  /// are then joined as Chan, Golub and LeVeque (1979) do, in double precision and in their order.
  /// So a large mean costs no digits, and the images are read from memory once.
  package func channelMoments(widthLengths: [Int]) -> ChannelMoments {
    let kernels = Kernels.active
    let (height, width) = (shape[2], shape[3])
    let planes = withUnsafeBufferPointer { x in
      planeValues(widthLengths: widthLengths) { start, _, length in
        let plane = x.baseAddress! + start
        var (first, second): (Float, Float) = (0, 0)
        kernels.plane_moments(plane, height, length, width, 0, &first, &second)
        let mean = first / Float(height * length)
        kernels.plane_moments(plane, height, length, width, mean, &first, &second)
        let (rest, count) = (Double(first), Double(height * length))
        return (Double(mean) + rest / count, max(0, Double(second) - rest * rest / count))
      }
    }
    return ChannelMoments(planes, channels: shape[1], counts: widthLengths.map { $0 * height })
  }

  /// The sums of each channel.
  package func channelSums(widthLengths: [Int]) -> Tensor {
    let kernels = Kernels.active
    let (height, width) = (shape[2], shape[3])
    let planes = withUnsafeBufferPointer { x in
      planeValues(widthLengths: widthLengths) { start, _, length in
        var (first, second): (Float, Float) = (0, 0)
        kernels.plane_moments(x.baseAddress! + start, height, length, width, 0, &first, &second)
        return (Double(first), 0)
      }
    }
    return Tensor(planes.totals(channels: shape[1]).first)
  }

  /// With self the input of ``affineChannels(_:widthLengths:)`` and g the gradient of what its
  /// rectifier sees: the sums of g and of g · (x − mean) for each channel.
  package func channelGradientMoments(
    _ gradient: Tensor, _ map: ChannelMap, widthLengths: [Int]
  ) -> (first: [Float], second: [Float]) {
    precondition(shape == gradient.shape, "channelGradientMoments: got \(gradient.shape)")
    let kernels = Kernels.active
    let (height, width) = (shape[2], shape[3])
    return withUnsafeBufferPointer { x in
      gradient.withUnsafeBufferPointer { dy in
        planeValues(widthLengths: widthLengths) { start, channel, length in
          var (first, second): (Float, Float) = (0, 0)
          var map = map[channel]
          kernels.plane_gradient_moments(
            &map, x.baseAddress! + start, dy.baseAddress! + start, height, length, width, &first,
            &second)
          return (Double(first), Double(second))
        }
      }
    }.totals(channels: shape[1])
  }

  /// The map of each channel; zero beyond an image's width.
  package func affineChannels(_ map: ChannelMap, widthLengths: [Int]) -> Tensor {
    let kernels = Kernels.active
    let (height, width) = (shape[2], shape[3])
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        forEachPlane(widthLengths: widthLengths) { plane, channel, length in
          let start = plane * height * width
          var map = map[channel]
          kernels.plane_affine(&map, x + start, y + start, height, length, width)
        }
      }
    }
  }

  /// With self the input and g the gradient of what the map's rectifier sees:
  /// a · g + b · (x − mean) + d for each channel, zero beyond the width.
  package func affineChannelsPullback(
    _ gradient: Tensor, _ map: ChannelMap, _ pullback: ColumnGradient, widthLengths: [Int]
  ) -> Tensor {
    let kernels = Kernels.active
    let (height, width) = (shape[2], shape[3])
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        gradient.withUnsafeBufferPointer { dy in
          let (x, dy, dx) = (x.baseAddress!, dy.baseAddress!, out.baseAddress!)
          forEachPlane(widthLengths: widthLengths) { plane, channel, length in
            let start = plane * height * width
            var map = map[channel]
            kernels.plane_affine_gradient(
              &map, pullback.a[channel], pullback.b[channel], pullback.d[channel], x + start,
              dy + start, dx + start, height, length, width)
          }
        }
      }
    }
  }

  /// Calls `body` with the number of every plane, its channel and its valid columns.
  private func forEachPlane(
    widthLengths: [Int], _ body: (_ plane: Int, _ channel: Int, _ length: Int) -> Void
  ) {
    let span = Profile.open(.normalization)
    defer { span.close() }
    let channels = shape[1]
    WorkerPool.perform(shape[0] * channels) { plane in
      body(plane, plane % channels, widthLengths[plane / channels])
    }
  }

  /// Two values of every plane that has columns, zeros for the others.
  private func planeValues(
    widthLengths: [Int],
    _ body: (_ start: Int, _ channel: Int, _ length: Int) -> (Double, Double)
  ) -> [(first: Double, second: Double)] {
    let size = shape[2] * shape[3]
    return Array(unsafeUninitializedCapacity: shape[0] * shape[1]) { values, count in
      count = shape[0] * shape[1]
      let values = values
      forEachPlane(widthLengths: widthLengths) { plane, channel, length in
        let value = length > 0 && size > 0 ? body(plane * size, channel, length) : (0, 0)
        (values.baseAddress! + plane).initialize(to: value)
      }
    }
  }
}

extension ChannelMoments {
  /// Joins the means and deviations of planes, numbered item · channels + channel.
  fileprivate init(_ planes: [(first: Double, second: Double)], channels: Int, counts: [Int]) {
    mean = Array(repeating: 0, count: channels)
    deviation = mean
    for (item, added) in counts.enumerated() where added > 0 {
      let (before, after) = (Double(count), Double(count + added))
      for channel in 0..<channels {
        let plane = planes[item * channels + channel]
        let difference = plane.first - mean[channel]
        mean[channel] += difference * Double(added) / after
        deviation[channel] +=
          plane.second + difference * difference * before * Double(added) / after
      }
      count += added
    }
  }
}

extension [(first: Double, second: Double)] {
  /// The sums for each channel over the items, in their order.
  fileprivate func totals(channels: Int) -> (first: [Float], second: [Float]) {
    var firsts = [Double](repeating: 0, count: channels)
    var seconds = firsts
    for (plane, value) in enumerated() {
      firsts[plane % channels] += value.first
      seconds[plane % channels] += value.second
    }
    return (firsts.map { Float($0) }, seconds.map { Float($0) })
  }
}
