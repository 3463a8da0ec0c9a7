import Autograd
import Foundation
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct RecurrentLayerTests {
  static let kinds: [RecurrenceKind] = [
    .rnn(.tanh), .rnn(.relu), .rnn(.clippedReLU), .lstm, .gru,
  ]

  static let variants: [(RecurrenceKind, RecurrentDirection, DirectionMerge, Bool)] =
    kinds.flatMap { kind in
      RecurrentDirection.allCases.map { (kind, $0, DirectionMerge.concatenate, false) }
        + [(kind, .bidirectional, .sum, kind == .lstm)]
    }

  static func layer(
    _ variant: (RecurrenceKind, RecurrentDirection, DirectionMerge, Bool), inputSize: Int = 4,
    hiddenSize: Int = 19, random: inout RandomSource
  ) -> RecurrentLayer {
    var layer = RecurrentLayer(
      variant.0, inputSize: inputSize, hiddenSize: hiddenSize, direction: variant.1,
      merge: variant.2, peepholes: variant.3, random: &random)
    layer.visitParameters { _, parameter in
      parameter.value = .random(parameter.shape, in: -0.5...0.5, &random)
    }
    return layer
  }

  @Test func handWorkedElmanStep() {
    var random = RandomSource(seed: 1)
    var layer = RecurrentLayer.rnn(.relu, inputSize: 1, hiddenSize: 1, random: &random)
    layer.forward?.inputWeight.value = Tensor(rows: [[2]])
    layer.forward?.recurrentWeight.value = Tensor(rows: [[3]])
    layer.forward?.bias?.value = Tensor([1])
    let x = Tensor([1, 0, -9, 1], shape: [4, 1, 1])
    // 2·1+1 = 3; 3·3+1 = 10; max(0, -18+30+1) = 13; 2+39+1 = 42
    #expect(layer(Variable(x), frameLengths: [4]).tensor.scalars == [3, 10, 13, 42])
    var clipped = RecurrentLayer.rnn(.clippedReLU, inputSize: 1, hiddenSize: 1, random: &random)
    clipped.forward = layer.forward
    #expect(clipped(Variable(x), frameLengths: [4]).tensor.scalars == [3, 10, 13, 20])
  }

  @Test(arguments: variants) func gradientsAgreeWithCentralDifferences(
    _ variant: (RecurrenceKind, RecurrentDirection, DirectionMerge, Bool)
  ) {
    var random = RandomSource(seed: 3)
    var layer = Self.layer(variant, hiddenSize: 5, random: &random)
    // Rectifiers have a kink at zero: biases of ±3 beside small weights keep
    // every unit well on one side of it.
    if case .rnn(let activation) = variant.0, activation != .tanh {
      layer.visitParameters { path, parameter in
        if path.hasSuffix("bias") {
          parameter.value = Tensor([3, -3, 3, 3, -3])
        } else {
          parameter.value.scale(by: 0.3)
        }
      }
    }
    let x = Tensor.random([6, 3, 4], &random)
    expectGradients(of: layer, inputs: [x]) { layer, x, tape in
      layer(x[0], frameLengths: [4, 6, 2], on: tape)
    }
  }

  @Test(arguments: variants) func fusedEqualsTheCells(
    _ variant: (RecurrenceKind, RecurrentDirection, DirectionMerge, Bool)
  ) {
    var random = RandomSource(seed: 5)
    let layer = Self.layer(variant, random: &random)
    let lengths = [7, 3, 0, 5]
    let x = Tensor.random([7, 4, 4], &random)
    let y = layer(Variable(x), frameLengths: lengths).tensor
    for (row, length) in lengths.enumerated() {
      let frames = (0..<length).map { t in (0..<4).map { x[t, row, $0] } }
      let expected = unrolled(layer, frames)
      for t in 0..<7 {
        let found = (0..<layer.outputSize).map { y[t, row, $0] }
        let wanted = t < length ? expected[t] : [Float](repeating: 0, count: layer.outputSize)
        // Seven steps of sums over 23 products and gates good to 2e-7.
        expectClose(found, wanted, absolute: 2e-5, "row \(row) frame \(t)")
      }
    }
  }

  @Test(arguments: variants) func paddingChangesNothing(
    _ variant: (RecurrenceKind, RecurrentDirection, DirectionMerge, Bool)
  ) {
    var random = RandomSource(seed: 6)
    let layer = Self.layer(variant, random: &random)
    let lengths = [3, 8, 5]
    var x = Tensor.random([8, 3, 4], &random)
    for row in 0..<3 { for t in lengths[row]..<8 { for f in 0..<4 { x[t, row, f] = .nan } } }
    let batch = layer(Variable(x.replacingNaN(by: 1e3)), frameLengths: lengths).tensor
    for (row, length) in lengths.enumerated() {
      let single = Tensor(
        (0..<length).flatMap { t in (0..<4).map { x[t, row, $0] } }, shape: [length, 1, 4])
      let alone = layer(Variable(single), frameLengths: [length]).tensor
      for t in 0..<length {
        for f in 0..<layer.outputSize { #expect(batch[t, row, f] == alone[t, 0, f]) }
      }
    }
  }

  @Test(arguments: [RecurrenceKind.rnn(.tanh), .lstm, .gru], DirectionMerge.allCases)
  func normalizedGradientsAgreeWithCentralDifferences(
    _ kind: RecurrenceKind, _ merge: DirectionMerge
  ) {
    var random = RandomSource(seed: 9)
    let layer = RecurrentLayer(
      kind, inputSize: 4, hiddenSize: 5, direction: .bidirectional, merge: merge, normalized: true,
      random: &random)
    let x = Tensor.random([6, 3, 4], &random)
    expectGradients(of: layer, inputs: [x]) { layer, x, tape in
      layer(x[0], frameLengths: [4, 6, 2], on: tape)
    }
  }

  @Test func normalizedPaddingChangesNothing() {
    var random = RandomSource(seed: 10)
    let layer = RecurrentLayer(
      .gru, inputSize: 4, hiddenSize: 5, direction: .bidirectional, normalized: true,
      random: &random)
    func outputs(padding: Float) -> [Float] {
      var random = RandomSource(seed: 11)
      var x = Tensor.random([6, 2, 4], &random)
      for t in 3..<6 { for f in 0..<4 { x[t, 1, f] = padding } }
      return layer(Variable(x), frameLengths: [6, 3], on: Tape()).tensor.scalars
    }
    #expect(outputs(padding: 0) == outputs(padding: 1e3))
  }

  @Test func agreesWithPyTorch() throws {
    let url = try #require(
      Bundle.module.url(forResource: "recurrent_reference", withExtension: "json"))
    let cases = try JSONDecoder().decode([RecurrentReference].self, from: Data(contentsOf: url))
    #expect(cases.map(\.name) == ["rnn", "lstm", "gru"])
    for reference in cases { try check(reference) }
  }

  @Test func bitsDoNotDependOnThreads() {
    var random = RandomSource(seed: 8)
    let layer = RecurrentLayer.lstm(
      inputSize: 20, hiddenSize: 33, direction: .bidirectional, random: &random)
    let x = Tensor.random([12, 9, 20], &random)
    func run(_ threads: Int) -> [Tensor] {
      WorkerPool.threadCount = threads
      defer { WorkerPool.threadCount = WorkerPool.coreCount }
      let tape = Tape()
      let input = tape.watch(x)
      let y = layer(input, frameLengths: [12, 11, 9, 9, 7, 5, 5, 2, 1], on: tape)
      let (gradients, inputs) = tape.gradients(
        of: y, seed: Tensor(repeating: 0.5, y.shape), withRespectTo: [input])
      return [y.tensor] + inputs.compactMap { $0 }
        + layer.namedParameters.compactMap { gradients[$0.parameter] }
    }
    #expect(run(1) == run(2))
  }

  @Test func wrongInputSizeTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = RecurrentLayer.gru(inputSize: 2, hiddenSize: 3, random: &random)
      _ = layer(Variable(Tensor(zeros: [4, 1, 5])), frameLengths: [4])
    }
  }

  @Test func lengthsBeyondTheBatchTrap() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = RecurrentLayer.gru(inputSize: 2, hiddenSize: 3, random: &random)
      _ = layer(Variable(Tensor(zeros: [4, 1, 2])), frameLengths: [5])
    }
  }
}

