#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How loud a recording is from moment to moment.
public struct LoudnessCurve: Sendable, Equatable {
  /// The level of each stretch in decibels, 0 for a mean square of 1.
  public let levels: [Float]
  /// The length of a stretch in seconds.
  public let hop: Double

  /// Levels of stretches of `hop` seconds, one after the other.
  public init(levels: [Float], hop: Double) {
    precondition(hop > 0 && hop.isFinite, "LoudnessCurve: hop \(hop) s, expected finite, > 0")
    (self.levels, self.hop) = (levels, hop)
  }

  /// The levels of a recording, those of its quietest stretches limited to what 16 bits can tell.
  ///
  /// - Parameter hop: The length of a stretch in seconds; it is rounded to whole samples.
  public init(samples: [Float], sampleRate: Int, hop: Double = 0.005) {
    precondition(
      sampleRate > 0 && hop > 0 && hop.isFinite,
      "LoudnessCurve: \(sampleRate) Hz and hop \(hop) s, expected both > 0")
    let length = max(1, Int((hop * Double(sampleRate)).rounded()))
    var levels: [Float] = []
    levels.reserveCapacity(samples.count / length + 1)
    samples.withUnsafeBufferPointer { samples in
      for start in stride(from: 0, to: samples.count, by: length) {
        let end = min(start + length, samples.count)
        var energy: Float = 0
        for index in start..<end { energy += samples[index] * samples[index] }
        levels.append(10 * log10(max(energy / Float(end - start), Self.quietest)))
      }
    }
    (self.levels, self.hop) = (levels, Double(length) / Double(sampleRate))
  }

  /// The noise of rounding to 16 bits.
  private static let quietest: Float = 1e-10

  /// The level that lies at `share` of the way from the background to the loud parts of speech.
  func level(at share: Float) -> Float {
    let sorted = levels.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return -.infinity }
    let background = sorted[Int(Double(sorted.count - 1) * 0.1)]
    let loud = sorted[Int(Double(sorted.count - 1) * 0.95)]
    return background + share * (loud - background)
  }

  /// The number of the stretch nearest to a time, or of the end.
  func index(of time: Double) -> Int {
    let place = (time / hop).rounded()
    return place > 0 ? Int(min(place, Double(levels.count))) : 0
  }
}
