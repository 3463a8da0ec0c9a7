import Autograd
import Layers
import Tensors

/// Puts neighbouring frames beside each other: `[time, batch, feature]` to
/// `[⌈time / count⌉, batch, count · feature]`, as between the layers of the pyramid of Chan et al.
/// (2016). What lacks behind the end of a sequence is zero.
public struct FrameJoining: Module {
  /// How many frames become one.
  public let count: Int

  /// Joins so many frames; 1 changes nothing.
  public init(count: Int) {
    precondition(count > 0, "FrameJoining: got count \(count), expected 1 or more")
    self.count = count
  }

  /// The number of joined frames of a sequence.
  public func outputLength(_ frames: Int) -> Int { (frames + count - 1) / count }

  /// Joins the frames of each row.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> (output: Variable, frameLengths: [Int]) {
    precondition(
      x.shape.rank == 3 && frameLengths.count == x.shape[1]
        && frameLengths.allSatisfy { 0...x.shape[0] ~= $0 },
      "FrameJoining: got \(x.shape) with lengths \(frameLengths), expected [time, batch, feature] "
        + "and a length for each row")
    guard count > 1 else { return (x, frameLengths) }
    let y = Variable(joined(x.tensor, frameLengths))
    let lengths = frameLengths.map(outputLength)
    guard let tape else { return (y, lengths) }
    let shape = x.shape
    let output = tape.record(y.tensor, from: [x]) { [self] gradient, _ in
      [x.needsGradient ? parted(gradient, to: shape, frameLengths) : nil]
    }
    return (output, lengths)
  }

  private func joined(_ x: Tensor, _ frameLengths: [Int]) -> Tensor {
    let (batch, size) = (x.shape[1], x.shape[2])
    return Tensor(unsafeUninitialized: [outputLength(x.shape[0]), batch, count * size]) { out in
      out.update(repeating: 0)
      x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let y = out.baseAddress else { return }
        for (row, length) in frameLengths.enumerated() {
          for frame in 0..<length {
            let place = ((frame / count) * batch + row) * count + frame % count
            (y + place * size).update(from: x + (frame * batch + row) * size, count: size)
          }
        }
      }
    }
  }

  private func parted(_ gradient: Tensor, to shape: Shape, _ frameLengths: [Int]) -> Tensor {
    let (batch, size) = (shape[1], shape[2])
    return Tensor(unsafeUninitialized: shape) { out in
      out.update(repeating: 0)
      gradient.withUnsafeBufferPointer { dy in
        guard let dy = dy.baseAddress, let dx = out.baseAddress else { return }
        for (row, length) in frameLengths.enumerated() {
          for frame in 0..<length {
            let place = ((frame / count) * batch + row) * count + frame % count
            (dx + (frame * batch + row) * size).update(from: dy + place * size, count: size)
          }
        }
      }
    }
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}
