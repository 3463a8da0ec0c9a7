import Tensors

/// Masks and warps features: Park et al. 2019, SpecAugment.
///
/// Masked values become the mean of their feature over the recording, which is 0 after
/// normalisation by utterance.
struct SpecAugment: Sendable {
  let configuration: AugmentationConfiguration.Spectral

  /// Changes `[time, blocks · feature]`; blocks are the features and their slopes, which share bands.
  func apply(_ features: inout Tensor, blocks: Int, random: inout RandomSource) {
    let (frames, width) = (features.shape[0], features.shape[1])
    guard frames > 0 else { return }
    if configuration.timeWarpFrames > 0 { warp(&features, random: &random) }
    let mean = FeatureStatistics(of: features).mean.map { Float($0) }
    let longest = min(
      configuration.timeMaskFrames, Int(configuration.timeMaskFraction * Float(frames)))
    for _ in 0..<configuration.timeMaskCount {
      let mask = draw(longest, of: frames, &random)
      fill(&features, mask, [0..<width], mean)
    }
    let size = width / blocks
    for _ in 0..<configuration.frequencyMaskCount {
      let band = draw(configuration.frequencyMaskBins, of: size, &random)
      let bands = (0..<blocks).map { $0 * size + band.lowerBound..<$0 * size + band.upperBound }
      fill(&features, 0..<frames, bands, mean)
    }
  }

  /// A mask of 0 to `longest` places, anywhere.
  private func draw(_ longest: Int, of count: Int, _ random: inout RandomSource) -> Range<Int> {
    let length = random.integer(in: 0...min(longest, count))
    let start = random.integer(in: 0...count - length)
    return start..<start + length
  }

  private func fill(
    _ features: inout Tensor, _ frames: Range<Int>, _ columns: [Range<Int>], _ mean: [Float]
  ) {
    let width = features.shape[1]
    features.withUnsafeMutableBufferPointer { values in
      for frame in frames {
        for range in columns {
          for column in range { values[frame * width + column] = mean[column] }
        }
      }
    }
  }

  /// Moves one point in time and stretches what is before and after it, by linear interpolation.
  private func warp(_ features: inout Tensor, random: inout RandomSource) {
    let (frames, width) = (features.shape[0], features.shape[1])
    let reach = min(configuration.timeWarpFrames, (frames - 2) / 2)
    guard reach > 0 else { return }
    let target = random.integer(in: reach...frames - 1 - reach)
    let source = target + random.integer(in: -reach...reach)
    guard source != target else { return }
    let last = frames - 1
    let original = features
    original.withUnsafeBufferPointer { from in
      features.withUnsafeMutableBufferPointer { to in
        for frame in 0..<frames {
          let position =
            frame <= target
            ? Float(frame) * Float(source) / Float(max(1, target))
            : Float(source) + Float(frame - target) * Float(last - source) / Float(last - target)
          let left = min(Int(position), last)
          let (right, part) = (min(left + 1, last), position - Float(left))
          for column in 0..<width {
            let (a, b) = (from[left * width + column], from[right * width + column])
            to[frame * width + column] = a + part * (b - a)
          }
        }
      }
    }
  }
}
