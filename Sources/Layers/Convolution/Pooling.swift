import Autograd
import Tensors

/// The greatest value of each window, per channel; padding never wins.
public struct MaxPool2D: Module {
  /// How the windows lie.
  public let window: ImageWindow

  /// A layer with these windows, padded by at most half their size.
  public init(window: ImageWindow) { self.window = window.checkedForPooling(by: "MaxPool2D") }

  /// Maps `[batch, channel, height, width]` to `[batch, channel, height', width']` and the widths
  /// with it. The gradient of a window goes to the first of its greatest elements.
  public func callAsFunction(
    _ x: Variable, widthLengths: [Int], on tape: Tape? = nil
  ) -> (output: Variable, widthLengths: [Int]) {
    let geometry = window.geometry(x.shape, widthLengths: widthLengths, of: "MaxPool2D")
    guard !geometry.halves else { return halved(x, geometry, on: tape) }
    let y = x.tensor.maximumPooled(geometry)
    guard let tape else { return (Variable(y), geometry.outputLengths) }
    let output = tape.record(y, from: [x]) { gradient, _ in
      [
        x.needsGradient
          ? x.tensor.maximumPooledPullback(gradient, output: y, geometry) : nil
      ]
    }
    return (output, geometry.outputLengths)
  }

  /// Remembers the choices, so that the tape need not keep the input and nothing is compared twice.
  private func halved(
    _ x: Variable, _ geometry: WindowGeometry, on tape: Tape?
  ) -> (output: Variable, widthLengths: [Int]) {
    let (y, choices) = x.tensor.maximumHalved(geometry)
    guard let tape else { return (Variable(y), geometry.outputLengths) }
    let needsGradient = x.needsGradient
    let output = tape.record(y, from: [x]) { gradient, _ in
      [needsGradient ? gradient.maximumHalvedPullback(choices, geometry) : nil]
    }
    return (output, geometry.outputLengths)
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}

/// The mean of each window, per channel, over the elements that lie inside the image.
public struct AveragePool2D: Module {
  /// How the windows lie.
  public let window: ImageWindow

  /// A layer with these windows, padded by at most half their size.
  public init(window: ImageWindow) { self.window = window.checkedForPooling(by: "AveragePool2D") }

  /// Maps `[batch, channel, height, width]` to `[batch, channel, height', width']` and the widths
  /// with it.
  public func callAsFunction(
    _ x: Variable, widthLengths: [Int], on tape: Tape? = nil
  ) -> (output: Variable, widthLengths: [Int]) {
    let geometry = window.geometry(x.shape, widthLengths: widthLengths, of: "AveragePool2D")
    let y = x.tensor.averagePooled(geometry)
    guard let tape else { return (Variable(y), geometry.outputLengths) }
    let shape = x.shape
    let output = tape.record(y, from: [x]) { gradient, _ in
      [x.needsGradient ? gradient.averagePooledPullback(geometry, to: shape) : nil]
    }
    return (output, geometry.outputLengths)
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}

extension ImageWindow {
  /// With more padding, a window could lie wholly outside the image.
  fileprivate func checkedForPooling(by type: String) -> ImageWindow {
    precondition(
      2 * padding.height <= kernelSize.height && 2 * padding.width <= kernelSize.width,
      "\(type): got padding \(padding), expected at most half of the kernel \(kernelSize)")
    return self
  }
}
