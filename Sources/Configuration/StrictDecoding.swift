/// A configuration that is read from YAML, checked, and stored inside a model file.
///
/// Types conform by giving every property a default in `init()`, and by decoding through
/// ``StrictContainer`` so that a misspelt key is refused instead of ignored.
public protocol Configuration: Codable, Sendable, Equatable {
  /// Checks every value against its range.
  ///
  /// - Throws: `ConfigurationError` naming the key, what was found and what is accepted.
  func validate() throws(ConfigurationError)
}

/// A keyed decoding container that keeps defaults for absent keys and refuses unknown ones.
public struct StrictContainer<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>

  /// Opens the container and refuses keys that `Key` does not list.
  public init(_ decoder: any Decoder, keyedBy: Key.Type) throws {
    let known = Set(Key.allCases.map(\.stringValue))
    let all = try decoder.container(keyedBy: AnyCodingKey.self)
    for key in all.allKeys where !known.contains(key.stringValue) {
      throw ConfigurationError.unknownKey(
        (decoder.codingPath + [key]).dottedPath, known: known.sorted())
    }
    container = try decoder.container(keyedBy: keyedBy)
  }

  /// Overwrites `value` if the key is present.
  public func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
    if let found = try container.decodeIfPresent(Value.self, forKey: key) { value = found }
  }

  /// Overwrites `value` if the key is present; an explicit null clears it.
  public func read<Value: Decodable>(_ key: Key, into value: inout Value?) throws {
    guard container.contains(key) else { return }
    value = try container.decodeIfPresent(Value.self, forKey: key)
  }
}

extension Decoder {
  /// A strict container over this decoder; see ``StrictContainer``.
  public func strict<Key: CodingKey & CaseIterable>(
    _ type: Key.Type
  ) throws -> StrictContainer<Key> {
    try StrictContainer(self, keyedBy: type)
  }
}

struct AnyCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?
  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
}

extension [any CodingKey] {
  /// The path as it is written on the command line: `model.hiddenSize`.
  public var dottedPath: String { map(\.stringValue).joined(separator: ".") }
}
