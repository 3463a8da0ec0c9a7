import Autograd
import Foundation
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct AttentiveDecoderTests {
  @Test(arguments: DecoderCase.all) func fusedEqualsTheCell(_ variant: DecoderCase) throws {
    var random = RandomSource(seed: 5)
    let decoder = variant.decoder(random: &random)
    let (x, memory) = (variant.inputs(random: &random), variant.memory(random: &random))
    let (states, found) = decoder(
      Variable(x), memory: Variable(memory), memoryLengths: DecoderCase.memoryLengths,
      lengths: DecoderCase.lengths, returningWeights: true)
    let weights = try #require(found)
    #expect(weights.shape == [5, 4, 6])
    for (row, length) in DecoderCase.lengths.enumerated() {
      let expected = AttentiveDecoderCell(decoder).run(
        x.vectors(row: row, count: length),
        memory: memory.vectors(row: row, count: DecoderCase.memoryLengths[row]))
      for t in 0..<5 {
        let state = (0..<5).map { states.tensor[t, row, $0] }
        let weight = (0..<6).map { weights[t, row, $0] }
        guard t < length else {
          #expect((state + weight).allSatisfy { $0 == 0 })
          continue
        }
        expectClose(state, expected.states[t], absolute: 3e-6, "row \(row), step \(t)")
        let heads = expected.weights[t]
        let means = (0..<6).map { position in
          heads.reduce(Float(0)) {
            $0 + ($1.indices.contains(position) ? Float($1[position]) / Float(heads.count) : 0)
          }
        }
        expectClose(weight, means, absolute: 1e-6, "weights of row \(row), step \(t)")
      }
    }
  }

  @Test(arguments: DecoderCase.all) func gradientsAgreeWithCentralDifferences(
    _ variant: DecoderCase
  ) {
    var random = RandomSource(seed: 3)
    let decoder = variant.decoder(hiddenSize: 5, random: &random)
    let x = variant.inputs(random: &random)
    let memory = variant.memory(hiddenSize: 5, random: &random)
    expectGradients(of: decoder, inputs: [x, memory], samples: 25) { decoder, inputs, tape in
      decoder(
        inputs[0], memory: inputs[1], memoryLengths: DecoderCase.memoryLengths,
        lengths: DecoderCase.lengths, on: tape
      ).states
    }
  }

  @Test(arguments: DecoderCase.all) func stepsHaveTheBitsOfTheWhole(_ variant: DecoderCase) {
    for precision in Precision.allCases {
      var random = RandomSource(seed: 7)
      var decoder = variant.decoder(random: &random)
      if precision == .int8 {
        decoder.visitParameters { path, parameter in
          if parameter.shape.rank == 2, !path.contains("location") { parameter.quantize() }
        }
      } else {
        decoder.setPrecision(precision)
      }
      let (x, memory) = (variant.inputs(random: &random), variant.memory(random: &random))
      let (states, weights) = decoder(
        Variable(x), memory: Variable(memory), memoryLengths: DecoderCase.memoryLengths,
        lengths: [5, 5, 5, 5], returningWeights: true)
      var state = decoder.start(memory: memory, memoryLengths: DecoderCase.memoryLengths)
      // From the third step on the rows go on in another order, one of them twice.
      let order = [3, 1, 1, 0, 2]
      for t in 0..<5 {
        if t == 2 { state = state.select(rows: order) }
        let rows = t < 2 ? [0, 1, 2, 3] : order
        let input = Tensor(rows: rows.map { row in (0..<3).map { x[t, row, $0] } })
        let step = decoder.step(input, &state)
        #expect(state.memories == rows)
        #expect(
          step.states
            == Tensor(rows: rows.map { row in (0..<5).map { states.tensor[t, row, $0] } }),
          "\(precision), step \(t)")
        #expect(
          step.weights.scalars
            == rows.flatMap { row in (0..<6).map { weights?[t, row, $0] ?? .nan } },
          "\(precision), weights of step \(t)")
      }
    }
  }

  @Test(arguments: DecoderCase.all) func paddingChangesNothing(_ variant: DecoderCase) {
    var random = RandomSource(seed: 9)
    let decoder = variant.decoder(random: &random)
    let (x, memory) = (variant.inputs(random: &random), variant.memory(random: &random))
    let (lengths, memoryLengths) = (DecoderCase.lengths, DecoderCase.memoryLengths)
    let layout = BatchLayout.sequence
    func run(_ x: Tensor, _ memory: Tensor, _ lengths: [Int], _ memoryLengths: [Int]) -> (
      states: Tensor, gradients: Gradients, inputs: [Tensor?]
    ) {
      let tape = Tape()
      let inputs = [tape.watch(x), tape.watch(memory)]
      let states = decoder(
        inputs[0], memory: inputs[1], memoryLengths: memoryLengths, lengths: lengths, on: tape
      ).states
      // A gradient of NaN beyond the ends must not come through.
      let seed = layout.padded(
        Tensor(repeating: 0.5, states.shape), lengths: lengths, with: .nan)
      let (gradients, found) = tape.gradients(of: states, seed: seed, withRespectTo: inputs)
      return (states.tensor, gradients, found)
    }
    let padded = layout.padded(memory, lengths: memoryLengths, with: .nan)
    let all = run(layout.padded(x, lengths: lengths, with: 9), padded, lengths, memoryLengths)
    layout.expectZeroPadding(all.states, lengths: lengths, "states")
    var sums = Gradients()
    for (row, length) in lengths.enumerated() {
      let alone = run(
        layout.item(row, length: length, of: x),
        layout.item(row, length: memoryLengths[row], of: memory), [length],
        [memoryLengths[row]])
      expectClose(
        layout.item(row, length: length, of: all.states).scalars, alone.states.scalars,
        absolute: 1e-6, "row \(row)")
      for (index, itemLength) in [length, memoryLengths[row]].enumerated() {
        guard let whole = all.inputs[index], let own = alone.inputs[index] else {
          Issue.record("no gradient of input \(index)")
          continue
        }
        expectClose(
          layout.item(row, length: itemLength, of: whole).scalars, own.scalars, absolute: 1e-6,
          "gradient of input \(index), row \(row)")
      }
      for (_, parameter) in decoder.namedParameters {
        if let gradient = alone.gradients[parameter] { sums.add(gradient, to: parameter) }
      }
    }
    for (path, parameter) in decoder.namedParameters {
      guard let found = all.gradients[parameter], let expected = sums[parameter] else {
        Issue.record("\(path) has no gradient")
        continue
      }
      expectClose(found, expected, absolute: 1e-5, path)
    }
  }
}
