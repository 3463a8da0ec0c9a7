import Autograd
import Tensors

/// Lays sequences out as images of one channel, features as rows and frames as columns.
public struct SequenceToImage: Module {
  /// The layer.
  public init() {}

  /// Maps `[time, batch, feature]` to `[batch, 1, feature, time]`; the frame lengths are then the
  /// widths.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    _ = FrameGrid(x.shape, frameLengths: frameLengths, of: "SequenceToImage")
    let y = x.tensor.images(frameLengths: frameLengths)
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [x]) { gradient, _ in
      [x.needsGradient ? gradient.sequences(widthLengths: frameLengths) : nil]
    }
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}

/// Reads images column by column: each column with its channels becomes a frame.
public struct ImageToSequence: Module {
  /// The layer.
  public init() {}

  /// Maps `[batch, channel, height, width]` to `[width, batch, channel · height]`; the widths are
  /// then the frame lengths.
  public func callAsFunction(
    _ x: Variable, widthLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    checkImages(x.shape, widthLengths: widthLengths, of: "ImageToSequence")
    let y = x.tensor.sequences(widthLengths: widthLengths)
    guard let tape else { return Variable(y) }
    let shape = x.shape
    return tape.record(y, from: [x]) { gradient, _ in
      [x.needsGradient ? gradient.images(frameLengths: widthLengths).reshaped(shape) : nil]
    }
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}
