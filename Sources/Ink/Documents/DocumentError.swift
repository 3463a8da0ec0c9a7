import Files
import Markup

/// What can be wrong with a file of transcribed pages, in words that name the file, the line, what was
/// found, what was expected, and what to do.
public enum DocumentError: Error, Equatable {
  /// The XML is not well-formed, or refused.
  case markup(MarkupError)
  /// The text file cannot be read.
  case unreadable(file: String, reason: String)
  /// The file is XML, but of another kind.
  case wrongKind(file: String, line: Int, found: String, expected: String)
  /// A part is missing, or is not what the format says.
  case invalid(file: String, line: Int, found: String, expected: String)
  /// Coordinates are in a unit of length, and the resolution of the image is not known.
  case unit(file: String, line: Int, found: String)
  /// There are more lines than any page has.
  case tooManyLines(file: String, line: Int, limit: Int)
  /// An outline does not enclose anything of its image.
  case polygon(found: String, expected: String)
}

extension DocumentError: CustomStringConvertible {
  /// One line: the file and its line, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .markup(let error): "\(error)"
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .wrongKind(let file, let line, let found, let expected):
      "\(file):\(line): found \(found), expected \(expected); "
        + "name the format that the file has, or export it again"
    case .invalid(let file, let line, let found, let expected):
      "\(file):\(line): found \(found), expected \(expected); correct the file or export it again"
    case .unit(let file, let line, let found):
      "\(file):\(line): coordinates in \(found), expected pixels; "
        + "give the resolution of the image in dots per inch, or export with pixels"
    case .tooManyLines(let file, let line, let limit):
      "\(file):\(line): more than \(limit) lines on one page, expected fewer; "
        + "the file is damaged or not a page"
    case .polygon(let found, let expected):
      "the outline of a line has \(found), expected \(expected); correct it in the page's file"
    }
  }
}
