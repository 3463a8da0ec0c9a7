/// Cuts a long recording into pieces that fit in memory, where it is quietest.
///
/// A piece ends in the middle of the quietest tenth of a second between `minimumDuration` and
/// `maximumDuration`, so that words are not cut.
public struct Segmenter: Sendable {
  /// The shortest piece in seconds, but for the last.
  public var minimumDuration = 15.0
  /// The longest piece in seconds.
  public var maximumDuration = 30.0

  /// A segmenter with pieces of 15 to 30 seconds.
  public init() {}

  private static let windowDuration = 0.1

  /// Where the first piece of these samples ends: all of them, if they are short enough.
  public func firstCut(_ samples: ArraySlice<Float>, sampleRate: Int) -> Int {
    let longest = Int(maximumDuration * Double(sampleRate))
    guard samples.count > longest else { return samples.count }
    let window = max(1, Int(Self.windowDuration * Double(sampleRate)))
    var (best, bestEnergy) = (longest, Double.infinity)
    samples.withUnsafeBufferPointer { samples in
      var start = Int(minimumDuration * Double(sampleRate))
      while start + window <= longest {
        var energy = 0.0
        for index in start..<start + window { energy += Double(samples[index] * samples[index]) }
        // Of equally quiet places the last, which makes the fewest pieces.
        if energy <= bestEnergy { (best, bestEnergy) = (start + window / 2, energy) }
        start += window / 2
      }
    }
    return best
  }
}
