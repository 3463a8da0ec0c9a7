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

extension Configuration {
  /// Checks a configuration that is stored under `key` of another one, whose path errors then name.
  public func validate(under key: String) throws(ConfigurationError) {
    do {
      try validate()
    } catch {
      throw error.nested(under: key)
    }
  }
}

/// A keyed decoding container that keeps defaults for absent keys and refuses unknown ones.
public struct StrictContainer<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>

  /// Opens the container and refuses keys that `Key` does not list.
  ///
  /// - Parameter others: Keys of the same mapping that somebody else reads; nil allows any.
  public init(_ decoder: any Decoder, keyedBy: Key.Type, beside others: [String]? = []) throws {
    container = try decoder.container(keyedBy: keyedBy)
    guard let others else { return }
    let known = Set(Key.allCases.map(\.stringValue) + others)
    let all = try decoder.container(keyedBy: AnyCodingKey.self)
    for key in all.allKeys where !known.contains(key.stringValue) {
      throw ConfigurationError.unknownKey(
        (decoder.codingPath + [key]).dottedPath, known: known.sorted())
    }
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

  /// Overwrites a choice if the key is present; another word is refused with the list of choices.
  public func read<Choice>(_ key: Key, into value: inout Choice) throws
  where Choice: Decodable & RawRepresentable<String> & CaseIterable {
    if let word = try container.decodeIfPresent(String.self, forKey: key) {
      value = try choice(word, key)
    }
  }

  /// Overwrites an optional choice if the key is present; an explicit null clears it.
  public func read<Choice>(_ key: Key, into value: inout Choice?) throws
  where Choice: Decodable & RawRepresentable<String> & CaseIterable {
    guard container.contains(key) else { return }
    value = try container.decodeIfPresent(String.self, forKey: key).map { try choice($0, key) }
  }

  private func choice<Choice>(_ word: String, _ key: Key) throws -> Choice
  where Choice: RawRepresentable<String> & CaseIterable {
    if let choice = Choice(rawValue: word) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    let hint = NearMiss.suggestion(for: word, among: words).map { " (did you mean \($0)?)" } ?? ""
    throw ConfigurationError.invalid(
      key: (container.codingPath + [key]).dottedPath, found: "'\(word)'",
      expected: "one of \(words.joined(separator: ", "))\(hint)")
  }
}

extension Decoder {
  /// A strict container over this decoder; see ``StrictContainer``.
  public func strict<Key: CodingKey & CaseIterable>(
    _ type: Key.Type
  ) throws -> StrictContainer<Key> {
    try StrictContainer(self, keyedBy: type)
  }

  /// Opens a container whose mapping holds the keys of another type too.
  public func strict<Key: CodingKey & CaseIterable, Other: CodingKey & CaseIterable>(
    _ type: Key.Type, beside other: Other.Type
  ) throws -> StrictContainer<Key> {
    try StrictContainer(self, keyedBy: type, beside: other.allCases.map(\.stringValue))
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
  public var dottedPath: String {
    map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}
