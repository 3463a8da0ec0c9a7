import Audio
import Configuration
import Decoding
import Foundation
import Recognition
import Tensors

/// Recordings and a model for the tests, made once.
struct Materials: Sendable {
  let folder: TemporaryFolder
  /// A small network with random weights, in a file.
  let model: String
  /// Two thirds of a second of tones, as 16-bit WAV.
  let recording: String

  static let shared: Result<Materials, any Error> = Result { try Materials() }

  private init() throws {
    folder = try TemporaryFolder()
    model = folder.file("tiny.safetensors")
    try Self.recognizer().modelFile().write(to: model)
    recording = try folder.write("tone.wav", WAV.pcm(Self.tone(seconds: 0.66)))
  }

  /// A recogniser that writes something, though not what is said.
  static func recognizer() throws -> Recognizer {
    var configuration = RecognizerConfiguration()
    configuration.features.sound.sampleRate = 8000
    configuration.features.sound.melCount = 20
    var network = DeepSpeech2Configuration()
    network.convolutions = []
    network.hiddenSize = 16
    network.layerCount = 1
    network.frameStride = 2
    network.contextSize = 1
    configuration.model = .deepSpeech2(network)
    let alphabet = try Alphabet([" ", "a", "e", "n", "o", "t", "w"])
    let extractor = try FeatureExtractor(configuration.features.sound)
    var random = RandomSource(seed: 4)
    let model = configuration.model.makeModel(
      inputSize: extractor.featureSize, labelCount: alphabet.labelCount, random: &random)
    return Recognizer(
      configuration: configuration, alphabet: alphabet, extractor: .sound(extractor), model: model)
  }

  /// Tones that change, so that a network with random weights hears something.
  static func tone(seconds: Double, sampleRate: Int = 8000) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map { index in
      let time = Double(index) / Double(sampleRate)
      let frequency = 300 + 900 * (time * 3).truncatingRemainder(dividingBy: 1)
      return Float(0.4 * sin(2 * .pi * frequency * time) + 0.05 * sin(37 * Double(index * index)))
    }
  }
}

/// WAV files, also those that nobody should write.
enum WAV {
  /// 16-bit PCM.
  static func pcm(
    _ samples: [Float], sampleRate: UInt32 = 8000, channels: UInt16 = 1,
    declaredBytes: UInt32? = nil
  ) -> [UInt8] {
    let data = samples.flatMap { sample in
      let value = Int16((sample * 32767).rounded())
      return (0..<channels).flatMap { _ in bytes(value) }
    }
    return header(
      format: 1, bits: 16, sampleRate: sampleRate, channels: channels,
      byteCount: UInt32(data.count), declaredBytes: declaredBytes) + data
  }

  /// 32-bit floating point, in which samples need not be numbers.
  static func float(_ samples: [Float], sampleRate: UInt32 = 8000) -> [UInt8] {
    header(
      format: 3, bits: 32, sampleRate: sampleRate, channels: 1,
      byteCount: UInt32(samples.count * 4)) + samples.flatMap { bytes($0.bitPattern) }
  }

  private static func header(
    format: UInt16, bits: UInt16, sampleRate: UInt32, channels: UInt16, byteCount: UInt32,
    declaredBytes: UInt32? = nil
  ) -> [UInt8] {
    let frame = channels &* (bits / 8)
    return Array("RIFF".utf8) + bytes(byteCount &+ 36) + Array("WAVEfmt ".utf8)
      + bytes(UInt32(16)) + bytes(format) + bytes(channels) + bytes(sampleRate)
      + bytes(sampleRate &* UInt32(frame)) + bytes(frame) + bytes(bits) + Array("data".utf8)
      + bytes(declaredBytes ?? byteCount)
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
