import Autograd
import Foundation
import Layers
import Sequences
import TestSupport
import Tensors
import Testing

/// Numbers of PyTorch, made by `References/make_references.py`.
@Suite struct NetworkReferenceTests {
  private struct Networks: Decodable {
    struct LanguageModel: Decodable {
      let parameters, gradients: [String: [Float]]
      let losses: [Float]
    }
    struct Classifier: Decodable {
      let parameters: [String: [Float]]
      let logits: [Float]
    }
    let languageModel: LanguageModel
    let classifier: Classifier
  }

  private static func load() throws -> Networks {
    let url = try #require(
      Bundle.module.url(
        forResource: "networks", withExtension: "json", subdirectory: "References"))
    return try JSONDecoder().decode(Networks.self, from: Data(contentsOf: url))
  }

  private func fill(_ network: inout some Module, with values: [String: [Float]]) {
    #expect(Set(network.namedParameters.map(\.path)) == Set(values.keys))
    network.visitParameters { path, parameter in
      parameter.value = Tensor(values[path] ?? [], shape: parameter.shape)
    }
  }

  @Test func languageModelOverTwoPieces() throws {
    let reference = try Self.load().languageModel
    var configuration = LanguageModelConfiguration()
    configuration.embeddingSize = 4
    configuration.recurrent.hiddenSize = 5
    var random = RandomSource(seed: 1)
    var model = RecurrentLanguageModel(
      configuration, vocabulary: Vocabulary(["a", "b", "c", "d", "\n"], unit: .word),
      random: &random)
    fill(&model.network, with: reference.parameters)
    let batches = [
      TokenBatch(inputs: [2, 3, 4, 5, 6, 2], targets: [4, 5, 6, 2, 3, 3], columns: 2),
      TokenBatch(inputs: [3, 3, 2, 6], targets: [2, 6, 5, 1], columns: 2),
    ]
    var states = model.initialStates
    var gradients = Gradients()
    for (batch, expected) in zip(batches, reference.losses) {
      let tape = Tape()
      let loss = model.loss(batch, states: &states, on: tape)
      expectClose([loss.tensor.item], [expected], relative: 1e-6)
      gradients = tape.gradients(of: loss).parameters
    }
    for (path, parameter) in model.network.namedParameters {
      guard let expected = reference.gradients[path] else { continue }
      expectClose(
        try #require(gradients[parameter]).scalars, expected, absolute: 1e-6, path)
    }
  }

  @Test func classifierOverUnequalLengths() throws {
    let reference = try Self.load().classifier
    var configuration = Examples.configuration()
    configuration.embeddingSize = 4
    configuration.recurrent.hiddenSize = 3
    var random = RandomSource(seed: 1)
    var classifier = try SequenceClassifier(
      configuration, encoder: .tokens(Vocabulary(["a", "b", "c", "d", "e"], unit: .character)),
      labels: ["x", "y", "z"], random: &random)
    fill(&classifier.model.network, with: reference.parameters)
    let batch = SequenceBatch([.labels([2, 5, 2, 6]), .labels([3, 6]), .labels([4])])
    let logits = classifier.model.network(batch).logits
    expectClose(logits.tensor.scalars, reference.logits, absolute: 1e-6)
  }
}
