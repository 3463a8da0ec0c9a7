import Foundation
import Testing

/// Runs the program as a user would.
struct ScribeProgram {
  /// How a run ended and what it wrote.
  struct Run {
    /// The exit code; negative if a signal ended the program.
    var code: Int32
    var output: String
    var errors: String
  }

  /// Where standard output goes.
  enum Output {
    /// Into the result of the run.
    case kept
    /// To this file.
    case file(String)
    /// Into a pipe that nobody reads.
    case closedPipe
  }

  /// The program that was built beside these tests.
  static let path: String = {
    // The tests run from a bundle in the folder of products, or from a runner that names it.
    let candidates = [
      Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent(),
      URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent(),
      CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        .map { URL(filePath: $0).deletingLastPathComponent() },
    ]
    for folder in candidates.compactMap(\.self) {
      let program = folder.appending(path: "scribe").path(percentEncoded: false)
      if FileManager.default.isExecutableFile(atPath: program) { return program }
    }
    return "scribe"
  }()

  /// Runs the program with arguments and waits for its end.
  ///
  /// - Parameters:
  ///   - input: What it finds on standard input.
  ///   - shell: Words of the shell before the program's name: `ulimit -f 1; exec`.
  static func run(
    _ arguments: [String], input: Data? = nil, output: Output = .kept,
    environment: [String: String] = [:], shell: String? = nil
  ) throws -> Run {
    try Launch(
      arguments, input: input, output: output, environment: environment, shell: shell
    ).finish()
  }

  /// A program under way.
  final class Launch {
    private let process = Process()
    private let scratch: TemporaryFolder

    /// Starts the program; see ``ScribeProgram/run(_:input:output:environment:shell:)``.
    ///
    /// - Parameter pipe: Standard input, written while the program runs, in place of `input`.
    init(
      _ arguments: [String], input: Data? = nil, pipe: Pipe? = nil, output: Output = .kept,
      environment: [String: String] = [:], shell: String? = nil
    ) throws {
      scratch = try TemporaryFolder()
      process.executableURL = URL(filePath: shell == nil ? path : "/bin/sh")
      process.arguments =
        shell.map { ["-c", "\($0) \"$0\" \"$@\"", path] + arguments } ?? arguments
      process.currentDirectoryURL = URL(filePath: scratch.path)
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      // Files instead of pipes: nothing can block, whatever the program writes.
      let kept = try handle("output")
      switch output {
      case .kept: process.standardOutput = kept
      case .file(let path):
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: path))
      case .closedPipe:
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        process.standardOutput = pipe.fileHandleForWriting
      }
      process.standardError = try handle("errors")
      if let pipe {
        process.standardInput = pipe.fileHandleForReading
      } else {
        let source = try scratch.write("input", input ?? Data())
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: source))
      }
      try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    /// What it has written to standard error so far.
    var errors: String { get throws { try scratch.text("errors") } }

    /// What it has written to standard output so far.
    var output: String { get throws { try scratch.text("output") } }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// Sends it a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end.
    func finish() throws -> Run {
      process.waitUntilExit()
      let status = process.terminationStatus
      return Run(
        code: process.terminationReason == .uncaughtSignal ? -status : status,
        output: try scratch.text("output"), errors: try scratch.text("errors"))
    }

    private func handle(_ name: String) throws -> FileHandle {
      try FileHandle(forWritingTo: URL(filePath: scratch.write(name, [])))
    }
  }
}

/// A folder that is removed with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory
      .appending(path: "scribe-program-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }

  /// A file as text; fails if it is not UTF-8.
  func text(_ name: String) throws -> String {
    try #require(String(validating: Data(contentsOf: URL(filePath: file(name))), as: UTF8.self))
  }

  /// The names in the folder.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
