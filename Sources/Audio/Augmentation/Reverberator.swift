import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rooms as impulse responses.
enum Reverberator {
  /// An impulse followed by Gaussian noise that decays exponentially (Polack 1988).
  ///
  /// - Parameters:
  ///   - decay: Seconds until the noise has fallen by 60 dB.
  ///   - directRatio: The energy of the impulse over that of the noise, in dB.
  static func room(
    decay: Float, directRatio: Float, sampleRate: Int, random: inout RandomSource
  ) -> [Float] {
    let count = max(2, Int(decay * Float(sampleRate)))
    let rate = -3 * log(10) / Double(decay) / Double(sampleRate)
    var response = random.normals(count)
    for index in response.indices { response[index] *= Float(exp(rate * Double(index))) }
    response[0] = 0
    let energy = NoiseMixer.meanPower(response) * Double(count)
    let scale = Float((pow(10, -Double(directRatio) / 10) / energy).squareRoot())
    for index in response.indices { response[index] *= scale }
    response[0] = 1
    return response
  }

  /// Sound as it is heard in the room: of the same length and mean power, and in time, because the
  /// direct sound, the response's largest value, is taken as time 0.
  static func apply(_ response: [Float], to samples: [Float]) -> [Float] {
    let direct = response.indices.max { abs(response[$0]) < abs(response[$1]) } ?? 0
    let full = convolve(samples, response)
    var output = Array(full[direct..<direct + samples.count])
    let (before, after) = (NoiseMixer.meanPower(samples), NoiseMixer.meanPower(output))
    guard before > 0, after > 0 else { return output }
    let scale = Float((before / after).squareRoot())
    for index in output.indices { output[index] *= scale }
    return output
  }

  /// The full convolution, `samples.count + response.count - 1` values, by overlap-add.
  ///
  /// - Complexity: O(*n* log *m*) for *n* samples and a response of *m*.
  static func convolve(_ samples: [Float], _ response: [Float]) -> [Float] {
    guard !samples.isEmpty, !response.isEmpty else { return [] }
    let fft = RealFFT.ofSize(max(1024, nextPowerOfTwo(2 * response.count)))
    let block = fft.size - response.count + 1
    let (time, kernel) = (AlignedBuffer(count: fft.size), AlignedBuffer(count: 2 * fft.binCount))
    let spectrum = AlignedBuffer(count: 2 * fft.binCount)
    load(response[...], into: time)
    fft.forward(time, kernel)
    var output = [Float](repeating: 0, count: samples.count + response.count - 1)
    for start in stride(from: 0, to: samples.count, by: block) {
      let end = min(start + block, samples.count)
      load(samples[start..<end], into: time)
      fft.forward(time, spectrum)
      multiply(spectrum.base, kernel.base, bins: fft.binCount)
      fft.inverse(spectrum, time)
      let scale = 1 / Float(fft.size)
      for index in 0..<end - start + response.count - 1 {
        output[start + index] += time.base[index] * scale
      }
    }
    return output
  }

  private static func load(_ samples: ArraySlice<Float>, into buffer: AlignedBuffer) {
    buffer.base.update(repeating: 0, count: buffer.count)
    samples.withUnsafeBufferPointer {
      buffer.base.update(from: $0.baseAddress!, count: $0.count)
    }
  }

  private static func multiply(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafePointer<Float>, bins: Int
  ) {
    for bin in 0..<bins {
      let (a, b) = (left[2 * bin], left[2 * bin + 1])
      let (c, d) = (right[2 * bin], right[2 * bin + 1])
      left[2 * bin] = a * c - b * d
      left[2 * bin + 1] = a * d + b * c
    }
  }
}
