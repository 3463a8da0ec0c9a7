#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes from a pipe under the seekable interface that libsndfile wants.
///
/// A regular file whose header must be corrected is read through it, too.
///
/// Seeking only moves a number; bytes are taken from the pipe when they are read. What was read
/// before ``headerIsDone()`` is kept, so that the header can be visited twice; the samples after it
/// are read once, forwards, and nothing is kept. A recording of any length thus needs little memory.
final class PipeReader {
  private let descriptor: Descriptor
  private var prefix: [UInt8] = []
  private var consumed = 0
  private var retaining = true
  private var correction: (offset: Int, bytes: [UInt8]) = (0, [])
  var position = 0
  /// The length that libsndfile is told.
  var length = PipeReader.unknownLength
  /// The first failure of the system, which libsndfile would only report as an early end.
  private(set) var failure: AudioError?

  static let unknownLength = 1 << 50
  /// A header larger than this is not kept.
  static let headerLimit = 1 << 24

  private typealias Bytes = UnsafeMutableRawBufferPointer
  private let scratch = Bytes.allocate(byteCount: 1 << 16, alignment: 16)

  init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  deinit { scratch.deallocate() }

  /// Up to `count` bytes at `offset` of the part that is kept.
  func peek(_ offset: Int, _ count: Int) throws(AudioError) -> [UInt8] {
    guard offset < Self.headerLimit else { return [] }
    let end = min(offset + count, Self.headerLimit)
    while prefix.count < end {
      let bytes = try readScratch(Self.headerLimit - prefix.count)
      if bytes.isEmpty { break }
      prefix += bytes
    }
    consumed = max(consumed, prefix.count)
    return offset < prefix.count ? Array(prefix[offset..<min(end, prefix.count)]) : []
  }

  /// Replaces four bytes by a number, the lowest first, wherever they are read.
  func correct(at offset: Int, to value: UInt32) {
    correction = (offset, (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }

  /// Begins to forget what is read from now on.
  func headerIsDone() { retaining = false }

  /// All of the pipe, written to a nameless file.
  func spool(limit: Int) throws(AudioError) -> Descriptor {
    let file = try Descriptor.temporary(name: descriptor.name)
    try prefix.withUnsafeBufferPointer { bytes throws(AudioError) in
      try file.write(UnsafeRawBufferPointer(bytes))
    }
    var total = prefix.count
    while true {
      let bytes = try readScratch()
      if bytes.isEmpty { break }
      total += bytes.count
      guard total <= limit else { throw .tooLarge(file: descriptor.name, limit: limit) }
      try file.write(UnsafeRawBufferPointer(rebasing: bytes))
    }
    guard lseek(file.number, 0, SEEK_SET) == 0 else {
      throw .unreadable(file: descriptor.name, reason: systemMessage(errno))
    }
    return file
  }

  /// Up to `count` bytes from the pipe into `scratch`.
  private func readScratch(_ count: Int = .max) throws(AudioError) -> Slice<Bytes> {
    let got = try descriptor.read(scratch.baseAddress!, min(count, scratch.count))
    return scratch[..<got]
  }

  /// The read function of libsndfile: up to `count` bytes at the position, fewer only at the end.
  func read(_ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
    do throws(AudioError) {
      if retaining, position + count <= Self.headerLimit { _ = try peek(position, count) }
      let start = position
      let got = try fill(target, count)
      for (index, byte) in correction.bytes.enumerated() {
        let place = correction.offset + index - start
        if (0..<got).contains(place) {
          target.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
        }
      }
      return got
    } catch {
      failure = failure ?? error
      return 0
    }
  }

  private func fill(_ target: UnsafeMutableRawPointer, _ count: Int) throws(AudioError) -> Int {
    var done = 0
    if position < prefix.count {
      done = min(count, prefix.count - position)
      prefix.withUnsafeBytes {
        target.copyMemory(from: $0.baseAddress! + position, byteCount: done)
      }
      position += done
    }
    if done < count { try skipAhead() }
    while done < count {
      let got = try descriptor.read(target + done, count - done)
      if got == 0 { break }
      consumed += got
      position += got
      done += got
    }
    return done
  }

  /// Reads over what was jumped over, so that the pipe stands at the position.
  private func skipAhead() throws(AudioError) {
    guard position >= consumed else {
      throw .unreadable(
        file: descriptor.name, reason: "its header is longer than \(Self.headerLimit) bytes")
    }
    while consumed < position {
      let bytes = try readScratch(position - consumed)
      if bytes.isEmpty { return }
      consumed += bytes.count
    }
  }

  /// Whether the pipe has nothing after what was read.
  func isAtEnd() -> Bool {
    var byte: UInt8 = 0
    return read(&byte, 1) == 0
  }
}
