import Tensors

/// The short-time Fourier transform.
///
/// Frame *t* holds the samples from `t * hopLength` on, `windowLength` of them, weighted by the window
/// and followed by zeros up to `fftSize`. With `center` it begins half a window earlier, and samples
/// outside the signal are zero.
public struct STFT: Sendable {
  /// Samples per frame.
  public let windowLength: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Values per transform.
  public let fftSize: Int
  /// Whether frame *t* is centred on sample `t * hopLength`.
  public let center: Bool
  /// The weights of the samples of a frame.
  public let window: [Float]
  /// Frequencies per frame, from 0 to half the sample rate.
  public var binCount: Int { fftSize / 2 + 1 }

  let fft: RealFFT

  /// A transform with these lengths in samples.
  ///
  /// - Parameter fftSize: At least the window; 0 takes the next power of two.
  public init(
    windowLength: Int, hopLength: Int, fftSize: Int = 0, window: Window = .hann,
    center: Bool = false
  ) {
    precondition(
      windowLength > 0 && hopLength > 0 && (fftSize == 0 || fftSize >= windowLength),
      "STFT: got windowLength \(windowLength), hopLength \(hopLength), fftSize \(fftSize); "
        + "expected positive lengths and an fftSize of 0 or at least the window")
    self.windowLength = windowLength
    self.hopLength = hopLength
    self.fftSize = fftSize == 0 ? nextPowerOfTwo(windowLength) : fftSize
    self.center = center
    self.window = window.weights(windowLength)
    fft = RealFFT.ofSize(self.fftSize)
  }

  /// How many zeros stand before the first sample.
  var leadingZeros: Int { center ? windowLength / 2 : 0 }
  /// How many zeros stand after the last sample.
  var trailingZeros: Int { center ? windowLength - windowLength / 2 : 0 }

  /// How many frames a signal has; 0 if it is shorter than one frame.
  public func frameCount(sampleCount: Int) -> Int {
    guard sampleCount > 0 else { return 0 }
    let padded = sampleCount + leadingZeros + trailingZeros
    return padded < windowLength ? 0 : 1 + (padded - windowLength) / hopLength
  }

  /// Returns the complex spectrum of every frame.
  ///
  /// - Returns: `[time, binCount, 2]`, real and imaginary part; the phase counts from the frame's
  ///   first sample.
  public func callAsFunction(_ samples: [Float]) -> Tensor {
    let count = frameCount(sampleCount: samples.count)
    return Tensor(unsafeUninitialized: [count, binCount, 2]) { target in
      forEachFrame(samples) { index, spectrum in
        let row = target.baseAddress! + index * 2 * binCount
        row.update(from: spectrum.base, count: 2 * binCount)
      }
    }
  }

  /// Returns the squared magnitude of the spectrum of every frame.
  ///
  /// - Returns: `[time, binCount]`.
  public func powerSpectrum(_ samples: [Float]) -> Tensor {
    let count = frameCount(sampleCount: samples.count)
    return Tensor(unsafeUninitialized: [count, binCount]) { target in
      forEachFrame(samples) { index, spectrum in
        power(spectrum, target.baseAddress! + index * binCount)
      }
    }
  }

  private func forEachFrame(_ samples: [Float], _ body: (Int, AlignedBuffer) -> Void) {
    let scratch = STFTScratch(self)
    withPaddedFrames(samples) { index, frame in
      scratch.transform(frame, self)
      body(index, scratch.spectrum)
    }
  }

  /// Calls `body` with the samples of every frame, padding included, in order.
  func withPaddedFrames(_ samples: [Float], _ body: (Int, UnsafePointer<Float>) -> Void) {
    let count = frameCount(sampleCount: samples.count)
    let edge = AlignedBuffer(count: windowLength)
    samples.withUnsafeBufferPointer { all in
      for index in 0..<count {
        let start = index * hopLength - leadingZeros
        if start >= 0, start + windowLength <= all.count {
          body(index, all.baseAddress! + start)
        } else {
          let inside = max(0, start)..<min(all.count, start + windowLength)
          edge.base.update(repeating: 0, count: windowLength)
          (edge.base + (inside.lowerBound - start))
            .update(from: all.baseAddress! + inside.lowerBound, count: inside.count)
          body(index, edge.base)
        }
      }
    }
  }

  /// Squared magnitudes of one spectrum.
  func power(_ spectrum: AlignedBuffer, _ target: UnsafeMutablePointer<Float>) {
    let source = spectrum.base
    for bin in 0..<binCount {
      let (re, im) = (source[2 * bin], source[2 * bin + 1])
      target[bin] = re * re + im * im
    }
  }
}

/// The memory that one thread needs to transform frames.
final class STFTScratch {
  let input: AlignedBuffer
  let spectrum: AlignedBuffer

  init(_ stft: STFT) {
    input = AlignedBuffer(count: stft.fftSize)
    spectrum = AlignedBuffer(count: 2 * stft.binCount)
  }

  /// Weights one frame and transforms it; the zeros behind the window stay.
  func transform(_ frame: UnsafePointer<Float>, _ stft: STFT) {
    let target = input.base
    stft.window.withUnsafeBufferPointer { window in
      for index in 0..<window.count { target[index] = frame[index] * window[index] }
    }
    stft.fft.forward(input, spectrum)
  }
}

/// The smallest power of two that is at least `value`.
func nextPowerOfTwo(_ value: Int) -> Int {
  value <= 1 ? 1 : 1 << (Int.bitWidth - (value - 1).leadingZeroBitCount)
}
