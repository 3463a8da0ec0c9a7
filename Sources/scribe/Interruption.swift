import ArgumentParser
import Dispatch
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns Ctrl-C into a wish to stop: the first ends the work in order, the second at once.
final class Interruption {
  /// Raised at the first SIGINT or SIGTERM.
  let flag = StopFlag()

  private let sources: [any DispatchSourceSignal]

  /// - Parameters:
  ///   - note: What the user is told at the first signal.
  ///   - action: What is done then, besides raising the flag.
  init(
    note: String? = "stopping after this step and saving; once more to stop at once",
    action: @escaping @Sendable () -> Void = {}
  ) {
    let queue = DispatchQueue(label: "scribe.interruption", qos: .userInteractive)
    let flag = flag
    sources = [SIGINT, SIGTERM].map { number in
      // Dispatch watches signals that are otherwise ignored.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if flag.isRaised { _exit(ExitCode.interrupted.rawValue) }
        flag.raise()
        if let note { Console.note(note) }
        action()
      }
      source.activate()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}
