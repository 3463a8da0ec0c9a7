import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of the system that closes itself.
final class Descriptor {
  enum Kind: Equatable {
    case regular(size: Int)
    case pipe
  }

  let number: Int32
  let name: String
  let kind: Kind
  private let owned: Bool

  private init(number: Int32, name: String, kind: Kind, owned: Bool) {
    (self.number, self.name, self.kind, self.owned) = (number, name, kind, owned)
  }

  deinit { if owned { close(number) } }

  /// Opens `path` for reading; `-` is standard input.
  static func reading(_ path: String) throws(AudioError) -> Descriptor {
    if path == "-" { return try classify(STDIN_FILENO, "standard input", owned: false) }
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .opening(path, errno: errno) }
    return try classify(number, path, owned: true)
  }

  private static func classify(
    _ number: Int32, _ name: String, owned: Bool
  ) throws(AudioError) -> Descriptor {
    var status = stat()
    guard fstat(number, &status) == 0 else {
      let code = errno
      if owned { close(number) }
      throw .opening(name, errno: code)
    }
    func wrap(_ kind: Kind) -> Descriptor {
      Descriptor(number: number, name: name, kind: kind, owned: owned)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG where status.st_size == 0: throw refuse(.empty(file: name))
    case S_IFREG: return wrap(.regular(size: Int(status.st_size)))
    case S_IFIFO, S_IFSOCK: return wrap(.pipe)
    case S_IFDIR: throw refuse(.isDirectory(file: name))
    default:
      let terminal = isatty(number) == 1
      throw refuse(.notAFile(file: name, found: terminal ? "a terminal" : "a device"))
    }

    func refuse(_ error: AudioError) -> AudioError {
      if owned { close(number) }
      return error
    }
  }

  /// A nameless file in the temporary folder that disappears with its descriptor.
  static func temporary(name: String) throws(AudioError) -> Descriptor {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/scribe-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else {
      throw .unwritable(file: "temporary file in \(folder)", reason: systemMessage(errno))
    }
    unlink(template)
    return Descriptor(number: number, name: name, kind: .regular(size: 0), owned: true)
  }

  /// Up to `count` bytes into `target`; 0 at the end.
  func read(_ target: UnsafeMutableRawPointer, _ count: Int) throws(AudioError) -> Int {
    while true {
      let got = systemRead(number, target, count)
      if got >= 0 { return got }
      if errno != EINTR { throw .unreadable(file: name, reason: systemMessage(errno)) }
    }
  }

  /// All of `bytes`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(AudioError) {
    do throws(FileError) {
      try OutputFile.write(bytes, to: number, path: name)
    } catch {
      throw .unwritable(file: name, reason: error.reason)
    }
  }

  /// Up to `count` bytes at `offset` of a regular file.
  func bytes(at offset: Int, count: Int) throws(AudioError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    let got = pread(number, &result, count, off_t(offset))
    guard got >= 0 else { throw .unreadable(file: name, reason: systemMessage(errno)) }
    return Array(result[..<got])
  }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

func systemRead(_ number: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(number, target, count)
}
