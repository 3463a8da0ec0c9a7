import Ink
import Tensors

/// Pen recordings written one after another, from left to right.
public struct StrokeComposition: Sendable, Hashable {
  /// The recordings in order.
  public var parts: [PenRecording]
  /// How far apart they are, and how they vary.
  public var spacing: StrokeConcatenation
  /// What the gaps and variations are drawn from.
  public var seed: UInt64

  /// Recordings with the gaps between them.
  public init(parts: [PenRecording], spacing: StrokeConcatenation, seed: UInt64) {
    (self.parts, self.spacing, self.seed) = (parts, spacing, seed)
  }

  /// The whole as one recording.
  public func assemble() -> PenRecording {
    var random = RandomSource(seed: seed)
    return PenRecording.concatenated(parts, spacing: spacing, random: &random)
  }
}
