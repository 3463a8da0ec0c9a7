import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// Where the items of a batch and their valid part lie in a tensor.
enum BatchLayout {
  /// `[time, batch, feature]`
  case sequence
  /// `[batch, channel, height, width]`
  case image

  func batch(_ shape: Shape) -> Int { self == .sequence ? shape[1] : shape[0] }

  /// Calls `body` with the flat index of each element, its item, and its time or width.
  func visit(_ shape: Shape, _ body: (_ index: Int, _ item: Int, _ place: Int) -> Void) {
    for index in 0..<shape.count {
      switch self {
      case .sequence:
        body(index, index / shape[2] % shape[1], index / (shape[2] * shape[1]))
      case .image: body(index, index / (shape[1] * shape[2] * shape[3]), index % shape[3])
      }
    }
  }

  /// The first `length` frames or columns of one item, as a batch of one.
  func item(_ item: Int, length: Int, of x: Tensor) -> Tensor {
    var values: [Float] = []
    let scalars = x.scalars
    visit(x.shape) { if $1 == item && $2 < length { values.append(scalars[$0]) } }
    switch self {
    case .sequence: return Tensor(values, shape: [length, 1, x.shape[2]])
    case .image: return Tensor(values, shape: [1, x.shape[1], x.shape[2], length])
    }
  }

  func padded(_ x: Tensor, lengths: [Int], with value: Float) -> Tensor {
    var scalars = x.scalars
    visit(x.shape) { if $2 >= lengths[$1] { scalars[$0] = value } }
    return Tensor(scalars, shape: x.shape)
  }

  func expectZeroPadding(_ x: Tensor, lengths: [Int], _ comment: String) {
    let scalars = x.scalars
    visit(x.shape) {
      if $2 >= lengths[$1] && scalars[$0] != 0 {
        Issue.record("\(comment): \(scalars[$0]) in the padding of item \($1) at \($2)")
      }
    }
  }
}

/// Expects a batch of different lengths to give what its items give one by one: outputs, gradients
/// of the input, and summed gradients of the parameters. The padding of input and output gradient
/// holds NaN, so that whoever reads it is found out.
func expectRaggedEqualsItems<M: Module>(
  _ model: M, _ x: Tensor, lengths: [Int], layout: BatchLayout, outputLayout: BatchLayout? = nil,
  tolerance: Float = 1e-5,
  forward: (M, Variable, [Int], Tape) -> (Variable, [Int])
) {
  let outputLayout = outputLayout ?? layout
  let tape = Tape()
  let input = tape.watch(layout.padded(x, lengths: lengths, with: .nan))
  let (y, outputLengths) = forward(model, input, lengths, tape)
  outputLayout.expectZeroPadding(y.tensor, lengths: outputLengths, "output")
  var random = RandomSource(seed: 91)
  let seed = Tensor.random(y.shape, &random)
  let batch = tape.gradients(
    of: y, seed: outputLayout.padded(seed, lengths: outputLengths, with: .nan),
    withRespectTo: [input])
  let dx = batch.variables[0] ?? Tensor(zeros: x.shape)
  layout.expectZeroPadding(dx, lengths: lengths, "gradient")

  var sums = Gradients()
  for item in 0..<layout.batch(x.shape) {
    let tape = Tape()
    let length = lengths[item]
    let input = tape.watch(layout.item(item, length: length, of: x))
    let (alone, aloneLengths) = forward(model, input, [length], tape)
    #expect(aloneLengths == [outputLengths[item]])
    let outputLength = outputLengths[item]
    expectClose(
      outputLayout.item(item, length: outputLength, of: y.tensor).scalars, alone.tensor.scalars,
      absolute: tolerance, "output of item \(item)")
    let aloneSeed = outputLayout.item(item, length: outputLength, of: seed).reshaped(alone.shape)
    let result = tape.gradients(of: alone, seed: aloneSeed, withRespectTo: [input])
    expectClose(
      layout.item(item, length: length, of: dx).scalars,
      result.variables[0]?.scalars ?? [], absolute: tolerance, "gradient of item \(item)")
    for (_, parameter) in model.namedParameters {
      if let gradient = result.parameters[parameter] { sums.add(gradient, to: parameter) }
    }
  }
  for (path, parameter) in model.namedParameters where parameter.isTrainable {
    guard let found = batch.parameters[parameter], let expected = sums[parameter] else {
      Issue.record("\(path) has no gradient")
      continue
    }
    expectClose(found, expected, absolute: 10 * tolerance, relative: tolerance, path)
  }
}
