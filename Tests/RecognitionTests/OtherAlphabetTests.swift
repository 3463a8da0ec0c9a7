import Autograd
import Decoding
import Layers
import ModelFiles
import Recognition
import Tensors
import TestSupport
import Testing

/// The last layer of a stored network, resized for other characters.
@Suite struct OtherAlphabetTests {
  private let old: Alphabet
  private let new: Alphabet

  init() throws {
    old = try Alphabet("abcd")
    new = try Alphabet("xbydza")
  }

  private func network(_ variant: ModelVariant, _ alphabet: Alphabet, seed: UInt64)
    -> any SequenceModel
  {
    var random = RandomSource(seed: seed)
    return variant.configuration.makeModel(
      inputSize: ModelVariant.inputSize, labelCount: alphabet.labelCount, random: &random)
  }

  @Test(arguments: ModelVariant.all)
  func logitsOfCharactersInBothStayAsTheyWere(variant: ModelVariant) throws {
    let first = network(variant, old, seed: 1)
    let drawn = network(variant, new, seed: 2)
    var file = ModelFile(kind: "any")
    file.store(first)
    file.replaceAlphabet(old, by: new, drawn: drawn)
    var second = drawn
    try file.load(into: &second)

    var random = RandomSource(seed: 3)
    let x = Variable(Tensor.random([19, 2, ModelVariant.inputSize], &random))
    let (before, lengths) = first(x, frameLengths: [19, 12], on: nil)
    let (after, sameLengths) = second(x, frameLengths: [19, 12], on: nil)
    #expect(lengths == sameLengths)
    func column(_ logits: Variable, _ label: Int, of count: Int) -> [Float] {
      stride(from: label, to: logits.tensor.scalars.count, by: count).map {
        logits.tensor.scalars[$0]
      }
    }
    for (k, j) in [(0, 0), (2, 2), (4, 4), (6, 1)] {
      expectClose(
        column(after, k, of: new.labelCount), column(before, j, of: old.labelCount),
        absolute: 1e-6, relative: 1e-6)
    }
    let fresh = Dictionary(
      uniqueKeysWithValues: drawn.namedParameters.map { ($0.path, $0.parameter) })
    for (path, parameter) in second.namedParameters where path.hasPrefix("output.") {
      let width = parameter.value.scalars.count / new.labelCount
      for label in [1, 3, 5] {
        let range = label * width..<(label + 1) * width
        #expect(parameter.value.scalars[range] == fresh[path]?.value.scalars[range])
      }
    }
  }

  @Test func anotherWidthIsLeftForTheLoaderToName() throws {
    let variant = try #require(ModelVariant.all.last)
    var file = ModelFile(kind: "any")
    file.store(network(variant, old, seed: 1))
    let before = file.parameters.map(\.tensor)
    var random = RandomSource(seed: 1)
    var narrow = DeepSpeechConfiguration()
    narrow.hiddenSize = 3
    let other = ModelConfiguration.deepSpeech(narrow).makeModel(
      inputSize: ModelVariant.inputSize, labelCount: new.labelCount, random: &random)
    file.replaceAlphabet(old, by: new, drawn: other)
    #expect(file.parameters.first { $0.name == "output.weight" }?.tensor.shape[0] == old.labelCount)
    #expect(before.count == file.parameters.count)
  }
}
