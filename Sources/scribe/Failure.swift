import ArgumentParser

/// A wish that cannot be granted, found only when the inputs were looked at.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension ExitCode {
  /// Wrong usage.
  static let usage = ExitCode(64)
  /// The content of an input is wrong.
  static let badData = ExitCode(65)
  /// An input does not exist or may not be read.
  static let missingInput = ExitCode(66)
  /// A fault of the program.
  static let internalError = ExitCode(70)
  /// An output cannot be created.
  static let cannotCreate = ExitCode(73)
  /// The system failed to read or write.
  static let inputOutput = ExitCode(74)
  /// Interrupted by Ctrl-C.
  static let interrupted = ExitCode(130)
  /// What a shell reports of a program whose reader went away.
  static let closedPipe = ExitCode(141)
}

/// How an error ends the program, or one input of several.
enum Failure {
  /// Prints what went wrong, or the help that was asked for, and leaves.
  static func exit(with error: any Error) -> Never {
    if let code = error as? ExitCode { leave(code) }
    if case OutputError.closed = error { leave(.closedPipe) }
    if let code = code(of: error) {
      report(error)
      leave(code)
    }
    let text = Scribe.fullMessage(for: error)
    let code = Scribe.exitCode(for: error)
    if code.isSuccess { print(text) }
    // The parser's own words, under the name of the program.
    let prefix = "Error: "
    let message = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    Console.explain("scribe: \(message)\n")
    leave(code == .failure ? .internalError : code)
  }

  /// Prints one line on standard error.
  static func report(_ error: any Error) { Console.note("\(error)") }

  private static func print(_ help: String) -> Never {
    do {
      try Console.write(help.hasSuffix("\n") ? help : help + "\n")
    } catch {
      exit(with: error)
    }
    leave(.success)
  }

  private static func leave(_ code: ExitCode) -> Never {
    Console.clearStatus()
    Scribe.exit(withError: code)
  }
}

/// The first failure among several inputs; it becomes the exit code when the others are done.
struct FirstFailure {
  private var code: ExitCode?

  /// Reports a failure and remembers the first.
  mutating func record(_ error: any Error) {
    Failure.report(error)
    code = code ?? Failure.code(of: error) ?? .internalError
  }

  /// Throws the exit code if there was a failure.
  func check() throws {
    if let code { throw code }
  }
}
