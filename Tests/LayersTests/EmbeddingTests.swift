import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct EmbeddingTests {
  @Test func handWorkedCase() {
    var random = RandomSource(seed: 1)
    var layer = Embedding(count: 3, size: 2, random: &random)
    layer.weight.value = Tensor(rows: [[1, 2], [3, 4], [5, 6]])
    let batch = LabelBatch([[2, 1], [0]], padding: 1)
    #expect(batch.labels == [2, 0, 1, 1])
    #expect(batch.frameLengths == [2, 1])
    let y = layer(batch)
    #expect(y.tensor == Tensor([5, 6, 1, 2, 3, 4, 3, 4], shape: [2, 2, 2]))
    let logits = layer.logits(Variable(Tensor(rows: [[1, -1]])))
    #expect(logits.tensor == Tensor(rows: [[-1, -1, -1]]))
  }

  /// One weight that serves both ends gets the gradients of both.
  @Test func equalsPyTorch() throws {
    let reference = try Reference("embedding")
    var random = RandomSource(seed: 1)
    var layer = Embedding(count: 7, size: 4, padding: 0, random: &random)
    layer.weight.value = try reference.tensor("weight")
    let bias = Parameter(try reference.tensor("bias"))
    let labels = try reference.tensor("labels").scalars.map { Int($0) }
    let tape = Tape()
    let states = Activation.tanh(layer(labels, shape: [2, 3], on: tape), on: tape)
    let logits = layer.logits(states, bias: bias, on: tape)
    expectClose(logits.tensor, try reference.tensor("logits"), absolute: 1e-6, relative: 1e-6)
    let gradients = tape.gradients(of: logits, seed: try reference.tensor("seed")).parameters
    let found = try #require(gradients[layer.weight]).scalars
    let expected = try reference.tensor("weight.gradient").scalars
    // The padding's row stays zero here, whereas there only its use as an input has no gradient.
    #expect(found.prefix(4).allSatisfy { $0 == 0 })
    expectClose(found.dropFirst(4), expected.dropFirst(4), absolute: 2e-6, relative: 2e-6)
    expectClose(
      try #require(gradients[bias]), try reference.tensor("bias.gradient"), relative: 1e-6)
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 65)
    let layer = Embedding(count: 6, size: 5, random: &random)
    expectGradients(of: layer, inputs: []) { layer, _, tape in
      layer([0, 5, 5, 1, 5, 2], shape: [3, 2], on: tape)
    }
    expectGradients(of: layer, inputs: [.random([3, 5], &random)]) { layer, x, tape in
      layer.logits(x[0], on: tape)
    }
  }

  @Test func paddingIsZeroAndStaysSo() {
    var random = RandomSource(seed: 66)
    let layer = Embedding(count: 4, size: 3, padding: 2, random: &random)
    #expect((0..<3).allSatisfy { layer.weight.value[2, $0] == 0 })
    #expect((0..<3).contains { layer.weight.value[1, $0] != 0 })
    let tape = Tape()
    let y = layer([2, 1, 2], shape: [3], on: tape)
    let gradient = tape.gradients(of: y, seed: Tensor(repeating: 1, [3, 3])).parameters[
      layer.weight]
    #expect(gradient?.scalars == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test func bitsDoNotDependOnThreads() {
    var random = RandomSource(seed: 67)
    let layer = Embedding(count: 50, size: 300, random: &random)
    let labels = (0..<2000).map { _ in random.integer(in: 0...49) }
    let seed = Tensor.random([2000, 300], &random)
    func run() -> [Tensor?] {
      let tape = Tape()
      let y = layer(labels, shape: [2000], on: tape)
      return [y.tensor, tape.gradients(of: y, seed: seed).parameters[layer.weight]]
    }
    let before = WorkerPool.threadCount
    defer { WorkerPool.threadCount = before }
    WorkerPool.threadCount = WorkerPool.coreCount
    let many = run()
    WorkerPool.threadCount = 1
    #expect(run() == many)
  }

  @Test func wrongLabelsTrap() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      _ = Embedding(count: 3, size: 2, random: &random)([3], shape: [1])
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      _ = Embedding(count: 3, size: 2, random: &random).logits(Variable(Tensor(zeros: [2, 3])))
    }
  }
}
