import Autograd
import Tensors

/// A two-dimensional convolution over images of different widths (LeCun et al. 1989), as at the
/// front of Deep Speech 2 (Amodei et al. 2016, section 3.5), where rows are frequencies and columns
/// are frames.
///
/// Columns beyond an image's width count as zeros, and become zeros, so an image in a batch gives
/// what it gives alone.
public struct Convolution2D: Module {
  /// `[outputChannels, inputChannels, kernelHeight, kernelWidth]`
  public var weight: Parameter
  /// `[outputChannels]`
  public var bias: Parameter?
  /// How the kernel moves.
  public let window: ImageWindow

  /// A layer with weights drawn uniformly from ±1/√(inputs of one output).
  ///
  /// - Parameter bias: Whether to add a bias; batch normalisation right after it makes it void.
  public init(
    inputChannels: Int, outputChannels: Int, window: ImageWindow, bias: Bool = true,
    random: inout RandomSource
  ) {
    precondition(
      inputChannels > 0 && outputChannels > 0,
      "Convolution2D: got \(inputChannels) input and \(outputChannels) output channels")
    self.window = window
    let size = window.kernelSize
    let fanIn = inputChannels * size.height * size.width
    weight = Parameter(
      .uniform(
        [outputChannels, inputChannels, size.height, size.width], fanIn: fanIn, random: &random))
    self.bias = bias ? Parameter(.uniform([outputChannels], fanIn: fanIn, random: &random)) : nil
  }

  /// The number of channels of the input.
  public var inputChannels: Int { weight.shape[1] }
  /// The number of channels of the output.
  public var outputChannels: Int { weight.shape[0] }

  /// Maps `[batch, inputChannels, height, width]` to `[batch, outputChannels, height', width']` and
  /// the widths with it.
  ///
  /// - Parameter pooling: Pools the output. Windows of two by two are pooled as they are made and
  ///   the whole output, four times as large, is never kept, nor is its gradient.
  public func callAsFunction(
    _ x: Variable, widthLengths: [Int], pooling: MaxPool2D? = nil, on tape: Tape? = nil
  ) -> (output: Variable, widthLengths: [Int]) {
    let geometry = window.geometry(x.shape, widthLengths: widthLengths, of: "Convolution2D")
    precondition(
      x.shape[1] == inputChannels,
      "Convolution2D: got \(x.shape), expected \(inputChannels) channels")
    let product = Convolution(
      geometry, inputChannels: inputChannels, outputChannels: outputChannels)
    guard let pooling else {
      let y = product.output(x.tensor, weight: weight.value, bias: bias?.value)
      let output = record(y, of: product, x, on: tape) { OutputGradient($0) }
      return (output, geometry.outputLengths)
    }
    let outputs = pooling.window.geometry(
      product.outputShape, widthLengths: geometry.outputLengths, of: "MaxPool2D")
    guard outputs.halves else {
      let (y, lengths) = self(x, widthLengths: widthLengths, on: tape)
      return pooling(y, widthLengths: lengths, on: tape)
    }
    let (y, choices) = product.halvedOutput(
      x.tensor, weight: weight.value, bias: bias?.value, outputs)
    let output = record(y, of: product, x, on: tape) { OutputGradient($0, of: choices) }
    return (output, outputs.outputLengths)
  }

  private func record(
    _ y: Tensor, of product: Convolution, _ x: Variable, on tape: Tape?,
    _ outputGradient: @escaping (Tensor) -> OutputGradient
  ) -> Variable {
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [x]) { [self] gradient, gradients in
      let gradient = outputGradient(gradient)
      gradients.add(product.weightGradient(x.tensor, gradient), to: weight)
      if let bias { gradients.add(product.biasGradient(gradient), to: bias) }
      return [x.needsGradient ? product.inputGradient(gradient, weight: weight.value) : nil]
    }
  }

  /// Shows the weight and, where there is one, the bias.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    guard var present = bias else { return }
    bias = nil
    visitor.parameter("bias", &present)
    bias = present
  }
}
