import Audio
import Decoding
import Foundation
import Tensors
import Training

/// Makes small recordings and the pipeline that tests train with.
enum Recordings {
  static let sampleRate = 8000

  /// 16-bit PCM.
  static func wav(_ samples: [Float], sampleRate: Int = sampleRate) -> [UInt8] {
    let data = samples.flatMap { sample in
      withUnsafeBytes(of: Int16((sample * 32767).rounded()).littleEndian) { Array($0) }
    }
    return header(format: 1, bits: 16, sampleRate: sampleRate, byteCount: data.count) + data
  }

  /// 32-bit float, in which samples need not be numbers.
  static func floatWAV(_ samples: [Float]) -> [UInt8] {
    let data = samples.flatMap { sample in
      withUnsafeBytes(of: sample.bitPattern.littleEndian) { Array($0) }
    }
    return header(format: 3, bits: 32, sampleRate: sampleRate, byteCount: data.count) + data
  }

  private static func header(
    format: UInt16, bits: UInt16, sampleRate: Int, byteCount: Int
  ) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    return Array("RIFF".utf8) + bytes(UInt32(36 + byteCount)) + Array("WAVEfmt ".utf8)
      + bytes(UInt32(16)) + bytes(format) + bytes(UInt16(1)) + bytes(UInt32(sampleRate))
      + bytes(UInt32(sampleRate * Int(bits) / 8)) + bytes(bits / 8) + bytes(bits)
      + Array("data".utf8) + bytes(UInt32(byteCount))
  }

  /// A tone with noise, so that features vary.
  static func tone(seconds: Double, seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    let frequency = random.uniform(in: 200...2000)
    return (0..<Int(seconds * Double(sampleRate))).map { index in
      let phase = 2 * Float.pi * frequency * Float(index) / Float(sampleRate)
      return 0.4 * Float(sin(Double(phase))) + 0.05 * random.uniform(in: -1...1)
    }
  }

  /// Writes `count` tones of different lengths and returns them as samples of known length.
  static func write(_ count: Int, in folder: TemporaryFolder) throws -> [Sample] {
    let words = ["one", "two", "three", "oh"]
    return try (0..<count).map { index in
      let seconds = 0.3 + Double(index * 37 % 23) / 20
      let signal = tone(seconds: seconds, seed: UInt64(index))
      let path = try folder.write("\(index).wav", bytes: wav(signal))
      return Sample(
        id: "\(index).wav", source: .audio(AudioClip(path: path)), text: words[index % 4],
        duration: Double(signal.count) / Double(sampleRate), speaker: "speaker \(index % 2)",
        origin: .init(file: "tones.jsonl", line: index + 1))
    }
  }

  static func extractor(
    _ normalization: FeatureConfiguration.Normalization = .utterance
  ) throws -> FeatureExtractor {
    var configuration = FeatureConfiguration()
    configuration.sampleRate = sampleRate
    configuration.melCount = 20
    configuration.normalization = normalization
    return try FeatureExtractor(configuration)
  }

  static func alphabet() -> Alphabet { Alphabet(buildingFrom: ["one two three oh"]) }
}
