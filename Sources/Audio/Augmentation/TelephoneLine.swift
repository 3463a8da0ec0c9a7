#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a telephone line does to speech.
enum TelephoneLine {
  static let sampleRate = 8000

  /// Sound after a line: sampled at 8 kHz, nothing below 300 Hz, μ-law coded (ITU-T G.711), and
  /// brought back to its own rate and length.
  static func apply(_ samples: [Float], sampleRate: Int) -> [Float] {
    let narrow = sampleRate > Self.sampleRate
    var line =
      narrow
      ? Resampler.convert(samples, from: Double(sampleRate), to: Double(Self.sampleRate)) : samples
    highPass(&line, cutoff: 300, sampleRate: narrow ? Self.sampleRate : sampleRate)
    for index in line.indices { line[index] = companded(line[index]) }
    guard narrow else { return line }
    var output = Resampler.convert(line, from: Double(Self.sampleRate), to: Double(sampleRate))
    let missing = samples.count - output.count
    if missing > 0 { output += [Float](repeating: 0, count: missing) }
    return Array(output.prefix(samples.count))
  }

  /// A Butterworth filter of second order, by the bilinear transform.
  private static func highPass(_ samples: inout [Float], cutoff: Double, sampleRate: Int) {
    let k = tan(.pi * cutoff / Double(sampleRate))
    let norm = 1 / (1 + 2.0.squareRoot() * k + k * k)
    let (a1, a2) = (2 * (k * k - 1) * norm, (1 - 2.0.squareRoot() * k + k * k) * norm)
    var (state1, state2) = (0.0, 0.0)
    for index in samples.indices {
      let input = Double(samples[index])
      let output = norm * input + state1
      state1 = -2 * norm * input - a1 * output + state2
      state2 = norm * input - a2 * output
      samples[index] = Float(output)
    }
  }

  /// A sample after coding in 8 bits on the μ-law curve, μ = 255.
  private static func companded(_ sample: Float) -> Float {
    let magnitude = log1p(255 * min(1, abs(sample))) / log1p(255)
    let code = (magnitude * 127).rounded() / 127
    let decoded = (expm1(code * log1p(255))) / 255
    return sample < 0 ? -decoded : decoded
  }
}
