import Layers
import Tensors

/// Sequences beside each other, filled up to one length.
public struct SequenceBatch: Sendable {
  /// What the network reads.
  public enum Input: Sendable {
    /// Labels of tokens.
    case labels(LabelBatch)
    /// `[time, batch, feature]`
    case frames(Tensor)
  }

  /// What the network reads.
  public let input: Input
  /// The steps of each sequence.
  public let frameLengths: [Int]

  /// The length of the longest sequence.
  public var time: Int { frameLengths.max() ?? 0 }

  /// Lays sequences of one kind beside each other.
  public init(_ sequences: [EncodedSequence]) {
    frameLengths = sequences.map(\.count)
    var (labels, frames): ([[Int]], [[[Float]]]) = ([], [])
    for sequence in sequences {
      switch sequence {
      case .labels(let list): labels.append(list)
      case .frames(let list): frames.append(list)
      }
    }
    precondition(
      labels.isEmpty || frames.isEmpty, "SequenceBatch: tokens beside numbers, expected one kind")
    if frames.isEmpty {
      input = .labels(LabelBatch(labels, padding: Vocabulary.padding))
    } else {
      input = .frames(Self.padded(frames))
    }
  }

  private static func padded(_ sequences: [[[Float]]]) -> Tensor {
    let time = sequences.map(\.count).max() ?? 0
    let size = sequences.first?.first?.count ?? 0
    return Tensor(unsafeUninitialized: [time, sequences.count, size]) { out in
      out.update(repeating: 0)
      for (item, frames) in sequences.enumerated() {
        for (step, frame) in frames.enumerated() {
          let place = (step * sequences.count + item) * size
          for (feature, value) in frame.enumerated() { out[place + feature] = value }
        }
      }
    }
  }

  /// Labels of each sequence's steps in the order of `[time, batch]`, `ignored` behind its end.
  public static func targets(_ labels: [[Int]], ignored: Int) -> [Int] {
    LabelBatch(labels, padding: ignored).labels
  }
}
