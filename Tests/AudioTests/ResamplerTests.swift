import Audio
import Tensors
import TestSupport
import Testing

@Suite struct ResamplerTests {
  @Test(arguments: [8000, 11025, 16000, 22050, 44100, 48000, 96000])
  func aToneKeepsItsFrequencyAmplitudeAndTime(rate: Int) {
    let found = Waveform(samples: sine(1000, rate: rate, seconds: 1), sampleRate: rate)
      .resampled(to: 16000)
    #expect(abs(found.samples.count - 16000) <= 1)
    let expected = sine(1000, rate: 16000, seconds: 1)
    // Away from the edges, where the filter sees the silence outside.
    expectClose(found.samples[1000..<15000], expected[1000..<15000], absolute: 1e-4, "tone")
  }

  @Test func whatCannotBeHeldIsRejected() {
    // 10 kHz lies above half of 16 kHz and would fold to 6 kHz.
    let found = Waveform(samples: sine(10_000, rate: 44100, seconds: 1), sampleRate: 44100)
      .resampled(to: 16000)
    #expect(rootMeanSquare(found.samples[1000..<15000]) < 0.5 * 1e-5)
    #expect(amplitude(of: 6000, in: found.samples[1000..<15000], rate: 16000) < 1e-5)
  }

  @Test func blocksDoNotMatter() {
    var random = RandomSource(seed: 21)
    let input = (0..<30_000).map { _ in random.uniform(in: -1...1) }
    for (from, to) in [(44100.0, 16000.0), (8000, 16000), (16000, 8000), (17_313, 16000)] {
      let whole = Resampler.convert(input, from: from, to: to)
      for block in [1, 63, 1024, 29_999] {
        let resampler = Resampler(from: from, to: to)
        var output: [Float] = []
        input.withUnsafeBufferPointer { all in
          for start in stride(from: 0, to: all.count, by: block) {
            let part = all[start..<min(start + block, all.count)]
            resampler.process(UnsafeBufferPointer(rebasing: part), into: &output)
          }
        }
        resampler.finish(into: &output)
        #expect(output == whole, "\(from) to \(to) in blocks of \(block)")
      }
    }
  }

  @Test func lengthsFollowTheRatio() {
    for count in [0, 1, 2, 100, 4410, 44_101] {
      let samples = [Float](repeating: 0.25, count: count)
      let found = Resampler.convert(samples, from: 44100, to: 16000)
      #expect(abs(Double(found.count) - Double(count) * 16000 / 44100) <= 1, "\(count)")
    }
  }

  /// How much later sound comes out than it could, for sound that is heard while it arrives.
  @Test(arguments: [
    (11_025.0, 8000.0), (16_000, 8000), (44_100, 8000), (48_000, 16_000), (8000, 16_000),
  ])
  func littleIsKeptBack(from: Double, to: Double) {
    let resampler = Resampler(from: from, to: to)
    let block = [Float](repeating: 0.25, count: Int(from * 0.02))
    var output: [Float] = []
    var heard = 0.0
    var most = 0.0
    for _ in 0..<200 {
      block.withUnsafeBufferPointer { resampler.process($0, into: &output) }
      heard += Double(block.count) / from
      most = max(most, heard - Double(output.count) / to)
    }
    #expect(most < 0.12 && most > 0, "\(from) to \(to) Hz: \(most) s")
  }
}
