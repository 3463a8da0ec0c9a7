import CFFTW
import Synchronization

/// The discrete Fourier transform of real input, by FFTW in single precision.
///
/// Plans are made once per size, one at a time, because FFTW's planner is not safe for threads, and
/// are kept for the life of the process. They are estimated, not measured: that starts fast and the
/// same size gives the same bits in every run. Executing a plan on new arrays is safe on any thread.
final class RealFFT: Sendable {
  let size: Int
  /// Pairs of real and imaginary part in a spectrum.
  var binCount: Int { size / 2 + 1 }

  // Addresses of plans, which FFTW only reads after they are made.
  private let forwardPlan: Int
  private let inversePlan: Int

  private static let plans = Mutex<[Int: RealFFT]>([:])

  /// The transform of `size` real values.
  static func ofSize(_ size: Int) -> RealFFT {
    plans.withLock { plans in
      if let plan = plans[size] { return plan }
      let plan = RealFFT(size: size)
      plans[size] = plan
      return plan
    }
  }

  private init(size: Int) {
    precondition(size > 0, "RealFFT: got a size of \(size), expected a positive one")
    self.size = size
    let real = AlignedBuffer(count: size)
    let spectrum = AlignedBuffer(count: size + 2)
    let complex = UnsafeMutableRawPointer(spectrum.base)
      .assumingMemoryBound(to: fftwf_complex.self)
    let forward = fftwf_plan_dft_r2c_1d(Int32(size), real.base, complex, FFTW_ESTIMATE)
    let inverse = fftwf_plan_dft_c2r_1d(Int32(size), complex, real.base, FFTW_ESTIMATE)
    guard let forward, let inverse else {
      preconditionFailure("RealFFT: FFTW has no plan for \(size) values")
    }
    (forwardPlan, inversePlan) = (Int(bitPattern: forward), Int(bitPattern: inverse))
    withExtendedLifetime((real, spectrum)) {}
  }

  /// Transforms `size` values into `binCount` interleaved complex values; both 64-byte aligned.
  func forward(_ input: AlignedBuffer, _ output: AlignedBuffer) {
    precondition(
      input.count >= size && output.count >= 2 * binCount,
      "RealFFT: got buffers of \(input.count) and \(output.count) for a size of \(size)")
    let complex = UnsafeMutableRawPointer(output.base).assumingMemoryBound(to: fftwf_complex.self)
    fftwf_execute_dft_r2c(OpaquePointer(bitPattern: forwardPlan), input.base, complex)
  }

  /// Transforms back, without the factor 1 / size; destroys `input`.
  func inverse(_ input: AlignedBuffer, _ output: AlignedBuffer) {
    precondition(
      input.count >= 2 * binCount && output.count >= size,
      "RealFFT: got buffers of \(input.count) and \(output.count) for a size of \(size)")
    let complex = UnsafeMutableRawPointer(input.base).assumingMemoryBound(to: fftwf_complex.self)
    fftwf_execute_dft_c2r(OpaquePointer(bitPattern: inversePlan), complex, output.base)
  }
}
