/// The slope of every feature over time, by regression over two frames to either side.
///
/// Young et al., The HTK Book, section 5.9: d(t) = Σ n (c(t+n) - c(t-n)) / 2Σn², n = 1, 2. Before the
/// first and after the last frame the edge frame is repeated.
enum Deltas {
  static let reach = 2

  /// The slope at one frame.
  ///
  /// - Parameters:
  ///   - frame: The frame, counted from the start of the recording.
  ///   - last: The last frame that exists; frames after it repeat it.
  ///   - row: The address of the features of a frame.
  static func slope(
    at frame: Int, last: Int, size: Int, row: (Int) -> UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (next, previous) = (row(min(last, frame + 1)), row(max(0, frame - 1)))
    let (next2, previous2) = (row(min(last, frame + 2)), row(max(0, frame - 2)))
    for index in 0..<size {
      let near = next[index] - previous[index]
      let far = next2[index] - previous2[index]
      target[index] = (near + 2 * far) * 0.1
    }
  }
}
