/// Sequences of labels beside each other, filled up to one length.
public struct LabelBatch: Sendable, Equatable {
  /// The labels of `[time, batch]`, one time step after another.
  public let labels: [Int]
  /// The number of labels of each sequence.
  public let frameLengths: [Int]

  /// Lays sequences beside each other; what is behind a sequence's end is `padding`.
  public init(_ sequences: [[Int]], padding: Int) {
    frameLengths = sequences.map(\.count)
    let time = frameLengths.max() ?? 0
    labels = (0..<time).flatMap { frame in
      sequences.map { frame < $0.count ? $0[frame] : padding }
    }
  }

  /// The rows of `[time · batch]` that are no padding, in their order.
  public var rows: [Int] {
    let batch = batch
    return (0..<time).flatMap { frame in
      frameLengths.indices.filter { frameLengths[$0] > frame }.map { frame * batch + $0 }
    }
  }

  /// The length of the longest sequence.
  public var time: Int { frameLengths.isEmpty ? 0 : labels.count / frameLengths.count }
  /// The number of sequences.
  public var batch: Int { frameLengths.count }
}
