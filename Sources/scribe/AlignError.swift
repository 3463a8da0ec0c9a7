import Decoding
import Recognition

/// Why a text was not laid over a recording.
enum AlignError: Error, CustomStringConvertible {
  /// The file of the text cannot be read.
  case unreadable(file: String, reason: String)
  /// The text cannot be said by the model; `source` is where it came from.
  case text(source: String, KnownTextError)
  /// The recording cannot hold the text.
  case alignment(file: String, AlignmentError)

  var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .text(let source, let error): "\(source): \(error)"
    case .alignment(let file, let error): "\(file): \(error)"
    }
  }
}
