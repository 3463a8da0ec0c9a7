import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A `TrainingChild`: a training in a process of its own, which may be killed.
final class ChildProcess {
  enum End: Equatable {
    case exited(Int32)
    case killed(Int32)
  }

  private let identifier: pid_t

  /// The program beside the tests.
  static var program: String {
    get throws {
      #if os(Linux)
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
      #else
        let folder = Bundle(for: ChildProcess.self).bundleURL.deletingLastPathComponent()
      #endif
      let path = folder.appendingPathComponent("TrainingChild").path
      try #require(FileManager.default.isExecutableFile(atPath: path), "\(path)")
      return path
    }
  }

  /// Starts the program; what it prints goes to a file, or nowhere.
  init(_ arguments: [String], output: String = "/dev/null") throws {
    let program = try Self.program
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    var pointers = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var identifier: pid_t = 0
    try #require(posix_spawn(&identifier, program, &actions, nil, &pointers, environ) == 0)
    self.identifier = identifier
  }

  /// Kills it as a power cut would; it may have ended before.
  func kill() { _ = sendSignal(identifier, SIGKILL) }

  /// Waits until it has ended.
  func wait() -> End {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }
}

private func sendSignal(_ process: pid_t, _ signal: Int32) -> Int32 { kill(process, signal) }
