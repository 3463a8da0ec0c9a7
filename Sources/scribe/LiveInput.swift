import Audio
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard input behind a pipe that can be ended from within, so that what has come in so far is
/// still used after Ctrl-C.
struct LiveInput: Sendable {
  private let wake: Int32

  /// Puts the pipe in the place of standard input. Not for a terminal or another device, which stays.
  ///
  /// - Throws: `AudioError.unreadable` if the system has no more pipes.
  init?() throws(AudioError) {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT != S_IFCHR,
      status.st_mode & S_IFMT != S_IFDIR
    else { return nil }
    let source = dup(STDIN_FILENO)
    let data = try Self.pipe()
    let bell = try Self.pipe()
    guard source >= 0, dup2(data.read, STDIN_FILENO) >= 0 else { throw Self.failure() }
    close(data.read)
    wake = bell.write
    DispatchQueue(label: "scribe.live-input", qos: .userInteractive).async {
      Self.pump(from: source, to: data.write, until: bell.read)
    }
  }

  /// Ends the input.
  func stop() {
    var byte: UInt8 = 0
    _ = write(wake, &byte, 1)
  }

  private static func pump(from source: Int32, to sink: Int32, until bell: Int32) {
    var block = [UInt8](repeating: 0, count: 1 << 14)
    var files = [source, bell].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      guard poll(&files, nfds_t(files.count), -1) >= 0 else {
        if errno == EINTR { continue }
        break
      }
      if files[1].revents != 0 { break }
      guard files[0].revents != 0 else { continue }
      let count = read(source, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { Console.note("\(failure())") }
      guard count > 0, passOn(block[..<count], to: sink) else { break }
    }
    close(sink)
  }

  private static func passOn(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(sink, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return false }
      rest = rest.dropFirst(max(0, count))
    }
    return true
  }

  private static func pipe() throws(AudioError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    #if canImport(Glibc)
      let result = Glibc.pipe(&ends)
    #else
      let result = Darwin.pipe(&ends)
    #endif
    guard result == 0 else { throw failure() }
    return (ends[0], ends[1])
  }

  private static func failure() -> AudioError {
    .unreadable(file: StandardInput.name, reason: String(cString: strerror(errno)))
  }
}
