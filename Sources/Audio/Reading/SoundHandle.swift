import CSndFile

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open recording of libsndfile, checked, that yields interleaved frames.
final class SoundHandle {
  let name: String
  let info: AudioInfo
  private let handle: OpaquePointer
  private let isExact: Bool
  // libsndfile reads through these until the handle closes.
  private let descriptor: Descriptor
  private let pipe: PipeReader?
  private(set) var position = 0

  init(
    _ handle: OpaquePointer, _ info: AudioInfo, isExact: Bool, _ descriptor: Descriptor,
    _ pipe: PipeReader?
  ) {
    (self.handle, self.info, self.isExact) = (handle, info, isExact)
    (self.descriptor, self.pipe, self.name) = (descriptor, pipe, descriptor.name)
  }

  deinit { sf_close(handle) }

  /// Fills `block` with interleaved frames; fewer than asked for only at the end.
  ///
  /// - Throws: `AudioError` if the decoder or the system fails, or if the file ends before the
  ///   length that its header declares and `acceptTruncated` is false.
  func read(
    _ block: UnsafeMutablePointer<Float>, frames: Int, acceptTruncated: Bool
  ) throws(AudioError) -> Int {
    let got = Int(sf_readf_float(handle, block, sf_count_t(frames)))
    position += got
    guard got < frames else { return got }
    if let failure = pipe?.failure { throw failure }
    if let pipe, info.frameCount == nil, pipe.position >= pipe.length, !pipe.isAtEnd() {
      throw .tooLarge(file: name, limit: pipe.length)
    }
    if !acceptTruncated {
      let code = sf_error(handle)
      if isExact, let declared = info.frameCount, position < declared {
        throw .truncated(file: name, found: position, declared: declared, unit: .frames)
      }
      if code != 0 {
        let reason = String(cString: sf_strerror(handle))
        throw .decoding(file: name, frame: position, reason: reason)
      }
    }
    return got
  }

  /// Moves to a frame by seeking; false where the file cannot do that.
  func seek(to frame: Int) -> Bool {
    guard pipe == nil, sf_seek(handle, sf_count_t(frame), Int32(SEEK_SET)) == frame else {
      return false
    }
    position = frame
    return true
  }
}
