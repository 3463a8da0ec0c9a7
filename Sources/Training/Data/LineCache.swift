import Ink
import Synchronization

/// Loads pictures of lines, normalises them and keeps them in memory up to a limit.
///
/// What came first stays, as in ``SignalCache``. Pages that lines are cut from are kept besides; see
/// ``PageCache``.
public final class LineCache: Sendable {
  /// What normalises the pictures.
  public let extractor: LineFeatureExtractor
  /// At most so many bytes of pixels are kept.
  public let byteLimit: Int
  /// The pages that lines are cut from.
  public let pages = PageCache()

  private struct State {
    var images: [ImageClip: GrayImage] = [:]
    var byteCount = 0
  }
  private let state = Mutex(State())

  /// An empty cache.
  public init(_ extractor: LineFeatureExtractor, byteLimit: Int = 1 << 30) {
    precondition(byteLimit >= 0, "LineCache: got \(byteLimit) bytes, expected 0 or more")
    (self.extractor, self.byteLimit) = (extractor, byteLimit)
  }

  /// The bytes of pixels that are kept at the moment.
  public var byteCount: Int { state.withLock { $0.byteCount } }

  /// The normalised picture of a line, from memory or from its file.
  ///
  /// - Throws: `SampleProblem.Reason` with what is wrong with the file.
  public func image(of clip: ImageClip) throws(SampleProblem.Reason) -> GrayImage {
    if let image = state.withLock({ $0.images[clip] }) { return image }
    let image = extractor.normalized(try clip.load(from: pages))
    state.withLock { state in
      let size = image.pixels.count
      guard state.byteCount + size <= byteLimit, state.images[clip] == nil else { return }
      state.images[clip] = image
      state.byteCount += size
    }
    return image
  }
}
