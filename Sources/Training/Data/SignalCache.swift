import Audio
import Synchronization

/// Loads recordings at one sample rate and keeps decoded ones in memory up to a limit.
///
/// What came first stays: an epoch visits every recording once, so that dropping the oldest would
/// drop each one just before it is needed again.
public final class SignalCache: Sendable {
  /// Samples per second of all signals.
  public let sampleRate: Int
  /// At most so many bytes of samples are kept.
  public let byteLimit: Int
  /// Recordings are read to a second beyond this many seconds, so that a wrong file in a manifest
  /// does not fill the memory; see ``DatasetAudit/Rules/maximumDuration``.
  public let maximumDuration: Double

  private struct State {
    var signals: [AudioClip: [Float]] = [:]
    var byteCount = 0
  }
  private let state = Mutex(State())

  /// An empty cache.
  public init(sampleRate: Int, byteLimit: Int = 1 << 30, maximumDuration: Double = 120) {
    precondition(
      sampleRate > 0 && byteLimit >= 0 && maximumDuration > 0,
      "SignalCache: got \(sampleRate) Hz, \(byteLimit) bytes, \(maximumDuration) s, expected positive"
    )
    self.sampleRate = sampleRate
    self.byteLimit = byteLimit
    self.maximumDuration = maximumDuration
  }

  /// The bytes of samples that are kept at the moment.
  public var byteCount: Int { state.withLock { $0.byteCount } }

  /// The samples of a recording, from memory or from its file.
  ///
  /// - Throws: `AudioError` naming what is wrong with the file.
  public func signal(of clip: AudioClip) throws(AudioError) -> [Float] {
    if let signal = state.withLock({ $0.signals[clip] }) { return signal }
    let longest = maximumDuration + 1
    let signal = try AudioFile.read(
      clip.path, sampleRate: sampleRate, offset: clip.start,
      duration: clip.end.map { min($0 - clip.start, longest) } ?? longest
    ).samples
    let size = signal.count * MemoryLayout<Float>.stride
    state.withLock { state in
      guard state.byteCount + size <= byteLimit, state.signals[clip] == nil else { return }
      state.signals[clip] = signal
      state.byteCount += size
    }
    return signal
  }

  /// The samples of a recording, or of recordings strung together.
  ///
  /// - Throws: `AudioError` naming what is wrong with a file.
  public func signal(of sample: Sample) throws(AudioError) -> [Float] {
    switch sample.source {
    case .audio(let clip): return try signal(of: clip)
    case .composition(let composition):
      var signals: [[Float]] = []
      for part in composition.parts { signals.append(try signal(of: part.clip)) }
      return composition.assemble(signals, sampleRate: sampleRate)
    case .image, .strokes, .strokeComposition:
      preconditionFailure("SignalCache: got \(sample.source.words), expected a recording of sound")
    }
  }
}
