import Ink
import Synchronization

/// Keeps the pages that were decoded last, so that a page of thirty lines is not decoded thirty times.
public final class PageCache: Sendable {
  /// At most so many bytes of pixels are kept, and one page whatever its size.
  public let byteLimit: Int

  private typealias Page = Result<GrayImage, SampleProblem.Reason>

  /// A page that one thread decodes while the others that want it wait.
  private final class Entry: Sendable {
    let page = Mutex<Page?>(nil)
  }

  private struct State {
    var entries: [String: Entry] = [:]
    /// The pages that are kept and their bytes, the one that was asked for longest ago first.
    var order: [(path: String, byteCount: Int)] = []
    var byteCount = 0
    var decodedCount = 0
  }
  private let state = Mutex(State())

  /// An empty cache.
  public init(byteLimit: Int = 1 << 28) {
    precondition(byteLimit >= 0, "PageCache: got \(byteLimit) bytes, expected 0 or more")
    self.byteLimit = byteLimit
  }

  /// How often a file was decoded so far.
  public var decodedCount: Int { state.withLock { $0.decodedCount } }

  /// A page, from memory or from its file.
  ///
  /// - Throws: `SampleProblem.Reason` with what is wrong with the file.
  public func page(_ path: String) throws(SampleProblem.Reason) -> GrayImage {
    let entry = state.withLock { state in
      let entry = state.entries[path] ?? Entry()
      state.entries[path] = entry
      return entry
    }
    let page = entry.page.withLock { page in
      if let page { return page }
      let decoded = Page { () throws(SampleProblem.Reason) in try ImageClip.read(path) }
      page = decoded
      state.withLock { $0.decodedCount += 1 }
      return decoded
    }
    state.withLock { keep(path, (try? page.get())?.pixels.count ?? 0, in: &$0) }
    return try page.get()
  }

  /// Notes that a page was asked for, and lets go of others that are too many.
  private func keep(_ path: String, _ byteCount: Int, in state: inout State) {
    // Another thread may have let it go in the meantime.
    guard state.entries[path] != nil else { return }
    if let place = state.order.firstIndex(where: { $0.path == path }) {
      state.order.append(state.order.remove(at: place))
    } else {
      state.order.append((path, byteCount))
      state.byteCount += byteCount
    }
    while state.byteCount > byteLimit, state.order.count > 1 {
      let oldest = state.order.removeFirst()
      state.byteCount -= oldest.byteCount
      state.entries[oldest.path] = nil
    }
  }
}
