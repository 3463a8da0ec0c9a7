/// Why a picture could not be drawn or written.
public enum PictureError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The drawing library refused.
  case drawing(reason: String)
  /// The file cannot be written.
  case unwritable(file: String, reason: String)

  /// One line with the file and the reason.
  public var description: String {
    switch self {
    case .drawing(let reason): "cannot draw the picture: \(reason)"
    case .unwritable(let file, let reason): "cannot write \(file): \(reason)"
    }
  }

  /// The same error about a picture that was meant for `file`.
  func naming(_ file: String) -> PictureError {
    switch self {
    case .drawing(let reason): .unwritable(file: file, reason: reason)
    case .unwritable: self
    }
  }
}
