import Files

/// Where a known text comes from.
enum TextSource {
  /// The argument itself.
  case argument(String)
  /// A file.
  case file(String)
  /// Standard input.
  case standardInput

  /// What an argument means: `-` is standard input, `@path` a file, anything else the text.
  init(argument: String) {
    if argument == "-" {
      self = .standardInput
    } else if argument.hasPrefix("@") {
      self = .file(String(argument.dropFirst()))
    } else {
      self = .argument(argument)
    }
  }

  /// What it is called in messages.
  var name: String {
    switch self {
    case .argument: "text"
    case .file(let path): path
    case .standardInput: StandardInput.name
    }
  }

  /// The text.
  func read() throws(AlignError) -> String {
    do throws(TextFile.Failure) {
      switch self {
      case .argument(let text): return text
      case .file(let path): return try TextFile.read(path)
      case .standardInput: return try TextFile.read("/dev/stdin")
      }
    } catch {
      throw .unreadable(file: name, reason: error.reason)
    }
  }
}
