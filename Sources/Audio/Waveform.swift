/// One channel of sound.
public struct Waveform: Sendable, Equatable {
  /// The samples; full scale is -1...1.
  public var samples: [Float]
  /// Samples per second.
  public var sampleRate: Int

  /// A waveform of these samples.
  public init(samples: [Float], sampleRate: Int) {
    precondition(
      sampleRate > 0, "Waveform: got a sample rate of \(sampleRate), expected a positive one")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// The length in seconds.
  public var duration: Double { Double(samples.count) / Double(sampleRate) }

  /// The same sound at another sample rate, by ``Resampler``.
  public func resampled(to rate: Int) -> Waveform {
    guard rate != sampleRate else { return self }
    return Waveform(
      samples: Resampler.convert(samples, from: Double(sampleRate), to: Double(rate)),
      sampleRate: rate)
  }

  /// The samples between two times in seconds, clipped to what there is.
  public func slice(from start: Double, to end: Double) -> Waveform {
    let count = Double(samples.count)
    let first = Int(min(max(0, start * Double(sampleRate)), count).rounded())
    let last = Int(min(max(Double(first), end * Double(sampleRate)), count).rounded())
    return Waveform(samples: Array(samples[first..<last]), sampleRate: sampleRate)
  }
}
