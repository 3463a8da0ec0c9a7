extension ConfigurationError {
  /// Puts whatever a decoder threw into the words of this module.
  ///
  /// - Parameter found: What stands at a key path, in words, where the source can tell.
  init(decoding error: any Error, found: ([any CodingKey]) -> String? = { _ in nil }) {
    switch error {
    case let error as ConfigurationError: self = error
    case let error as DecodingError: self.init(error, found)
    default: self = .invalid(key: "", found: "\(error)", expected: "a readable configuration")
    }
  }

  private init(_ error: DecodingError, _ found: ([any CodingKey]) -> String?) {
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      if let inner = context.underlyingError as? ConfigurationError {
        self = inner
        return
      }
      self = .wrongType(
        key: context.codingPath.dottedPath,
        found: found(context.codingPath) ?? context.debugDescription,
        expected: Self.words(for: type))
    case .keyNotFound(let key, let context):
      self = .invalid(
        key: (context.codingPath + [key]).dottedPath, found: "missing", expected: "a value")
    case .dataCorrupted(let context):
      if let inner = context.underlyingError as? ConfigurationError {
        self = inner
        return
      }
      self = .invalid(
        key: context.codingPath.dottedPath, found: found(context.codingPath) ?? "not accepted",
        expected: "a valid value (\(context.debugDescription))")
    @unknown default:
      self = .invalid(key: "", found: "\(error)", expected: "a readable configuration")
    }
  }

  /// A Swift type as the author of a configuration file would say it.
  private static func words(for type: any Any.Type) -> String {
    switch type {
    case is any FixedWidthInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    default:
      if ["Array", "Set", "Sequence"].contains(where: { "\(type)".hasPrefix($0) }) {
        "a list"
      } else {
        "a mapping of keys to values"
      }
    }
  }
}
