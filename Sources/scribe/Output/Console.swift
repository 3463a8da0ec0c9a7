import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why results cannot be printed.
enum OutputError: Error, CustomStringConvertible {
  /// Nobody reads any more, as with `| head`.
  case closed
  /// The system refused.
  case failed(reason: String)

  var description: String {
    switch self {
    case .closed: "standard output: was closed by its reader"
    case .failed(let reason):
      "standard output: cannot be written: \(reason); free some space or redirect it elsewhere"
    }
  }
}

/// Results go to standard output, every failure to write noticed; all else to standard error.
enum Console {
  /// Whether standard error is a terminal that can redraw a line.
  static let isTerminal =
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false

  private static let hasStatus = Atomic(false)

  /// Writes a result.
  static func write(_ text: String) throws(OutputError) {
    clearStatus()
    guard let code = put(text, to: STDOUT_FILENO) else { return }
    throw code == EPIPE ? .closed : .failed(reason: String(cString: strerror(code)))
  }

  /// Tells something about the run, in one line.
  static func note(_ text: String) {
    clearStatus()
    // There is nowhere left to complain to if standard error cannot be written.
    _ = put("scribe: \(text.printable)\n", to: STDERR_FILENO)
  }

  /// Writes lines of the caller's making to standard error.
  static func explain(_ text: String) {
    clearStatus()
    _ = put(text, to: STDERR_FILENO)
  }

  /// Shows how far the work is, on a terminal, in place of the last status.
  static func status(_ text: String) {
    guard isTerminal else { return }
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let width = known ? Int(size.ws_col) - 1 : 79
    hasStatus.store(true, ordering: .relaxed)
    _ = put("\r\u{1B}[K\(text.printable.prefix(width))", to: STDERR_FILENO)
  }

  /// Takes the status away.
  static func clearStatus() {
    guard hasStatus.exchange(false, ordering: .relaxed) else { return }
    _ = put("\r\u{1B}[K", to: STDERR_FILENO)
  }

  /// Writes all of a text; returns the system's error code if it could not.
  private static func put(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = systemWrite(descriptor, piece.baseAddress, piece.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
