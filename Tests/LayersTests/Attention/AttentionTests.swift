import Autograd
import Foundation
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct AttentionTests {
  static let kinds: [AttentionConfiguration.Kind] = [.additive, .general, .dot, .multiHead]
  static let lengths = [5, 0, 3]
  static let memoryLengths = [4, 6, 2]

  static func attention(
    _ kind: AttentionConfiguration.Kind, random: inout RandomSource
  ) -> Attention {
    var configuration = AttentionConfiguration()
    configuration.kind = kind
    configuration.size = 6
    configuration.headCount = 3
    var attention = Attention(configuration, querySize: 7, memorySize: 7, random: &random)
    attention.visitParameters { _, parameter in
      parameter.value = .random(parameter.shape, in: -0.7...0.7, &random)
    }
    return attention
  }

  /// Keys 1 and 3, query ln 2: the scores differ by 2 ln 2, so the weights are 1/5 and 4/5.
  @Test func handWorkedDotProduct() {
    var configuration = AttentionConfiguration()
    configuration.kind = .dot
    var random = RandomSource(seed: 1)
    let attention = Attention(configuration, querySize: 1, memorySize: 1, random: &random)
    let memory = Tensor([1, 3, 100], shape: [3, 1, 1])
    let query = Tensor([Float(log(2.0))], shape: [1, 1, 1])
    let (contexts, weights) = attention(
      Variable(query), memory: Variable(memory), memoryLengths: [2], lengths: [1])
    expectClose(weights.scalars, [0.2, 0.8, 0], absolute: 1e-7)
    expectClose(contexts.tensor.scalars, [2.6], absolute: 1e-6)
  }

  @Test(arguments: kinds, [false, true]) func fusedEqualsTheCell(
    _ kind: AttentionConfiguration.Kind, _ isCausal: Bool
  ) {
    var random = RandomSource(seed: 12)
    let attention = Self.attention(kind, random: &random)
    let (queries, memory) = (Tensor.random([5, 3, 7], &random), Tensor.random([6, 3, 7], &random))
    let (contexts, weights) = attention(
      Variable(queries), memory: Variable(memory), memoryLengths: Self.memoryLengths,
      lengths: Self.lengths, isCausal: isCausal)
    for (row, length) in Self.lengths.enumerated() {
      for t in 0..<5 {
        let found = (0..<contexts.shape[2]).map { contexts.tensor[t, row, $0] }
        let shares = (0..<6).map { weights[t, row, $0] }
        guard t < length else {
          #expect((found + shares).allSatisfy { $0 == 0 })
          continue
        }
        let seen = isCausal ? min(t + 1, Self.memoryLengths[row]) : Self.memoryLengths[row]
        let read = AttentionCell(attention.weights).read(
          memory.vectors(row: row, count: seen), query: (0..<7).map { queries[t, row, $0] },
          previous: [])
        let context = Tensor(rows: [read.context.map { Float($0) }])
        let expected = attention.output?(Variable(context)).tensor ?? context
        expectClose(found, expected.scalars, absolute: 2e-6, "row \(row), query \(t)")
        let means = (0..<6).map { position in
          read.weights.reduce(Float(0)) {
            $0 + (position < seen ? Float($1[position]) / Float(read.weights.count) : 0)
          }
        }
        expectClose(shares, means, absolute: 1e-6, "weights of row \(row), query \(t)")
      }
    }
  }

  @Test(arguments: kinds, [false, true]) func gradientsAgreeWithCentralDifferences(
    _ kind: AttentionConfiguration.Kind, _ isCausal: Bool
  ) {
    var random = RandomSource(seed: 14)
    let attention = Self.attention(kind, random: &random)
    let (queries, memory) = (Tensor.random([5, 3, 7], &random), Tensor.random([6, 3, 7], &random))
    expectGradients(of: attention, inputs: [queries, memory]) { attention, inputs, tape in
      attention(
        inputs[0], memory: inputs[1], memoryLengths: Self.memoryLengths, lengths: Self.lengths,
        isCausal: isCausal, on: tape
      ).contexts
    }
  }

  @Test func aMemoryWithoutPositionsGivesZero() {
    var random = RandomSource(seed: 15)
    let attention = Self.attention(.additive, random: &random)
    let (contexts, weights) = attention(
      Variable(.random([2, 1, 7], &random)), memory: Variable(.random([3, 1, 7], &random)),
      memoryLengths: [0], lengths: [2])
    #expect((contexts.tensor.scalars + weights.scalars).allSatisfy { $0 == 0 })
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let attention = AttentionTests.attention(.general, random: &random)
      _ = attention(
        Variable(Tensor(zeros: [2, 1, 6])), memory: Variable(Tensor(zeros: [3, 1, 7])),
        memoryLengths: [3], lengths: [2])
    }
    await #expect(processExitsWith: .failure) {
      var configuration = AttentionConfiguration()
      configuration.kind = .location
      var random = RandomSource(seed: 1)
      _ = Attention(configuration, querySize: 4, memorySize: 4, random: &random)
    }
  }
}
