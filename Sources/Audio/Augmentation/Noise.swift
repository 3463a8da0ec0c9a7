import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Noise, made or recorded, and its mixing.
enum NoiseMixer {
  /// Gaussian noise of unit variance, white or pink.
  ///
  /// Pink noise is drawn as a random spectrum whose power falls as 1/f, and transformed back.
  static func generate(
    _ color: AugmentationConfiguration.Noise.Color, count: Int, random: inout RandomSource
  ) -> [Float] {
    guard color == .pink, count > 1 else { return random.normals(count) }
    let fft = RealFFT.ofSize(nextPowerOfTwo(count))
    let spectrum = AlignedBuffer(count: 2 * fft.binCount)
    let output = AlignedBuffer(count: fft.size)
    let values = random.normals(2 * fft.binCount)
    var power: Float = 0
    for bin in 1..<fft.binCount - 1 {
      let amplitude = 1 / Float(bin).squareRoot()
      spectrum.base[2 * bin] = amplitude * values[2 * bin]
      spectrum.base[2 * bin + 1] = amplitude * values[2 * bin + 1]
      power += 4 * amplitude * amplitude
    }
    fft.inverse(spectrum, output)
    let scale = power > 0 ? 1 / power.squareRoot() : 0
    return (0..<count).map { output.base[$0] * scale }
  }

  /// A stretch of a recording of noise, from a random place on, repeated if it is too short.
  static func excerpt(_ noise: [Float], count: Int, random: inout RandomSource) -> [Float] {
    let start = random.integer(in: 0...noise.count - 1)
    return (0..<count).map { noise[(start + $0) % noise.count] }
  }

  /// Adds noise so that the ratio of the mean powers of sound and noise is `ratio` dB.
  ///
  /// Silence has no power to relate to and stays as it is.
  static func add(_ noise: [Float], to samples: inout [Float], ratio: Float) {
    let (signal, disturbance) = (meanPower(samples), meanPower(noise))
    guard signal > 0, disturbance > 0 else { return }
    let scale = Float((signal / disturbance / pow(10, Double(ratio) / 10)).squareRoot())
    for index in samples.indices { samples[index] += scale * noise[index] }
  }

  /// The mean square of the samples.
  static func meanPower(_ samples: [Float]) -> Double {
    guard !samples.isEmpty else { return 0 }
    return samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
  }
}
