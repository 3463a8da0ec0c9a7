import Autograd
import Layers
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite struct ParameterTests {
  let value = Tensor(rows: [[1, 2], [3, 4], [5, 6]])

  /// What a packed form does, which is all that matters of it.
  private func product(_ parameter: Parameter) -> (transposed: Tensor, plain: Tensor) {
    (
      Tensor(rows: [[1, 10]]).multiplied(by: parameter.packedTransposed),
      Tensor(rows: [[1, 10, 100]]).multiplied(by: parameter.packed)
    )
  }

  @Test func packedFormsAreThoseOfTheValue() {
    let parameter = Parameter(value)
    #expect(product(parameter) == (Tensor(rows: [[21, 43, 65]]), Tensor(rows: [[531, 642]])))
  }

  @Test func aNewValueDropsThePackedForms() {
    var parameter = Parameter(value)
    _ = product(parameter)
    parameter.value = Tensor(zeros: [3, 2])
    #expect(product(parameter) == (Tensor(zeros: [1, 3]), Tensor(zeros: [1, 2])))
  }

  @Test func aValueChangedInPlaceDropsThePackedForms() {
    var parameter = Parameter(value)
    _ = product(parameter)
    parameter.value.withUnsafeMutableBufferPointer { $0[0] = 0 }
    #expect(product(parameter) == (Tensor(rows: [[20, 43, 65]]), Tensor(rows: [[530, 642]])))
    parameter.value.scale(by: 2)
    #expect(product(parameter).plain == Tensor(rows: [[1060, 1284]]))
  }

  @Test(arguments: [false, true])
  func copiesShareNothingThatCanBeWritten(packedBefore: Bool) {
    let original = Parameter(value)
    if packedBefore { _ = product(original) }
    var copy = original
    copy.value.scale(by: 10)
    #expect(product(copy).transposed == Tensor(rows: [[210, 430, 650]]))
    #expect(product(original).transposed == Tensor(rows: [[21, 43, 65]]))
    #expect(original.value == value)
    #expect(copy.identity == original.identity, "a copy is the same parameter")
    #expect(Parameter(value).identity != original.identity)
  }

  @Test func aQuantizedParameterHasTheValueOfItsIntegers() throws {
    // The scale of the row is 2⁻⁷, so that 2.5 steps become 2.
    var parameter = Parameter(Tensor(rows: [[0x7Fp-7, 0x5p-8]]))
    #expect(parameter.quantized == nil)
    let x = Tensor(rows: [[0, 0x1p7]])
    #expect(x.multiplied(by: parameter.packedTransposed) == Tensor(rows: [[2.5]]))
    parameter.quantize()
    #expect(parameter.value == Tensor(rows: [[0x7Fp-7, 0x2p-7]]))
    #expect(
      parameter.quantized == QuantizedMatrix(values: [127, 2], scales: [0x1p-7], columns: 2))
    #expect(x.multiplied(by: parameter.packedTransposed) == Tensor(rows: [[2]]), "packed anew")

    let matrix = try #require(parameter.quantized)
    var other = Parameter(Tensor(zeros: [1, 1, 2]))
    other.store(quantized: matrix)
    #expect(other.value == parameter.value.reshaped([1, 1, 2]) && other.quantized == matrix)
    let made = Parameter(quantized: matrix, shape: [1, 2], isTrainable: false)
    #expect(made.value == parameter.value && made.quantized == matrix && !made.isTrainable)
  }

  @Test func aNewValueDropsTheIntegers() {
    var parameter = Parameter(value)
    parameter.quantize()
    let copy = parameter
    parameter.value.scale(by: 1)
    #expect(parameter.quantized == nil && copy.quantized != nil)
    parameter = copy
    parameter.value = copy.value
    #expect(parameter.quantized == nil && copy.quantized != nil)
  }

  @Test func packingIsMadeOnceForAllThreads() {
    var random = RandomSource(seed: 3)
    let parameter = Parameter(Tensor.random([70, 50], &random))
    let x = Tensor.random([4, 50], &random)
    let expected = x.multiplied(by: Parameter(parameter.value).packedTransposed)
    let found = Collected()
    WorkerPool.perform(16) { _ in
      found.add(x.multiplied(by: parameter.packedTransposed))
    }
    #expect(found.all == Array(repeating: expected, count: 16))
  }

  @Test func gradientsAreFiledUnderTheParameterAndAdded() {
    let (a, b) = (Parameter(value), Parameter(value))
    var gradients = Gradients()
    #expect(gradients[a] == nil)
    gradients.add(value, to: a)
    let before = gradients
    gradients.add(value, to: a)
    #expect(gradients[a] == Tensor(rows: [[2, 4], [6, 8], [10, 12]]))
    #expect(before[a] == value, "gradients are values")
    #expect(gradients[b] == nil)
    gradients[a] = nil
    #expect(gradients[a] == nil)
  }

  @Test func aGradientOfAnotherShapeIsAMistakeOfTheProgram() async {
    await #expect(processExitsWith: .failure) {
      var gradients = Gradients()
      gradients.add(Tensor([1, 2]), to: Parameter(Tensor([1])))
    }
  }

  @Test func aParameterInTwoLayersHasTheSumOfBothGradients() {
    var random = RandomSource(seed: 4)
    let layer = Linear(inputSize: 3, outputSize: 3, random: &random)
    let x = Tensor.random([5, 3], &random)
    let seed = Tensor.random([5, 3], &random)
    let tape = Tape()
    let first = layer(tape.watch(x), on: tape)
    let y = layer(first, on: tape)
    let found = tape.gradients(of: y, seed: seed).parameters

    // The same with two parameters of equal value, each with a gradient of its own.
    var (lower, upper) = (layer, layer)
    lower.weight = Parameter(layer.weight.value)
    upper.weight = Parameter(layer.weight.value)
    let other = Tape()
    let output = upper(lower(other.watch(x), on: other), on: other)
    let parts = other.gradients(of: output, seed: seed).parameters
    guard let a = parts[lower.weight], let b = parts[upper.weight] else {
      Issue.record("a weight has no gradient")
      return
    }
    let sum = zip(a.scalars, b.scalars).map { $0 + $1 }
    expectClose(found[layer.weight]?.scalars ?? [], sum, absolute: 1e-6)
  }
}

/// Tensors gathered from several threads.
private final class Collected: Sendable {
  private let tensors = Mutex<[Tensor]>([])
  func add(_ tensor: Tensor) { tensors.withLock { $0.append(tensor) } }
  var all: [Tensor] { tensors.withLock { $0 } }
}
