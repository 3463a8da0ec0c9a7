import Tensors

/// The frames that a layer with a limited view of time still needs, while they arrive in blocks.
///
/// Frame *o* of such a layer's output depends on the input frames from `o · stride - before` to
/// `o · stride + after`, with zeros where the sequence has none. What is kept does not depend on how
/// many frames there were.
public struct FrameWindow: Sendable {
  /// How many frames an output frame needs before its own.
  public let before: Int
  /// How many frames an output frame needs after its own.
  public let after: Int
  /// The distance of the frames of two outputs.
  public let stride: Int
  /// The features of an output frame.
  public let outputSize: Int

  private var frames: [Float] = []
  /// The input frame at which `frames` begin, a multiple of the stride.
  private var first = 0
  private var received = 0
  private var emitted = 0

  /// A window before the first frame.
  public init(before: Int, after: Int, stride: Int = 1, outputSize: Int) {
    precondition(
      before >= 0 && after >= 0 && stride > 0,
      "FrameWindow: got before \(before), after \(after), stride \(stride)")
    (self.before, self.after, self.stride) = (before, after, stride)
    self.outputSize = outputSize
  }

  /// The number of values that are kept.
  package var count: Int { frames.count }

  /// Takes in the next frames and returns the output frames that are complete.
  ///
  /// - Parameters:
  ///   - block: `[time, 1, feature]`
  ///   - layer: Maps a run of frames, `[time, 1, feature]`, to all of its output frames.
  /// - Returns: `[time', 1, feature']`
  public mutating func advance(_ block: Tensor, layer: (Tensor) -> Tensor) -> Tensor {
    take(block)
    let ready = received > after ? (received - after - 1) / stride + 1 : 0
    return emit(upTo: ready, width: block.shape[2], layer)
  }

  /// Takes in the last frames, perhaps none, and returns the output frames that are left.
  ///
  /// - Parameter outputLength: The number of output frames of a whole sequence.
  public mutating func finish(
    _ block: Tensor, outputLength: (Int) -> Int, layer: (Tensor) -> Tensor
  ) -> Tensor {
    take(block)
    return emit(upTo: received > 0 ? outputLength(received) : 0, width: block.shape[2], layer)
  }

  private mutating func take(_ block: Tensor) {
    precondition(
      block.shape.rank == 3 && block.shape[1] == 1,
      "FrameWindow: got \(block.shape), expected [time, 1, feature]")
    block.withUnsafeBufferPointer { frames.append(contentsOf: $0) }
    received += block.shape[0]
  }

  private mutating func emit(
    upTo ready: Int, width: Int, _ layer: (Tensor) -> Tensor
  ) -> Tensor {
    guard ready > emitted else { return Tensor(zeros: [0, 1, outputSize]) }
    let output = layer(Tensor(frames, shape: [received - first, 1, width]))
    let offset = first / stride
    let rows = output.frames(emitted - offset..<ready - offset)
    emitted = ready
    // The next run of frames begins where an output does, so that outputs are counted from there.
    let needed = min(max(0, emitted * stride - before), received) / stride * stride
    frames.removeFirst((needed - first) * width)
    first = needed
    return rows
  }
}

extension Tensor {
  /// Some time steps of `[time, batch, feature]`.
  package func frames(_ range: Range<Int>) -> Tensor {
    let size = shape[1] * shape[2]
    return Tensor(unsafeUninitialized: [range.count, shape[1], shape[2]]) { out in
      withUnsafeBufferPointer { source in
        _ = out.update(
          fromContentsOf: source[range.lowerBound * size..<range.upperBound * size])
      }
    }
  }
}
