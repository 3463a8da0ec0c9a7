import Tensors

/// Which frames of a batch `[time, batch, feature]` belong to its sequences and which are padding.
struct FrameGrid {
  let time: Int
  let batch: Int
  let frameLengths: [Int]

  /// Checks that there is one length per batch row and that none is longer than the batch.
  init(_ shape: Shape, frameLengths: [Int], of type: String) {
    precondition(shape.rank == 3, "\(type): got \(shape), expected [time, batch, feature]")
    (time, batch) = (shape[0], shape[1])
    precondition(
      frameLengths.count == shape[1] && frameLengths.allSatisfy { 0...shape[0] ~= $0 },
      "\(type): got frameLengths \(frameLengths) for \(shape), expected \(shape[1]) of at most "
        + "\(shape[0])")
    self.frameLengths = frameLengths
  }

  /// Whether row `time · batch + item` of the flattened tensor is a frame.
  func isValid(_ row: Int) -> Bool { row / batch < frameLengths[row % batch] }

  /// The rows that are frames, in the order of time.
  var validRows: [Int] { (0..<time * batch).filter(isValid) }
}
