import Ink

/// Pen recordings written one after another, from left to right.
public struct StrokeComposition: Sendable, Hashable {
  /// The recordings in order.
  public var parts: [PenRecording]
  /// The gap before each part but the first, as a multiple of the height of the writing.
  public var gaps: [Float]

  /// Recordings with the gaps between them.
  public init(parts: [PenRecording], gaps: [Float]) {
    precondition(
      gaps.count == max(0, parts.count - 1),
      "StrokeComposition: got \(gaps.count) gaps for \(parts.count) parts")
    (self.parts, self.gaps) = (parts, gaps)
  }

  /// The whole as one recording.
  public func assemble() -> PenRecording { PenRecording.concatenated(parts, gaps: gaps) }
}
