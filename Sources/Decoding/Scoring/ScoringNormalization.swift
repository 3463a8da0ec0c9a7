import Configuration

/// What is not held against a hypothesis when it is compared with a reference.
///
/// The conventions are those of NIST's scoring tools; by default every difference counts. Both texts
/// are treated alike.
public struct ScoringNormalization: Configuration {
  /// Whether capitals and small letters are the same.
  public var ignoreCase = false
  /// Whether punctuation is taken off; apostrophes and hyphens within a word stay, and so does what
  /// stands between two digits.
  public var ignorePunctuation = false
  /// Whether `well-known` is two words.
  public var splitHyphens = false
  /// Whether a word in parentheses, such as `(%hesitation)`, may be left out without an error.
  public var optionalWords = false
  /// Whether `wor-` matches every word that begins so, and `-ord` every word that ends so.
  public var fragments = false
  /// Whether `{ a b / c / @ }` stands for texts of which any is right; `@` is no word.
  public var alternatives = false
  /// What words are replaced by, as in a global mapping file.
  public var rules: [ScoringRule] = []

  /// Every difference counts.
  public init() {}

  /// What sclite takes for granted, with its options for optional words and fragments.
  public static var nist: ScoringNormalization {
    var normalization = ScoringNormalization()
    normalization.ignoreCase = true
    normalization.optionalWords = true
    normalization.fragments = true
    normalization.alternatives = true
    return normalization
  }

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case ignoreCase, ignorePunctuation, splitHyphens, optionalWords, fragments, alternatives, rules
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.ignoreCase, into: &ignoreCase)
    try container.read(.ignorePunctuation, into: &ignorePunctuation)
    try container.read(.splitHyphens, into: &splitHyphens)
    try container.read(.optionalWords, into: &optionalWords)
    try container.read(.fragments, into: &fragments)
    try container.read(.alternatives, into: &alternatives)
    try container.read(.rules, into: &rules)
  }

  /// Accepts every combination; rules are checked when they are read.
  public func validate() throws(ConfigurationError) {}
}

extension ScoringNormalization {
  /// The words that a piece of text without white space becomes.
  func words(of token: Substring) -> [WordGraph.Word] {
    var token = token
    var isOptional = false
    if optionalWords, token.count > 2, token.first == "(", token.last == ")" {
      token = token.dropFirst().dropLast()
      isOptional = true
    }
    let parts = splitHyphens ? Self.parts(of: token) : [token]
    return parts.compactMap { part in
      var text = ignorePunctuation ? withoutPunctuation(part) : String(part)
      if ignoreCase { text = text.lowercased() }
      guard !text.isEmpty else { return nil }
      return WordGraph.Word(
        text: text, isOptional: isOptional, fragment: fragments ? Self.fragment(text) : .none)
    }
  }

  private static func isHyphen(_ character: Character) -> Bool {
    character == "-" || character == "\u{2010}" || character == "\u{2011}"
  }

  private static func fragment(_ word: String) -> WordGraph.Fragment {
    guard word.count > 1, let first = word.first, let last = word.last else { return .none }
    if isHyphen(last) { return .beginning(String(word.dropLast())) }
    return isHyphen(first) ? .end(String(word.dropFirst())) : .none
  }

  /// The pieces between hyphens; a hyphen at an end stays, for it tells a fragment.
  private static func parts(of token: Substring) -> [Substring] {
    let inner = token.dropFirst().dropLast()
    var parts: [Substring] = []
    var start = token.startIndex
    for index in inner.indices where isHyphen(token[index]) {
      if start < index { parts.append(token[start..<index]) }
      start = token.index(after: index)
    }
    return parts + [token[start...]]
  }

  private func withoutPunctuation(_ text: Substring) -> String {
    let characters = Array(text)
    return String(
      characters.indices.filter { index in
        let character = characters[index]
        guard character.isPunctuation else { return true }
        if index == 0 {
          // The label of a sound that is no word, or the end of a word.
          return characters.count > 1
            && (character == "%" || fragments && Self.isHyphen(character))
        }
        guard index < characters.count - 1 else { return fragments && Self.isHyphen(character) }
        let (before, after) = (characters[index - 1], characters[index + 1])
        if before.isNumber && after.isNumber { return true }
        let isInner = (before.isLetter || before.isNumber) && (after.isLetter || after.isNumber)
        return isInner && (Self.isHyphen(character) || "'\u{2019}".contains(character))
      }.map { characters[$0] })
  }
}
