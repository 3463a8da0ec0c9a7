import Yams

/// A parsed YAML file that remembers where its keys stand and which were overridden.
struct YAMLDocument {
  private(set) var root: Node
  private let file: String
  private var overrides: [(path: String, text: String)] = []

  init(_ text: String, file: String) throws(ConfigurationError) {
    self.file = file
    root = try Self.compose(text, file: file) ?? Node.mapping([:])
    if root.null != nil { root = Node.mapping([:]) }
    guard root.mapping != nil else {
      throw .inFile(
        file,
        .wrongType(key: "", found: Self.words(for: root), expected: "a mapping of keys to values"))
    }
  }

  /// Applies one `key.path=value`.
  mutating func apply(_ override: String) throws(ConfigurationError) {
    let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, path.allSatisfy({ !$0.isEmpty && !$0.contains { $0.isWhitespace } })
    else { throw .malformedOverride(override) }
    let name = "override '\(override)'"
    let value = try Self.compose(String(parts[1]), file: name) ?? Node("null", Tag(.null), .plain)
    do {
      try Self.set(value, at: path[...], in: &root, under: [])
    } catch {
      throw .inFile(name, error)
    }
    overrides.append((String(parts[0]), override))
  }

  private static func set(
    _ value: Node, at path: ArraySlice<String>, in node: inout Node, under parents: [String]
  ) throws(ConfigurationError) {
    guard let key = path.first else {
      node = value
      return
    }
    let here = parents + [key]
    switch node {
    case .mapping(var mapping):
      var child = mapping[Node(key)] ?? .mapping([:])
      try set(value, at: path.dropFirst(), in: &child, under: here)
      mapping[Node(key)] = child
      node = .mapping(mapping)
    case .sequence(var sequence):
      guard let index = Int(key), sequence.indices.contains(index) else {
        throw .unknownKey(here.joined(separator: "."), known: sequence.indices.map { "\($0)" })
      }
      try set(value, at: path.dropFirst(), in: &sequence[index], under: here)
      node = .sequence(sequence)
    case let scalar where scalar.null != nil:
      node = .mapping([:])
      try set(value, at: path, in: &node, under: parents)
    default:
      throw .wrongType(
        key: parents.joined(separator: "."), found: words(for: node),
        expected: "a mapping that holds '\(key)'")
    }
  }

  private static func compose(_ text: String, file: String) throws(ConfigurationError) -> Node? {
    do {
      return try Yams.compose(yaml: text)
    } catch let error as YamlError {
      let (line, reason) = describe(error)
      throw .unreadable(file: line.map { "\(file):\($0)" } ?? file, reason: reason)
    } catch {
      throw .unreadable(file: file, reason: "not YAML: \(error)")
    }
  }

  private static func describe(_ error: YamlError) -> (line: Int?, reason: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, "not YAML: \(problem), column \(mark.column)")
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "key given twice: \(keys.joined(separator: ", "))")
    default: (nil, "not YAML: \(error)")
    }
  }
}

// MARK: - Where an error stands

extension YAMLDocument {
  /// The error with the name of its file and line, or of the override that brought it in.
  func locate(_ error: ConfigurationError) -> ConfigurationError {
    guard let key = error.key, !key.isEmpty else { return .inFile(file, error) }
    let culprit = overrides.last {
      $0.path == key || key.hasPrefix($0.path + ".") || $0.path.hasPrefix(key + ".")
        || ($0.path.hasSuffix("." + key) && line(of: key) == nil)
    }
    if let culprit { return .inFile("override '\(culprit.text)'", error) }
    return .inFile(line(of: key).map { "\(file):\($0)" } ?? file, error)
  }

  /// What stands at a key path, in words.
  func words(at path: [any CodingKey]) -> String? {
    var node = root
    for key in path {
      switch node {
      case .mapping(let mapping):
        guard let child = mapping[Node(key.stringValue)] else { return nil }
        node = child
      case .sequence(let sequence):
        guard let index = key.intValue, sequence.indices.contains(index) else { return nil }
        node = sequence[index]
      default: return nil
      }
    }
    return Self.words(for: node)
  }

  private static func words(for node: Node) -> String {
    switch node {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "'\(scalar.string)'"
    case .alias: "an alias"
    }
  }

  /// The line of the key at a dotted path, or, for a check that knows only the end of its path, the
  /// line of the only key that ends so.
  private func line(of path: String) -> Int? {
    var lines: [String: Int] = [:]
    Self.collect(root, under: "", into: &lines)
    if let line = lines[path] { return line }
    let endings = lines.filter { $0.key.hasSuffix("." + path) }
    return endings.count == 1 ? endings.first?.value : nil
  }

  private static func collect(_ node: Node, under path: String, into lines: inout [String: Int]) {
    func visit(_ key: String, _ child: Node, at line: Int?) {
      let name = path.isEmpty ? key : "\(path).\(key)"
      lines[name] = line
      collect(child, under: name, into: &lines)
    }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        visit(key.string ?? "", value, at: key.mark?.line)
      }
    case .sequence(let sequence):
      for (index, value) in sequence.enumerated() {
        visit("\(index)", value, at: value.mark?.line)
      }
    default: break
    }
  }
}
