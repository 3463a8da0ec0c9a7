import Autograd
import Foundation
import Layers
import TestSupport
import Tensors
import Testing

/// PyTorch's multi-head attention, and decoders composed of its cells: outputs, weights and gradients.
@Suite struct AttentionReferenceTests {
  private static let lengths = [4, 2, 3]
  private static let memoryLengths = [5, 4, 2]

  private struct Entry: Decodable {
    let name: String
    let output, weights, projection: [Float]
    let inputs, inputGradients: [[Float]]
    let parameters, gradients: [String: [Float]]
  }

  private static func entries() throws -> [Entry] {
    let url = try #require(
      Bundle.module.url(forResource: "attention_reference", withExtension: "json"))
    return try JSONDecoder().decode([Entry].self, from: Data(contentsOf: url))
  }

  @Test func decodersAgree() throws {
    let entries = try Self.entries().filter { !$0.name.hasPrefix("multiHead") }
    #expect(entries.count == 8)
    for entry in entries {
      let words = entry.name.split(separator: " ").map(String.init)
      var configuration = AttentiveDecoderConfiguration()
      configuration.cell = try #require(.init(rawValue: words[1]))
      configuration.hiddenSize = 4
      configuration.outputSize = 7
      configuration.attention.kind = try #require(.init(rawValue: words[0]))
      configuration.attention.size = 6
      configuration.attention.filterCount = 2
      configuration.attention.filterWidth = 3
      let memorySize = words[0] == "dot" ? 4 : 5
      var random = RandomSource(seed: 1)
      let decoder = AttentiveDecoder(
        configuration, inputSize: 3, memorySize: memorySize, random: &random)
      try check(entry, decoder, names: { $0 }, sizes: [3, memorySize]) { decoder, inputs, tape in
        let (states, weights) = decoder(
          inputs[0], memory: inputs[1], memoryLengths: Self.memoryLengths, lengths: Self.lengths,
          returningWeights: true, on: tape)
        return (states, try #require(weights))
      }
    }
  }

  @Test func multiHeadAttentionAgrees() throws {
    let entries = try Self.entries().filter { $0.name.hasPrefix("multiHead") }
    #expect(entries.count == 2)
    for entry in entries {
      var configuration = AttentionConfiguration()
      configuration.kind = .multiHead
      configuration.size = 6
      configuration.headCount = 2
      var random = RandomSource(seed: 1)
      let attention = Attention(configuration, querySize: 6, memorySize: 5, random: &random)
      let names = [
        "weights.query_weight": "q_proj_weight", "weights.key_weight": "k_proj_weight",
        "weights.value_weight": "v_proj_weight", "weights.query_bias": "q_bias",
        "weights.value_bias": "v_bias",
        "output.weight": "out_proj.weight", "output.bias": "out_proj.bias",
      ]
      try check(entry, attention, names: { names[$0] ?? $0 }, sizes: [6, 5]) {
        $0(
          $1[0], memory: $1[1], memoryLengths: Self.memoryLengths, lengths: Self.lengths,
          isCausal: entry.name.hasSuffix("causal"), on: $2)
      }
    }
  }

  private func check<M: Module>(
    _ entry: Entry, _ original: M, names: (String) -> String, sizes: [Int],
    _ run: (M, [Variable], Tape) throws -> (Variable, Tensor)
  ) throws {
    var model = original
    var missing: [String] = []
    model.visitParameters { path, parameter in
      guard let values = entry.parameters[names(path)], values.count == parameter.value.count
      else { return missing.append(path) }
      parameter.value = Tensor(values, shape: parameter.shape)
    }
    #expect(missing.isEmpty, "\(entry.name)")
    let tape = Tape()
    let inputs = zip(entry.inputs, sizes).map { values, size in
      tape.watch(Tensor(values, shape: [values.count / 3 / size, 3, size]))
    }
    let (output, weights) = try run(model, inputs, tape)
    expectClose(output.tensor.scalars, entry.output, absolute: 2e-6, entry.name)
    expectClose(weights.scalars, entry.weights, absolute: 1e-6, "\(entry.name) weights")
    let (gradients, inputGradients) = tape.gradients(
      of: output, seed: Tensor(entry.projection, shape: output.shape), withRespectTo: inputs)
    for (index, expected) in entry.inputGradients.enumerated() {
      expectClose(
        try #require(inputGradients[index]).scalars, expected, absolute: 5e-6,
        "\(entry.name), input \(index)")
    }
    for (path, parameter) in model.namedParameters {
      expectClose(
        try #require(gradients[parameter]).scalars, try #require(entry.gradients[names(path)]),
        absolute: 1e-5, "\(entry.name) \(path)")
    }
  }
}
