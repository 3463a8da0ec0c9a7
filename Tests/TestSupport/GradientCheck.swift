import Autograd
import Layers
import Tensors
import Testing

/// Compares the gradients of a layer with central differences.
///
/// The output is projected on a fixed random direction, L = Σ p · f(x, θ), and every element (or
/// `samples` of them, drawn at random) of every input and trained parameter is moved by ±step. The
/// difference quotient (L⁺ − L⁻) / 2h is accumulated in double precision; its error is of order
/// h² from the formula and ε·|L|/h from the rounding of L, so with h = 1e-2 and values near one
/// a relative tolerance of 1e-2 separates a wrong gradient from a rounded one.
///
/// - Parameter forward: Must be a function of its arguments and of the tape's random source alone.
public func expectGradients<M: Module>(
  of model: M, inputs: [Tensor], step: Float = 1e-2, tolerance: Double = 1e-2, samples: Int = 40,
  seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation,
  forward: (M, [Variable], Tape) -> Variable
) {
  func value(_ model: M, _ inputs: [Tensor], projection: Tensor) -> Double {
    let tape = Tape(random: RandomSource(seed: seed))
    let y = forward(model, inputs.map { Variable($0) }, tape).tensor
    return zip(y.scalars, projection.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  var random = RandomSource(seed: seed, 1)
  let tape = Tape(random: RandomSource(seed: seed))
  let watched = inputs.map { tape.watch($0) }
  let output = forward(model, watched, tape)
  let projection = Tensor.random(output.shape, in: -1...1, &random)
  let (gradients, inputGradients) = tape.gradients(
    of: output, seed: projection, withRespectTo: watched)

  func compare(_ name: String, _ analytic: Tensor, at index: Int, _ loss: (Float) -> Double) {
    let numeric = (loss(step) - loss(-step)) / (2 * Double(step))
    let found = Double(analytic.scalars[index])
    let scale = max(abs(numeric), abs(found), 0.1 * Double(analytic.largestMagnitude), 1e-2)
    if !(abs(numeric - found) <= tolerance * scale) {
      Issue.record(
        "gradient of \(name)[\(index)]: \(found), central difference \(numeric), seed \(seed)",
        sourceLocation: sourceLocation)
    }
  }

  for (number, input) in inputs.enumerated() {
    guard let analytic = inputGradients[number] else {
      Issue.record("input \(number) has no gradient", sourceLocation: sourceLocation)
      continue
    }
    for index in sampledIndices(input.count, samples, &random) {
      compare("input \(number)", analytic, at: index) { move in
        var moved = inputs
        moved[number].withUnsafeMutableBufferPointer { $0[index] += move }
        return value(model, moved, projection: projection)
      }
    }
  }
  for (path, parameter) in model.namedParameters where parameter.isTrainable {
    guard let analytic = gradients[parameter] else {
      Issue.record("\(path) has no gradient", sourceLocation: sourceLocation)
      continue
    }
    for index in sampledIndices(parameter.value.count, samples, &random) {
      compare(path, analytic, at: index) { move in
        var moved = model
        moved.visitParameters { other, parameter in
          guard other == path else { return }
          parameter.value.withUnsafeMutableBufferPointer { $0[index] += move }
        }
        return value(moved, inputs, projection: projection)
      }
    }
  }
}

private func sampledIndices(_ count: Int, _ samples: Int, _ random: inout RandomSource) -> [Int] {
  count <= samples
    ? Array(0..<count) : (0..<samples).map { _ in random.integer(in: 0...count - 1) }
}

extension Tensor {
  /// Uniform values in a range.
  public static func random(
    _ shape: Shape, in range: ClosedRange<Float> = -1...1, _ random: inout RandomSource
  ) -> Tensor {
    Tensor((0..<shape.count).map { _ in random.uniform(in: range) }, shape: shape)
  }

  fileprivate var largestMagnitude: Float { scalars.reduce(0) { max($0, abs($1)) } }
}
