import CSoxr

/// Changes the sample rate of a mono stream, block by block.
///
/// Band-limited interpolation by libsoxr at its 20-bit setting (linear phase, pass band to 91 % of
/// the lower Nyquist frequency, aliases below -120 dB). The delay of the filter is taken out, so the
/// first output sample belongs to the time of the first input sample. How the input is cut into
/// blocks does not change the output.
public final class Resampler {
  private let handle: soxr_t
  private let ratio: Double

  /// A resampler from one rate to another, both positive.
  public init(from inputRate: Double, to outputRate: Double) {
    precondition(
      inputRate > 0 && outputRate > 0,
      "Resampler: got rates \(inputRate) and \(outputRate), expected positive ones")
    var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
    var error: soxr_error_t?
    guard let handle = soxr_create(inputRate, outputRate, 1, &error, nil, &quality, nil) else {
      let reason = error.map { String(cString: $0) } ?? "unknown"
      preconditionFailure("Resampler: libsoxr refuses \(inputRate) to \(outputRate): \(reason)")
    }
    self.handle = handle
    ratio = outputRate / inputRate
  }

  deinit { soxr_delete(handle) }

  /// Appends what can be computed after `input` to `output`.
  public func process(_ input: UnsafeBufferPointer<Float>, into output: inout [Float]) {
    var start = 0
    while start < input.count {
      let rest = input.count - start
      let room = Int(Double(rest) * ratio) + 1024
      start += step(input.baseAddress! + start, rest, room, &output).used
    }
  }

  /// Appends the end of the stream to `output`; the resampler takes no more input afterwards.
  public func finish(into output: inout [Float]) {
    while step(nil, 0, 8192, &output).made > 0 {}
  }

  private func step(
    _ input: UnsafePointer<Float>?, _ count: Int, _ room: Int, _ output: inout [Float]
  ) -> (used: Int, made: Int) {
    var (used, made) = (0, 0)
    // A block of its own, because growing `output` by exact amounts would copy it every time.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: room) { block in
      let error = soxr_process(handle, input, count, &used, block.baseAddress!, room, &made)
      precondition(
        error == nil, "Resampler: libsoxr failed: \(error.map { String(cString: $0) } ?? "")")
      output.append(contentsOf: block[..<made])
    }
    return (used, made)
  }

  /// The whole of `samples` at another rate; any positive real rates, as speed perturbation needs.
  public static func convert(
    _ samples: [Float], from inputRate: Double, to outputRate: Double
  ) -> [Float] {
    guard inputRate != outputRate, !samples.isEmpty else { return samples }
    let resampler = Resampler(from: inputRate, to: outputRate)
    var output: [Float] = []
    output.reserveCapacity(Int(Double(samples.count) * outputRate / inputRate) + 8192)
    samples.withUnsafeBufferPointer { all in
      for start in stride(from: 0, to: all.count, by: 65536) {
        let end = min(start + 65536, all.count)
        resampler.process(UnsafeBufferPointer(rebasing: all[start..<end]), into: &output)
      }
    }
    resampler.finish(into: &output)
    return output
  }
}
