import Autograd
import Tensors

/// Variables beside each other along the last axis; the other axes are equal.
func joined(_ parts: [Variable], on tape: Tape?) -> Variable {
  let parts = parts.filter { $0.shape[-1] > 0 }
  guard parts.count > 1 else { return parts[0] }
  let widths = parts.map { $0.shape[-1] }
  let width = widths.reduce(0, +)
  let rows = parts[0].shape.rowCount
  precondition(
    parts.allSatisfy { $0.shape.rowCount == rows },
    "joined: got \(parts.map(\.shape)), expected equal axes but for the last")
  let shape = Shape(parts[0].shape.extents.dropLast() + [width])
  let output = Tensor(unsafeUninitialized: shape) { out in
    var start = 0
    for (part, size) in zip(parts, widths) {
      part.tensor.withUnsafeBufferPointer { x in
        for row in 0..<rows {
          (out.baseAddress! + row * width + start).update(
            from: x.baseAddress! + row * size, count: size)
        }
      }
      start += size
    }
  }
  guard let tape else { return Variable(output) }
  return tape.record(output, from: parts) { gradient, _ in
    var start = 0
    return zip(parts, widths).map { part, size in
      defer { start += size }
      return part.needsGradient ? gradient.columns(start..<start + size).reshaped(part.shape) : nil
    }
  }
}

/// The same elements under another shape.
func reshaped(_ x: Variable, _ shape: Shape, on tape: Tape?) -> Variable {
  let output = x.tensor.reshaped(shape)
  guard let tape else { return Variable(output) }
  return tape.record(output, from: [x]) { gradient, _ in
    [x.needsGradient ? gradient.reshaped(x.shape) : nil]
  }
}

/// The last frames of `[time, ..]`.
func lastFrames(_ x: Variable, _ count: Int, on tape: Tape?) -> Variable {
  let (time, frame) = (x.shape[0], x.tensor.count / max(1, x.shape[0]))
  let skipped = (time - count) * frame
  let output = Tensor(unsafeUninitialized: Shape([count] + x.shape.extents.dropFirst())) { out in
    x.tensor.withUnsafeBufferPointer {
      out.baseAddress!.update(from: $0.baseAddress! + skipped, count: count * frame)
    }
  }
  guard let tape else { return Variable(output) }
  return tape.record(output, from: [x]) { gradient, _ in
    guard x.needsGradient else { return [nil] }
    return [
      Tensor(unsafeUninitialized: x.shape) { dx in
        dx.baseAddress!.update(repeating: 0, count: skipped)
        gradient.withUnsafeBufferPointer {
          (dx.baseAddress! + skipped).update(from: $0.baseAddress!, count: count * frame)
        }
      }
    ]
  }
}

/// The first two axes exchanged: `[a, b, ..]` to `[b, a, ..]`.
func axesSwapped(_ x: Variable, on tape: Tape?) -> Variable {
  let output = x.tensor.axesSwapped()
  guard let tape else { return Variable(output) }
  return tape.record(output, from: [x]) { gradient, _ in
    [x.needsGradient ? gradient.axesSwapped() : nil]
  }
}

/// The sum of two variables of one shape.
func added(_ x: Variable, _ y: Variable, on tape: Tape?) -> Variable {
  var output = x.tensor
  output.add(y.tensor)
  guard let tape else { return Variable(output) }
  return tape.record(output, from: [x, y]) { gradient, _ in
    [x.needsGradient ? gradient : nil, y.needsGradient ? gradient : nil]
  }
}

/// One number added to the first `moved` of each `width` numbers: `[.., width]` and `[..]`.
func shifted(
  _ x: Variable, by location: Variable, width: Int, moved: Int, on tape: Tape?
) -> Variable {
  precondition(
    x.tensor.count == location.tensor.count * width,
    "shifted: got \(location.shape) for \(x.shape), expected one for each \(width)")
  var output = x.tensor
  output.withUnsafeMutableBufferPointer { y in
    location.tensor.withUnsafeBufferPointer { location in
      for index in location.indices {
        for place in 0..<moved { y[index * width + place] += location[index] }
      }
    }
  }
  guard let tape else { return Variable(output) }
  return tape.record(output, from: [x, location]) { gradient, _ in
    guard location.needsGradient else { return [x.needsGradient ? gradient : nil, nil] }
    let sums = Tensor(unsafeUninitialized: location.shape) { sums in
      gradient.withUnsafeBufferPointer { gradient in
        for index in sums.indices {
          sums[index] = 0
          for place in 0..<moved { sums[index] += gradient[index * width + place] }
        }
      }
    }
    return [x.needsGradient ? gradient : nil, sums]
  }
}

/// x · scale + offset for each row of the batch and target: `[time, batch, target · width]`.
func denormalized(
  _ x: Variable, offset: Tensor, scale: Tensor, width: Int, on tape: Tape?
) -> Variable {
  let output = x.tensor.affineTargets(scale: scale, offset: offset, width: width)
  guard let tape else { return Variable(output) }
  return tape.record(output, from: [x]) { gradient, _ in
    [x.needsGradient ? gradient.affineTargets(scale: scale, offset: nil, width: width) : nil]
  }
}

extension Tensor {
  /// Some columns, `[row, column]`, all axes but the last counted as rows.
  func columns(_ range: Range<Int>) -> Tensor {
    let (rows, width) = (shape.rowCount, shape.rowSize)
    return Tensor(unsafeUninitialized: [rows, range.count]) { out in
      withUnsafeBufferPointer { x in
        for row in 0..<rows {
          (out.baseAddress! + row * range.count).update(
            from: x.baseAddress! + row * width + range.lowerBound, count: range.count)
        }
      }
    }
  }

  /// `[a, b, ..]` to `[b, a, ..]`.
  func axesSwapped() -> Tensor {
    let (first, second) = (shape[0], shape[1])
    let size = shape.extents.dropFirst(2).reduce(1, *)
    return Tensor(unsafeUninitialized: Shape([second, first] + shape.extents.dropFirst(2))) { out in
      withUnsafeBufferPointer { x in
        for i in 0..<first {
          for j in 0..<second {
            (out.baseAddress! + (j * first + i) * size).update(
              from: x.baseAddress! + (i * second + j) * size, count: size)
          }
        }
      }
    }
  }

  /// Frames `from..<to` of `[time, ..]`.
  func frames(_ range: Range<Int>) -> Tensor {
    let frame = count / Swift.max(1, shape[0])
    return Tensor(unsafeUninitialized: Shape([range.count] + shape.extents.dropFirst())) { out in
      guard let out = out.baseAddress, frame > 0 else { return }
      withUnsafeBufferPointer {
        out.update(from: $0.baseAddress! + range.lowerBound * frame, count: range.count * frame)
      }
    }
  }

  fileprivate func affineTargets(scale: Tensor, offset: Tensor?, width: Int) -> Tensor {
    let row = scale.count
    precondition(
      count % (row * width) == 0, "denormalized: got \(shape) for \(row) targets of \(width)")
    let (scales, offsets) = (scale.scalars, offset?.scalars)
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        for index in x.indices {
          let place = index / width % row
          out[index] = x[index] * scales[place] + (offsets?[place] ?? 0)
        }
      }
    }
  }
}
