import Autograd
import Tensors

/// Joins each frame with its neighbours: the context window at the input of Deep Speech
/// (Hannun et al. 2014).
///
/// Frames before the first and after the last of a sequence count as zeros. With a stride above one
/// only every stride-th window is kept, beginning with that around the first frame.
public struct FrameSplicing: Module {
  /// How many frames are joined on each side.
  public var contextSize: Int
  /// The distance of the centres of two windows, in frames.
  public var stride: Int

  /// A layer with windows of 2 · contextSize + 1 frames.
  public init(contextSize: Int, stride: Int = 1) {
    precondition(
      contextSize >= 0 && stride > 0,
      "FrameSplicing: got contextSize \(contextSize), stride \(stride)")
    (self.contextSize, self.stride) = (contextSize, stride)
  }

  /// The number of frames in a window.
  public var windowSize: Int { 2 * contextSize + 1 }

  /// The number of windows that a sequence of so many frames has.
  public func outputLength(_ frames: Int) -> Int { (frames + stride - 1) / stride }

  /// Maps `[time, batch, feature]` to `[⌈time / stride⌉, batch, windowSize · feature]`, the earliest
  /// frame first; padding becomes zero.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> (output: Variable, frameLengths: [Int]) {
    _ = FrameGrid(x.shape, frameLengths: frameLengths, of: "FrameSplicing")
    let lengths = frameLengths.map(outputLength)
    let y = splice(x.tensor, frameLengths)
    guard let tape else { return (Variable(y), lengths) }
    let shape = x.shape
    let output = tape.record(y, from: [x]) { [self] gradient, _ in
      [x.needsGradient ? pullback(gradient, to: shape, frameLengths) : nil]
    }
    return (output, lengths)
  }

  private func splice(_ x: Tensor, _ frameLengths: [Int]) -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    let (batch, feature) = (x.shape[1], x.shape[2])
    let size = windowSize * feature
    let time = outputLength(x.shape[0])
    return Tensor(unsafeUninitialized: [time, batch, size]) { out in
      x.withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.performRanges(time, minimum: max(1, 16_384 / max(1, batch * size))) { range in
          for t in range {
            for b in 0..<batch {
              fillWindow(
                y + (t * batch + b) * size, centre: t * stride, length: frameLengths[b],
                feature: feature
              ) { x + ($0 * batch + b) * feature }
            }
          }
        }
      }
    }
  }

  private func fillWindow(
    _ window: UnsafeMutablePointer<Float>, centre: Int, length: Int, feature: Int,
    frame: (Int) -> UnsafePointer<Float>
  ) {
    for place in 0..<windowSize {
      let source = centre + place - contextSize
      let target = window + place * feature
      if centre < length, source >= 0, source < length {
        target.update(from: frame(source), count: feature)
      } else {
        target.update(repeating: 0, count: feature)
      }
    }
  }

  /// Every frame collects the gradients of the windows that hold it.
  private func pullback(_ gradient: Tensor, to shape: Shape, _ frameLengths: [Int]) -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    let (time, batch, feature) = (shape[0], shape[1], shape[2])
    let size = windowSize * feature
    return Tensor(unsafeUninitialized: shape) { out in
      gradient.withUnsafeBufferPointer { dy in
        let (dy, dx) = (dy.baseAddress!, out.baseAddress!)
        WorkerPool.performRanges(time, minimum: max(1, 16_384 / max(1, batch * size))) { range in
          for t in range {
            for b in 0..<batch {
              let target = dx + (t * batch + b) * feature
              target.update(repeating: 0, count: feature)
              guard t < frameLengths[b] else { continue }
              for window in windows(holding: t, length: frameLengths[b]) {
                let place = t - window * stride + contextSize
                addRow(dy + (window * batch + b) * size + place * feature, to: target, feature)
              }
            }
          }
        }
      }
    }
  }

  /// The windows of a sequence whose frames include `frame`.
  private func windows(holding frame: Int, length: Int) -> Range<Int> {
    let first = max(0, (frame - contextSize + stride - 1) / stride)
    let end = min(outputLength(length), (frame + contextSize) / stride + 1)
    return first..<max(first, end)
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}
