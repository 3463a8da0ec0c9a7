import Autograd
import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import Translation

/// The same network in PyTorch: `translation_network_reference.json`, written by the script of that
/// name from the network that `bench/translate.py` times.
@Suite struct TranslationNetworkReferenceTests {
  private let reference: NetworkReference
  private var network: TranslationNetwork
  private let padding = 0
  private let begin = 1
  private let end = 2

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "translation_network_reference", withExtension: "json"))
    reference = try JSONDecoder().decode(NetworkReference.self, from: Data(contentsOf: url))
    var configuration = TranslationNetworkConfiguration()
    configuration.embeddingSize = 4
    configuration.hiddenSize = 3
    configuration.dropout = 0
    configuration.decoder.cell = .gru
    configuration.decoder.hiddenSize = 5
    configuration.decoder.outputSize = 4
    configuration.decoder.attention.kind = .general
    var random = RandomSource(seed: 1)
    network = TranslationNetwork(
      configuration, sourceCount: 13, targetCount: 13, random: &random)
    let values = reference.parameters
    #expect(Set(values.keys) == Set(network.namedParameters.map(\.path)))
    network.visitParameters { path, parameter in
      guard let value = values[path]?.tensor, value.shape == parameter.shape else {
        Issue.record("\(path): \(parameter.shape) has no value of this shape")
        return
      }
      parameter.value = value
    }
  }

  private var input: LabelBatch {
    LabelBatch(reference.translations.map { [begin] + $0 }, padding: padding)
  }

  private func logits(on tape: Tape? = nil) -> Variable {
    let source = LabelBatch(reference.sources, padding: padding)
    return network.packedLogits(
      input, memory: network.encode(source, on: tape), memoryLengths: source.frameLengths,
      on: tape)
  }

  @Test func logitsAgree() {
    expectClose(logits().tensor, reference.logits.tensor, absolute: 1e-4)
  }

  @Test func logitsOfPaddingAreLeftOut() {
    let source = LabelBatch(reference.sources, padding: padding)
    let all = network.logits(
      input, memory: network.encode(source), memoryLengths: source.frameLengths
    ).tensor
    let packed = logits().tensor
    #expect(input.rows == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 17])
    for (place, row) in input.rows.enumerated() {
      expectClose(
        (0..<13).map { packed[place, $0] }, (0..<13).map { all[row / 4, row % 4, $0] },
        "row \(row)")
    }
  }

  @Test func lossAndGradientsAgree() throws {
    let tape = Tape()
    let targets = LabelBatch(reference.translations.map { $0 + [end] }, padding: padding)
    let (loss, _) = crossEntropy(
      logits: logits(on: tape), targets: targets.rows.map { targets.labels[$0] },
      labelSmoothing: 0.1, on: tape)
    expectClose([loss.tensor.item], [reference.loss], absolute: 1e-5)
    let gradients = tape.gradients(of: loss).parameters
    for (path, parameter) in network.namedParameters {
      let expected = try #require(reference.gradients[path], "\(path)").tensor
      expectClose(
        try #require(gradients[parameter], "\(path)"), expected, absolute: 2e-5, relative: 1e-3,
        path)
    }
  }

  @Test(arguments: [1, 4]) func searchesAgree(beamWidth: Int) throws {
    var configuration = TranslationSearchConfiguration()
    configuration.beamWidth = beamWidth
    configuration.maximumLengthRatio = 0.5
    let search = TranslationSearch(
      [network], configuration: configuration, begin: begin, end: end,
      excluded: [padding, begin, end])
    let expected = beamWidth == 1 ? reference.greedy : reference.beam
    let found = search(reference.sources)
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      let best = try #require(found.first)
      #expect(best.tokens == expected.tokens)
      expectClose([best.logProbability], [expected.logProbability], absolute: 1e-3)
    }
  }
}

/// What the script writes.
private struct NetworkReference: Decodable {
  struct Entry: Decodable {
    var shape: [Int]
    var values: [Float]

    var tensor: Tensor { Tensor(values, shape: Shape(shape)) }
  }

  struct Found: Decodable {
    var tokens: [Int]
    var logProbability: Float
  }

  var sources: [[Int]]
  var translations: [[Int]]
  var loss: Float
  var logits: Entry
  var parameters: [String: Entry]
  var gradients: [String: Entry]
  var greedy: [Found]
  var beam: [Found]
}
