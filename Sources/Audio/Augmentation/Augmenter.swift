import Configuration
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Varies recordings and features as an ``AugmentationConfiguration`` says.
///
/// Everything is drawn from the random source that the caller gives, so the same source gives the same
/// result. Noises and impulse responses are read once; the augmenter is shared by all threads.
public struct Augmenter: Sendable {
  /// What is done, and how likely.
  public let configuration: AugmentationConfiguration
  /// The sample rate of the sounds.
  public let sampleRate: Int

  private let noises: [[Float]]
  private let responses: [[Float]]

  /// Only the first two minutes of a recording of noise are kept in memory.
  public static let longestNoise = 120.0
  /// Only the first five seconds of an impulse response are used.
  public static let longestResponse = 5.0

  /// An augmenter for sounds of one sample rate.
  ///
  /// - Parameter directory: The folder of the configuration file, which paths are relative to.
  /// - Throws: ``AudioError`` if a noise or impulse response cannot be read, or
  ///   `AudioError.configuration` if a value is out of range.
  public init(
    _ configuration: AugmentationConfiguration, sampleRate: Int, directory: String = ""
  ) throws(AudioError) {
    precondition(
      sampleRate > 0, "Augmenter: got a sample rate of \(sampleRate), expected a positive one")
    do throws(ConfigurationError) { try configuration.validate() } catch {
      throw .configuration(error)
    }
    self.configuration = configuration
    self.sampleRate = sampleRate
    let noise = configuration.noise.probability > 0 ? configuration.noise.files : []
    noises = try Self.load(noise, in: directory, sampleRate, Self.longestNoise)
    let rooms =
      configuration.reverberation.probability > 0 ? configuration.reverberation.files : []
    responses = try Self.load(rooms, in: directory, sampleRate, Self.longestResponse)
  }

  private static func load(
    _ paths: [String], in directory: String, _ sampleRate: Int, _ longest: Double
  ) throws(AudioError) -> [[Float]] {
    var sounds: [[Float]] = []
    for path in try RecordingList.expand(paths, in: directory) {
      let sound = try AudioFile.read(path, sampleRate: sampleRate, duration: longest)
      guard sound.samples.contains(where: { $0 != 0 }) else { throw .silent(file: path) }
      sounds.append(sound.samples)
    }
    return sounds
  }

  /// Returns a variation of a recording: speed, room, noise, gain and telephone, in this order.
  ///
  /// All but speed keep the length and the times of what is said. Samples may leave -1...1.
  public func waveform(_ waveform: Waveform, random: inout RandomSource) -> Waveform {
    precondition(
      waveform.sampleRate == sampleRate,
      "Augmenter: got a sample rate of \(waveform.sampleRate), expected \(sampleRate)")
    var samples = waveform.samples
    guard !samples.isEmpty else { return waveform }
    changeSpeed(&samples, &random)
    reverberate(&samples, &random)
    addNoise(&samples, &random)
    amplify(&samples, &random)
    if random.chance(configuration.telephone.probability) {
      samples = TelephoneLine.apply(samples, sampleRate: sampleRate)
    }
    return Waveform(samples: samples, sampleRate: sampleRate)
  }

  /// Returns a variation of features, `[time, feature]`: warped in time and masked.
  ///
  /// - Parameter blocks: How many equal blocks a frame consists of, `1 + deltas`; a band is masked
  ///   in each.
  public func features(
    _ features: Tensor, blocks: Int = 1, random: inout RandomSource
  ) -> Tensor {
    precondition(
      features.shape.rank == 2 && blocks > 0 && features.shape[1] % blocks == 0,
      "Augmenter: got features of shape \(features.shape) and \(blocks) blocks, "
        + "expected [time, feature] and a divisor of feature")
    guard random.chance(configuration.spectral.probability) else { return features }
    var result = features
    SpecAugment(configuration: configuration.spectral)
      .apply(&result, blocks: blocks, random: &random)
    return result
  }

  private func changeSpeed(_ samples: inout [Float], _ random: inout RandomSource) {
    let speed = configuration.speed
    guard random.chance(speed.probability) else { return }
    let factor = Double(random.uniform(in: speed.minimum...speed.maximum))
    samples = Resampler.convert(
      samples, from: Double(sampleRate) * factor, to: Double(sampleRate))
  }

  private func reverberate(_ samples: inout [Float], _ random: inout RandomSource) {
    let room = configuration.reverberation
    guard random.chance(room.probability) else { return }
    let response =
      responses.isEmpty
      ? Reverberator.room(
        decay: random.uniform(in: room.minimumDecay...room.maximumDecay),
        directRatio: random.uniform(in: room.minimumDirectRatio...room.maximumDirectRatio),
        sampleRate: sampleRate, random: &random)
      : responses[random.integer(in: 0...responses.count - 1)]
    samples = Reverberator.apply(response, to: samples)
  }

  private func addNoise(_ samples: inout [Float], _ random: inout RandomSource) {
    let noise = configuration.noise
    guard random.chance(noise.probability) else { return }
    let ratio = random.uniform(in: noise.minimumSNR...noise.maximumSNR)
    let choice = random.integer(in: 0...noises.count + noise.colors.count - 1)
    let sound =
      choice < noises.count
      ? NoiseMixer.excerpt(noises[choice], count: samples.count, random: &random)
      : NoiseMixer.generate(
        noise.colors[choice - noises.count], count: samples.count, random: &random)
    NoiseMixer.add(sound, to: &samples, ratio: ratio)
  }

  private func amplify(_ samples: inout [Float], _ random: inout RandomSource) {
    let gain = configuration.gain
    guard random.chance(gain.probability) else { return }
    let factor = pow(10, random.uniform(in: gain.minimum...gain.maximum) / 20)
    for index in samples.indices { samples[index] *= factor }
  }
}
