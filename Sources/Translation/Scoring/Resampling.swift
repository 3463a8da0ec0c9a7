/// How corpora are drawn from a corpus, with repetition, to see how far a score can be trusted.
public struct Resampling: Sendable, Equatable {
  /// How many corpora are drawn.
  public var samples: Int
  /// The seed of the drawing; the same seed draws the same corpora.
  public var seed: UInt64

  /// So many corpora from a seed.
  public init(samples: Int = 1000, seed: UInt64 = 12345) {
    precondition(samples > 0, "Resampling: \(samples) samples, expected 1 or more")
    (self.samples, self.seed) = (samples, seed)
  }
}
