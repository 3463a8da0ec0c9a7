import Files
import Yams

/// Configurations as YAML files, with overrides from the command line.
public enum ConfigurationFile {
  /// Reads a configuration, applies the overrides, and checks keys, types and ranges.
  ///
  /// An empty file is a configuration of defaults.
  ///
  /// - Parameter overrides: Texts of the form `key.path=value`, applied in order. The value is read
  ///   as YAML, so numbers, `true`, `[1, 2]` and `{a: 1}` mean what they mean in the file. Missing
  ///   mappings are created, a number in the path counts the items of a list from 0.
  /// - Throws: `ConfigurationError` that names the file, the line where there is one, the key path,
  ///   what was found and what is accepted.
  public static func load<Value: Configuration>(
    _ type: Value.Type = Value.self, path: String, overrides: [String] = []
  ) throws(ConfigurationError) -> Value {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    return try decode(type, yaml: text, file: path, overrides: overrides)
  }

  /// Reads a configuration from YAML text; `file` is the name that errors carry.
  public static func decode<Value: Configuration>(
    _ type: Value.Type = Value.self, yaml: String, file: String, overrides: [String] = []
  ) throws(ConfigurationError) -> Value {
    var document = try YAMLDocument(yaml, file: file)
    for override in overrides { try document.apply(override) }
    do {
      let value = try YAMLDecoder().decode(type, from: document.root)
      try value.validate()
      return value
    } catch {
      throw document.locate(ConfigurationError(decoding: error, found: document.words(at:)))
    }
  }

  /// The whole configuration as YAML, keys sorted, the same text for equal values.
  ///
  /// Numbers are written as short as they can be read back exactly.
  public static func yaml(of value: some Configuration) throws(ConfigurationError) -> String {
    // JSON is YAML; going through it keeps the shortest form of each number.
    let document = try YAMLDocument(try json(of: value), file: "\(type(of: value))")
    do {
      return try Yams.serialize(node: blockStyle(document.root), allowUnicode: true, sortKeys: true)
    } catch {
      throw .invalid(key: "", found: "\(error)", expected: "values that YAML can hold")
    }
  }

  /// The node as a person would write it: one key per line, short lists in brackets, no quotes
  /// around a text that reads as a text without them.
  private static func blockStyle(_ node: Node) -> Node {
    switch node {
    case .mapping(var mapping):
      mapping.style = mapping.isEmpty ? .flow : .block
      for (key, value) in mapping { mapping[key] = blockStyle(value) }
      let pairs = mapping.map { (blockStyle($0.key), $0.value) }
      return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style))
    case .sequence(var sequence):
      let simple = sequence.allSatisfy { $0.scalar != nil }
      sequence.style = simple ? .flow : .block
      for index in sequence.indices { sequence[index] = blockStyle(sequence[index]) }
      return .sequence(sequence)
    case .scalar(var scalar):
      let plain = Node(scalar.string, Tag(.implicit), .plain)
      if plain.bool == nil, plain.float == nil, plain.int == nil, plain.null == nil,
        plain.timestamp == nil
      {
        scalar.style = .any
      }
      return .scalar(scalar)
    case .alias: return node
    }
  }
}
