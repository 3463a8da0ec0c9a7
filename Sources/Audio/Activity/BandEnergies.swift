#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The energies of frames in bands of speech, as sound comes in.
///
/// Frame *t* is centred on the samples `t * hopSamples ..< (t + 1) * hopSamples`. Beyond its ends the
/// recording is continued by its first and last sample, so that an offset of the zero line makes no
/// click there.
struct BandEnergies {
  let hopSamples: Int
  let bandCount: Int
  /// The number of bins in a band, in independent ones: what a wider window would not resolve.
  let widths: [Float]

  private let stft: STFT
  private let scratch: STFTScratch
  private let power: AlignedBuffer
  private let bands: [Range<Int>]
  private let scale: Float
  private var samples: [Float] = []
  private var sampleCount = 0
  private var frameCount = 0

  init(_ configuration: ActivityConfiguration, sampleRate: Int) {
    let rate = Double(sampleRate)
    hopSamples = max(1, Int((configuration.hopLength * rate).rounded()))
    let window = max(hopSamples, 2, Int((configuration.windowLength * rate).rounded()))
    let stft = STFT(windowLength: window, hopLength: hopSamples)
    self.stft = stft
    scratch = STFTScratch(stft)
    power = AlignedBuffer(count: stft.binCount)
    bandCount = configuration.bandCount
    bands = Self.bands(configuration, rate: rate, fftSize: stft.fftSize)
    widths = bands.map { Float($0.count) * Float(window) / Float(stft.fftSize) }
    // Noise of variance 1 has the energy 1 in all bins together.
    let energy = stft.window.reduce(0) { $0 + $1 * $1 }
    scale = 2 / (energy * Float(stft.fftSize))
  }

  /// Samples before and after a hop that its frame looks at.
  private var margin: Int { (stft.windowLength - hopSamples) / 2 }

  private static func bands(
    _ configuration: ActivityConfiguration, rate: Double, fftSize: Int
  ) -> [Range<Int>] {
    // The last twentieth of the spectrum may be missing after resampling.
    let high = min(configuration.highFrequency, 0.475 * rate)
    let low = min(configuration.lowFrequency, high / 2)
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    let step = (mel(high) - mel(low)) / Double(configuration.bandCount)
    let edges = (0...configuration.bandCount).map { index in
      let hertz = 700 * (pow(10, (mel(low) + Double(index) * step) / 2595) - 1)
      return min(fftSize / 2, Int((hertz * Double(fftSize) / rate).rounded()))
    }
    return (0..<configuration.bandCount).map { edges[$0]..<max(edges[$0] + 1, edges[$0 + 1]) }
  }

  /// Takes in samples and appends the energies of the frames that are complete,
  /// `bandCount` values each.
  mutating func push(_ block: [Float], into energies: inout [Float]) {
    guard let first = block.first else { return }
    if sampleCount == 0 { samples = [Float](repeating: first, count: margin) }
    sampleCount += block.count
    samples += block
    analyze(into: &energies)
  }

  /// Appends the energies of the last frames; there is one for every hop that has begun.
  mutating func finish(into energies: inout [Float]) {
    guard let last = samples.last, sampleCount > 0 else { return }
    let missing = (sampleCount + hopSamples - 1) / hopSamples - frameCount
    guard missing > 0 else { return }
    let needed = (missing - 1) * hopSamples + stft.windowLength
    samples += [Float](repeating: last, count: max(0, needed - samples.count))
    analyze(into: &energies)
  }

  private mutating func analyze(into energies: inout [Float]) {
    let window = stft.windowLength
    guard samples.count >= window else { return }
    let count = 1 + (samples.count - window) / hopSamples
    let start = energies.count
    energies += repeatElement(0, count: count * bandCount)
    energies.withUnsafeMutableBufferPointer { energies in
      samples.withUnsafeBufferPointer { samples in
        for index in 0..<count {
          scratch.transform(samples.baseAddress! + index * hopSamples, stft)
          stft.power(scratch.spectrum, power.base)
          sum(into: energies.baseAddress! + start + index * bandCount)
        }
      }
    }
    samples.removeFirst(count * hopSamples)
    frameCount += count
  }

  private func sum(into target: UnsafeMutablePointer<Float>) {
    for (index, band) in bands.enumerated() {
      var energy: Float = 0
      for bin in band { energy += power.base[bin] }
      // What overflowed is loud, and not a number that spoils the noise floor for good.
      target[index] = min(energy * scale, .greatestFiniteMagnitude)
    }
  }
}
