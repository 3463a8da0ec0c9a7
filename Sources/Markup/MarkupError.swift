import Files

/// What can be wrong with an XML file, in words that name the file, the line, what was found, what
/// was expected, and what to do.
public enum MarkupError: Error, Equatable {
  /// The system did not open or read the file.
  case file(FileError)
  /// The file has no bytes.
  case empty(file: String)
  /// The bytes are not well-formed XML; the reason is the parser's.
  case malformed(file: String, line: Int, reason: String)
  /// The document type declares an entity; entities are never expanded.
  case entityDeclaration(file: String, line: Int, name: String)
  /// The document type declares the value of attributes that the elements leave out.
  case attributeDefault(file: String, line: Int, element: String, attribute: String)
  /// An entity other than the five of XML itself is used.
  case entityReference(file: String, line: Int, name: String)
  /// Elements are nested deeper than ``MarkupLimits/depth``.
  case tooDeep(file: String, line: Int, limit: Int)
  /// A tag, a comment or a text is longer than ``MarkupLimits`` allow.
  case tooLong(file: String, line: Int, part: String, limit: Int)
  /// More names of elements and attributes than any kind of file has.
  case tooManyNames(file: String, line: Int, limit: Int)

  /// The file that the error is about.
  public var path: String {
    switch self {
    case .file(let error): error.path
    case .empty(let file), .malformed(let file, _, _), .entityDeclaration(let file, _, _),
      .attributeDefault(let file, _, _, _), .entityReference(let file, _, _),
      .tooDeep(let file, _, _), .tooLong(let file, _, _, _),
      .tooManyNames(let file, _, _):
      file
    }
  }
}

extension MarkupError: CustomStringConvertible {
  /// One line: the file and its line, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .empty(let file):
      "\(file): is empty (0 bytes), expected XML; export or copy it again"
    case .malformed(let file, let line, let reason):
      "\(file):\(line): found \(reason), expected well-formed XML; export or copy it again"
    case .entityDeclaration(let file, let line, let name):
      "\(file):\(line): declares the entity '\(name)', expected none; "
        + "replace its uses by its text and remove the declaration"
    case .attributeDefault(let file, let line, let element, let attribute):
      "\(file):\(line): declares a default for the attribute '\(attribute)' of '\(element)', "
        + "expected none; write the value where it is meant"
    case .entityReference(let file, let line, let name):
      "\(file):\(line): uses the entity '&\(name);', expected only &amp; &lt; &gt; &quot; &apos; "
        + "or character references such as &#233;; replace it by its text"
    case .tooDeep(let file, let line, let limit):
      "\(file):\(line): elements nested more than \(limit) deep; "
        + "the file is damaged or not of the kind expected"
    case .tooManyNames(let file, let line, let limit):
      "\(file):\(line): more than \(limit) different names of elements and attributes; "
        + "the file is damaged or not of the kind expected"
    case .tooLong(let file, let line, let part, let limit):
      "\(file):\(line): \(part) of more than \(limit) bytes, expected less; "
        + "the file is damaged or not of the kind expected"
    }
  }
}