/// Runs the unfused cells over one sequence.
private func unrolled(_ layer: RecurrentLayer, _ frames: [[Float]]) -> [[Float]] {
  func states(_ weights: RecurrentWeights, _ frames: [[Float]]) -> [[Float]] {
    var h = [Float](repeating: 0, count: layer.hiddenSize)
    var c = h
    return frames.map { x in
      switch layer.kind {
      case .rnn(let activation): h = RNNCell(weights, activation: activation).step(x, h: h)
      case .lstm: (h, c) = LSTMCell(weights).step(x, h: h, c: c)
      case .gru: h = GRUCell(weights).step(x, h: h)
      }
      return h
    }
  }
  let forward = layer.forward.map { states($0, frames) }
  let backward: [[Float]]? = layer.backward.map { states($0, frames.reversed()).reversed() }
  guard let forward else { return backward ?? [] }
  guard let backward else { return forward }
  return zip(forward, backward).map { a, b in
    layer.merge == .sum ? zip(a, b).map(+) : a + b
  }
}

private struct RecurrentReference: Decodable {
  let name: String
  let x, y, projection, dx: [Float]
  let parameters, gradients: [String: [Float]]
}

private func check(_ reference: RecurrentReference) throws {
  let kinds: [String: RecurrenceKind] = ["rnn": .rnn(.tanh), "lstm": .lstm, "gru": .gru]
  let kind = try #require(kinds[reference.name])
  var random = RandomSource(seed: 1)
  var layer = RecurrentLayer(
    kind, inputSize: 4, hiddenSize: 3, direction: .bidirectional, random: &random)
  // Names of PyTorch's tensors; a GRU's candidate bias is the last third of theirs.
  func theirs(_ path: String, in values: [String: [Float]]) -> [Float] {
    let parts = path.split(separator: ".")
    let suffix = parts[0] == "backward" ? "_l0_reverse" : "_l0"
    let names = ["input_weight": "weight_ih", "recurrent_weight": "weight_hh", "bias": "bias_ih"]
    if let name = names[String(parts[1])] { return values[name + suffix] ?? [] }
    return Array((values["bias_hh" + suffix] ?? []).suffix(3))
  }
  layer.visitParameters { path, parameter in
    parameter.value = Tensor(theirs(path, in: reference.parameters), shape: parameter.shape)
  }
  let tape = Tape()
  let x = tape.watch(Tensor(reference.x, shape: [5, 3, 4]))
  let y = layer(x, frameLengths: [5, 3, 4], on: tape)
  expectClose(y.tensor.scalars, reference.y, absolute: 2e-6, reference.name)
  let (gradients, inputs) = tape.gradients(
    of: y, seed: Tensor(reference.projection, shape: y.shape), withRespectTo: [x])
  let inputGradient = try #require(inputs[0])
  expectClose(inputGradient.scalars, reference.dx, absolute: 5e-6, "\(reference.name) dx")
  for (path, parameter) in layer.namedParameters {
    let gradient = try #require(gradients[parameter])
    expectClose(
      gradient.scalars, theirs(path, in: reference.gradients), absolute: 1e-5,
      "\(reference.name) \(path)")
  }
}

extension Tensor {
  fileprivate func replacingNaN(by value: Float) -> Tensor {
    Tensor(scalars.map { $0.isNaN ? value : $0 }, shape: shape)
  }
}
