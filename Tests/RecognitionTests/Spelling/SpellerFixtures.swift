import Decoding
import Layers
import Recognition
import Tensors

/// Small recognisers with an attentive decoder.
enum SpellerFixtures {
  static func speller(
    ctcWeight: Float = 0.4, _ edit: (inout SpellerConfiguration) -> Void = { _ in }
  ) -> SpellerConfiguration {
    var speller = SpellerConfiguration()
    (speller.embeddingSize, speller.joinedFrames, speller.ctcWeight) = (3, 2, ctcWeight)
    (speller.decoder.hiddenSize, speller.decoder.outputSize) = (6, 5)
    speller.decoder.attention.size = 4
    (speller.decoder.attention.filterCount, speller.decoder.attention.filterWidth) = (2, 3)
    if ctcWeight == 0 { speller.search.decoder = .attention }
    edit(&speller)
    return speller
  }

  static var encoder: ModelConfiguration {
    var sizes = DeepSpeech2Configuration()
    (sizes.convolutions, sizes.batchNorm) = ([], false)
    (sizes.cell, sizes.layerCount, sizes.hiddenSize) = (.gru, 1, 4)
    return .deepSpeech2(sizes)
  }

  static func network(
    _ speller: SpellerConfiguration?, inputSize: Int = 6, labelCount: Int = 5, seed: UInt64 = 3
  ) -> RecognitionNetwork {
    var configuration = RecognizerConfiguration()
    (configuration.model, configuration.attention) = (encoder, speller)
    var random = RandomSource(seed: seed)
    return RecognitionNetwork(
      configuration, inputSize: inputSize, labelCount: labelCount, random: &random)
  }

  /// A recogniser of sound with the letters of `RecognizerFixtures`.
  static func recognizer(_ speller: SpellerConfiguration?) throws -> Recognizer {
    let plain = try RecognizerFixtures.random(encoder)
    var configuration = plain.configuration
    configuration.attention = speller
    var random = RandomSource(seed: 2)
    let network = RecognitionNetwork(
      configuration, inputSize: plain.extractor.featureSize,
      labelCount: plain.alphabet.labelCount, random: &random)
    return Recognizer(
      configuration: configuration, alphabet: plain.alphabet, extractor: plain.extractor,
      model: network.model, speller: network.speller)
  }
}
