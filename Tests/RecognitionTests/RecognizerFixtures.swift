import Audio
import Autograd
import Decoding
import Layers
import Recognition
import Tensors

/// Recognizers without training, and sounds that they know.
enum RecognizerFixtures {
  static let sampleRate = 8000

  /// A recognizer with drawn weights.
  static func random(
    _ model: ModelConfiguration, normalization: FeatureConfiguration.Normalization = .utterance,
    seed: UInt64 = 2
  ) throws -> Recognizer {
    var configuration = RecognizerConfiguration()
    configuration.features = .sound(features(normalization))
    configuration.features.sound.melCount = 12
    configuration.model = model
    configuration.text.lowercase = true
    var statistics: FeatureStatistics?
    if normalization == .dataset {
      var random = RandomSource(seed: seed, 1)
      statistics = FeatureStatistics(
        of: Tensor((0..<600).map { _ in random.normal() * 3 - 5 }, shape: [50, 12]))
    }
    let extractor = try FeatureExtractor(configuration.features.sound, statistics: statistics)
    let alphabet = try Alphabet("ab 'é")
    var random = RandomSource(seed: seed)
    return Recognizer(
      configuration: configuration, alphabet: alphabet, extractor: .sound(extractor),
      model: model.makeModel(
        inputSize: extractor.featureSize, labelCount: alphabet.labelCount, random: &random))
  }

  static func features(
    _ normalization: FeatureConfiguration.Normalization
  ) -> FeatureConfiguration {
    var features = FeatureConfiguration()
    features.sampleRate = sampleRate
    features.windowLength = 0.02
    features.normalization = normalization
    features.preEmphasis = 0
    return features
  }

  static func noise(_ count: Int, seed: UInt64 = 7) -> Waveform {
    var random = RandomSource(seed: seed)
    return Waveform(
      samples: (0..<count).map { _ in random.uniform(in: -0.3...0.3) }, sampleRate: sampleRate)
  }
}

/// A network without weights that hears the mel band with the most energy: label *k* for band *k*,
/// the blank where all is quiet. Its transcripts are known beforehand.
struct BandListener: SequenceModel {
  let inputSize: Int
  var labelCount: Int { inputSize + 1 }
  var frameStride: Int { 1 }
  func outputLength(_ frames: Int) -> Int { frames }

  /// The natural logarithm of the energy above which something is heard.
  static let threshold: Float = -2

  var stateSize: Int { labelCount }
  func logits(of states: Variable, on tape: Tape?) -> Variable { states }

  func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int]) {
    let (rows, values) = (features.shape.rowCount, features.tensor.scalars)
    var logits: [Float] = []
    for row in 0..<rows {
      let bands = values[row * inputSize..<(row + 1) * inputSize]
      logits.append(Self.threshold)
      logits += bands
    }
    let shape: Shape = [features.shape[0], features.shape[1], labelCount]
    return (Variable(Tensor(logits, shape: shape)), frameLengths)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {}
}
