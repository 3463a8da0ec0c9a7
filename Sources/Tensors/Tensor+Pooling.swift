import CKernels

extension Tensor {
  /// The greatest element of each window, padding left out; zero beyond the output lengths.
  package func maximumPooled(_ geometry: WindowGeometry) -> Tensor {
    let kernels = Kernels.active
    return pooled(geometry) { x, rows, y, length, item in
      y.update(repeating: -.infinity, count: length)
      for row in rows {
        geometry.forEachTap(item: item, outputLength: length) { windows, first in
          kernels.maximum_strided(
            x + row * geometry.width + first, geometry.horizontal.stride,
            y + windows.lowerBound, windows.count)
        }
      }
    }
  }

  /// With self the input: the gradient goes to the first of the greatest elements of a window.
  package func maximumPooledPullback(
    _ gradient: Tensor, output: Tensor, _ geometry: WindowGeometry
  ) -> Tensor {
    let kernels = Kernels.active
    return withUnsafeBufferPointer { x in
      output.withUnsafeBufferPointer { y in
        gradient.pooledPullback(geometry, shape) { rest, rows, dx, place, length, item in
          for row in rows {
            geometry.forEachTap(item: item, outputLength: length) { windows, first in
              let offset = row * geometry.width + first
              kernels.maximum_strided_gradient(
                x.baseAddress! + place.input + offset, geometry.horizontal.stride,
                y.baseAddress! + place.output + windows.lowerBound, rest + windows.lowerBound,
                dx + offset, windows.count)
            }
          }
        }
      }
    }
  }

  /// The mean of each window over the elements that exist; zero beyond the output lengths.
  package func averagePooled(_ geometry: WindowGeometry) -> Tensor {
    let kernels = Kernels.active
    return pooled(geometry) { x, rows, y, length, item in
      y.update(repeating: 0, count: length)
      for row in rows {
        geometry.forEachTap(item: item, outputLength: length) { windows, first in
          kernels.add_strided(
            x + row * geometry.width + first, geometry.horizontal.stride,
            y + windows.lowerBound, 1, 1, windows.count)
        }
      }
      geometry.divideByCounts(y, rows: rows.count, length: length, item: item)
    }
  }

  /// With self the gradient of ``averagePooled(_:)``: each element's share of its windows.
  package func averagePooledPullback(_ geometry: WindowGeometry, to shape: Shape) -> Tensor {
    let kernels = Kernels.active
    return pooledPullback(geometry, shape) { rest, rows, dx, _, length, item in
      geometry.divideByCounts(rest, rows: rows.count, length: length, item: item)
      for row in rows {
        geometry.forEachTap(item: item, outputLength: length) { windows, first in
          kernels.add_strided(
            rest + windows.lowerBound, 1, dx + row * geometry.width + first,
            geometry.horizontal.stride, 1, windows.count)
        }
      }
    }
  }

  /// Fills every row of outputs from the rows of its plane that its windows cover.
  private func pooled(
    _ geometry: WindowGeometry,
    _ body: (
      _ plane: UnsafePointer<Float>, _ rows: Range<Int>, _ y: UnsafeMutablePointer<Float>,
      _ length: Int, _ item: Int
    ) -> Void
  ) -> Tensor {
    let span = Profile.open(.pooling)
    defer { span.close() }
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    let (channels, lengths) = (shape[1], geometry.outputLengths)
    return Tensor(unsafeUninitialized: [geometry.batch, channels, height, width]) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.perform(geometry.batch * channels) { plane in
          let (item, from) = (plane / channels, x + plane * geometry.height * geometry.width)
          let length = lengths[item]
          for h in 0..<height {
            let to = y + (plane * height + h) * width
            let rows = geometry.vertical.elements(ofWindow: h, length: geometry.height)
            if length > 0 { body(from, rows, to, length, item) }
            (to + length).update(repeating: 0, count: width - length)
          }
        }
      }
    }
  }

  /// With self the gradient of the outputs: lets `body` spread a copy of each row over dx.
  private func pooledPullback(
    _ geometry: WindowGeometry, _ inputShape: Shape,
    _ body: (
      _ rest: UnsafeMutablePointer<Float>, _ rows: Range<Int>, _ dx: UnsafeMutablePointer<Float>,
      _ place: (input: Int, output: Int), _ length: Int, _ item: Int
    ) -> Void
  ) -> Tensor {
    let span = Profile.open(.pooling)
    defer { span.close() }
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    let (channels, lengths) = (shape[1], geometry.outputLengths)
    let plane = geometry.height * geometry.width
    return Tensor(unsafeUninitialized: inputShape) { out in
      withUnsafeBufferPointer { dy in
        let (dy, dx) = (dy.baseAddress!, out.baseAddress!)
        WorkerPool.perform(geometry.batch * channels) { index in
          let (item, to) = (index / channels, dx + index * plane)
          to.update(repeating: 0, count: plane)
          let length = lengths[item]
          guard length > 0 else { return }
          var rest = Tensor(uninitialized: [length])
          rest.withUnsafeMutableBufferPointer { rest in
            let rest = rest.baseAddress!
            for h in 0..<height {
              let output = (index * height + h) * width
              rest.update(from: dy + output, count: length)
              let rows = geometry.vertical.elements(ofWindow: h, length: geometry.height)
              body(rest, rows, to, (index * plane, output), length, item)
            }
          }
        }
      }
    }
  }
}

extension WindowGeometry {
  /// For each column of the window: the windows in which it lies inside the image, and the place of
  /// the first of these elements.
  fileprivate func forEachTap(
    item: Int, outputLength: Int, _ body: (_ windows: Range<Int>, _ first: Int) -> Void
  ) {
    for tap in 0..<horizontal.kernel {
      let windows = horizontal.windows(
        seeing: tap, length: widthLengths[item], count: outputLength)
      guard !windows.isEmpty else { continue }
      body(windows, windows.lowerBound * horizontal.stride + tap - horizontal.padding)
    }
  }

  /// Divides by the number of elements that each window has inside the image.
  fileprivate func divideByCounts(
    _ row: UnsafeMutablePointer<Float>, rows: Int, length: Int, item: Int
  ) {
    for index in 0..<length {
      let columns = horizontal.elements(ofWindow: index, length: widthLengths[item])
      row[index] /= Float(rows * columns.count)
    }
  }
}
