#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns the samples of one frame into its features, without slopes and normalisation.
///
/// The whole-recording and the streaming extractor both call this for every frame, which is why they
/// give the same bits. Holds scratch memory: one per thread.
final class FrameAnalyzer {
  private let plan: FeaturePlan
  private let scratch: STFTScratch
  private let power: AlignedBuffer
  private let bands: AlignedBuffer

  init(_ plan: FeaturePlan) {
    self.plan = plan
    scratch = STFTScratch(plan.stft)
    power = AlignedBuffer(count: plan.stft.binCount)
    bands = AlignedBuffer(count: plan.filterbank?.melCount ?? 0)
  }

  /// Analyses `windowLength` samples into `staticSize` values.
  func analyze(_ frame: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    scratch.transform(frame, plan.stft)
    plan.stft.power(scratch.spectrum, power.base)
    guard let filterbank = plan.filterbank else {
      return compress(power.base, plan.stft.binCount, into: target)
    }
    guard let cepstrum = plan.cepstrum else {
      filterbank.apply(power.base, target)
      return logarithm(target, filterbank.melCount, into: target)
    }
    filterbank.apply(power.base, bands.base)
    logarithm(bands.base, filterbank.melCount, into: bands.base)
    cepstrum.apply(bands.base, target)
  }

  private func compress(
    _ power: UnsafeMutablePointer<Float>, _ count: Int, into target: UnsafeMutablePointer<Float>
  ) {
    switch plan.configuration.compression {
    case .log: logarithm(power, count, into: target)
    case .log1p:
      for index in 0..<count { target[index] = log1p(power[index].squareRoot()) }
    }
  }

  private func logarithm(
    _ source: UnsafePointer<Float>, _ count: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let floor = plan.configuration.logFloor
    for index in 0..<count { target[index] = log(max(floor, source[index])) }
  }
}

/// The tables that features are computed with, shared by all threads.
struct FeaturePlan: Sendable {
  let configuration: FeatureConfiguration
  let stft: STFT
  let filterbank: MelFilterbank?
  let cepstrum: Cepstrum?

  init(_ configuration: FeatureConfiguration) {
    self.configuration = configuration
    stft = STFT(
      windowLength: configuration.windowSamples, hopLength: configuration.hopSamples,
      fftSize: configuration.transformSize, window: configuration.window,
      center: configuration.center)
    filterbank = configuration.kind == .spectrogram ? nil : configuration.melFilterbank
    cepstrum =
      configuration.kind == .mfcc
      ? Cepstrum(
        bandCount: configuration.melCount, coefficientCount: configuration.coefficientCount,
        liftering: configuration.liftering) : nil
  }
}

/// The first difference that evens out the fall of speech towards high frequencies.
struct PreEmphasis {
  let factor: Float
  private var previous: Float = 0

  init(_ factor: Float) { self.factor = factor }

  /// Filters the next samples of a stream, y(n) = x(n) - factor · x(n-1), starting from silence.
  mutating func apply(_ samples: UnsafeBufferPointer<Float>, into output: inout [Float]) {
    guard factor != 0, let last = samples.last else { return output.append(contentsOf: samples) }
    output.reserveCapacity(output.count + samples.count)
    output.append(samples[0] - factor * previous)
    for index in 1..<samples.count { output.append(samples[index] - factor * samples[index - 1]) }
    previous = last
  }
}
