import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct AttentiveDecoderPrecisionTests {
  private struct Results {
    var states: Tensor
    /// Of inputs, memory and parameters, by name.
    var gradients: [(name: String, tensor: Tensor)]
  }

  private func run(
    _ decoder: AttentiveDecoder, _ x: Tensor, _ memory: Tensor, lengths: [Int],
    memoryLengths: [Int]
  ) throws -> Results {
    let tape = Tape()
    let inputs = [tape.watch(x), tape.watch(memory)]
    let states = decoder(
      inputs[0], memory: inputs[1], memoryLengths: memoryLengths, lengths: lengths, on: tape
    ).states
    var random = RandomSource(seed: 4)
    let (gradients, found) = tape.gradients(
      of: states, seed: .random(states.shape, &random), withRespectTo: inputs)
    var list = [("inputs", try #require(found[0])), ("memory", try #require(found[1]))]
    for (path, parameter) in decoder.namedParameters {
      list.append((path, try #require(gradients[parameter], "\(path)")))
    }
    return Results(states: states.tensor, gradients: list.map { (name: $0.0, tensor: $0.1) })
  }

  /// What rounding to 8 significant bits may do.
  @Test(arguments: DecoderCase.all) func sixteenBitsStayNearThirtyTwo(
    _ variant: DecoderCase
  ) throws {
    var random = RandomSource(seed: 31)
    var decoder = variant.decoder(random: &random)
    let (x, memory) = (variant.inputs(random: &random), variant.memory(random: &random))
    let (lengths, memoryLengths) = (DecoderCase.lengths, DecoderCase.memoryLengths)
    let exact = try run(decoder, x, memory, lengths: lengths, memoryLengths: memoryLengths)
    decoder.setPrecision(.bf16)
    let rounded = try run(decoder, x, memory, lengths: lengths, memoryLengths: memoryLengths)
    expectClose(rounded.states, exact.states, absolute: 0.03, relative: 0.03)
    #expect(rounded.states != exact.states)
    for (found, expected) in zip(rounded.gradients, exact.gradients) {
      #expect(
        relativeDistance(found.tensor, expected.tensor) < 0.05, "\(found.name) of \(variant)")
    }
  }

  @Test(arguments: DecoderCase.all) func bitsDoNotDependOnThreads(_ variant: DecoderCase) throws {
    var random = RandomSource(seed: 32)
    let decoder = variant.decoder(random: &random)
    let x = Tensor.random([6, 9, DecoderCase.inputSize], &random)
    let memory = Tensor.random([11, 9, variant.memorySize(21)], &random)
    func results(_ threads: Int) throws -> [Tensor] {
      WorkerPool.threadCount = threads
      defer { WorkerPool.threadCount = WorkerPool.coreCount }
      let results = try run(
        decoder, x, memory, lengths: [6, 6, 5, 4, 4, 3, 2, 1, 6],
        memoryLengths: [11, 3, 4, 5, 6, 7, 8, 9, 10])
      return [results.states] + results.gradients.map(\.tensor)
    }
    #expect(try results(1) == results(2))
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let decoder = DecoderCase(kind: .general).decoder(random: &random)
      _ = decoder(
        Variable(Tensor(zeros: [2, 1, 3])), memory: Variable(Tensor(zeros: [3, 1, 8])),
        memoryLengths: [3], lengths: [2])
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let decoder = DecoderCase(kind: .general).decoder(random: &random)
      var state = decoder.start(memory: Tensor(zeros: [3, 2, 7]), memoryLengths: [3, 1])
      _ = decoder.step(Tensor(zeros: [1, 3]), &state)
    }
  }
}

/// The norm of the difference over that of the expected values, which are more than zeros.
private func relativeDistance(_ found: Tensor, _ expected: Tensor) -> Double {
  var (difference, norm) = (0.0, 0.0)
  for (a, b) in zip(found.scalars, expected.scalars) {
    difference += Double((a - b) * (a - b))
    norm += Double(b * b)
  }
  return (difference / norm).squareRoot()
}
