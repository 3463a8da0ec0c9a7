/// What can be wrong with a configuration, in words that name the key.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The key is not part of the configuration.
  case unknownKey(String, known: [String])
  /// The value has the wrong type.
  case wrongType(key: String, found: String, expected: String)
  /// The value is outside what is accepted.
  case invalid(key: String, found: String, expected: String)
  /// The file cannot be read or is not YAML.
  case unreadable(file: String, reason: String)
  /// An override is not of the form `key.path=value`.
  case malformedOverride(String)
  /// An error of this kind inside a named file.
  indirect case inFile(String, ConfigurationError)

  /// One line naming the file, the key, what was found, and what to write instead.
  public var description: String {
    switch self {
    case .unknownKey(let key, let known):
      "unknown key '\(key)'\(Self.hint(for: key, among: known)); "
        + "known here: \(known.joined(separator: ", "))"
    case .wrongType(let key, let found, let expected):
      "\(Self.name(key)) is \(found); expected \(expected)"
    case .invalid(let key, let found, let expected):
      "\(Self.name(key)) is \(found); expected \(expected)"
    case .unreadable(let file, let reason):
      "\(file): \(reason)"
    case .malformedOverride(let text):
      "'\(text)' is not an override; write key.path=value, for example model.hiddenSize=128"
    case .inFile(let file, let error):
      "\(file): \(error)"
    }
  }

  private static func name(_ key: String) -> String { key.isEmpty ? "the whole" : "'\(key)'" }

  private static func hint(for key: String, among known: [String]) -> String {
    let last = String(key.split(separator: ".").last ?? "")
    return NearMiss.suggestion(for: last, among: known).map { ", did you mean \($0)?" } ?? ""
  }

  /// The dotted path of the key that is wrong, if one is.
  public var key: String? {
    switch self {
    case .unknownKey(let key, _), .wrongType(let key, _, _), .invalid(let key, _, _): key
    case .inFile(_, let error): error.key
    case .unreadable, .malformedOverride: nil
    }
  }

  /// The same error seen from a configuration that holds the faulty one under `parent`.
  public func nested(under parent: String) -> ConfigurationError {
    switch self {
    case .unknownKey(let key, let known): .unknownKey("\(parent).\(key)", known: known)
    case .wrongType(let key, let found, let expected):
      .wrongType(key: "\(parent).\(key)", found: found, expected: expected)
    case .invalid(let key, let found, let expected):
      .invalid(key: "\(parent).\(key)", found: found, expected: expected)
    case .inFile(let file, let error): .inFile(file, error.nested(under: parent))
    case .unreadable, .malformedOverride: self
    }
  }
}
