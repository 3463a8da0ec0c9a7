/// Reads a text, as scoring takes it, into its words and alternatives.
struct ScoringParser: Sendable {
  let normalization: ScoringNormalization

  init(_ normalization: ScoringNormalization) { self.normalization = normalization }

  /// The parts of a text, normalised; rules are not applied.
  func items(of text: String) throws(ScoringError) -> [WordGraph.Item] {
    guard normalization.alternatives else { return items(ofPlain: text) }
    // What is open: the texts of an alternative that are ended, and the one that is read.
    var outer: [(texts: [[WordGraph.Item]], before: [WordGraph.Item])] = []
    var current: [WordGraph.Item] = []
    for token in Self.tokens(of: text) {
      switch token {
      case "{":
        outer.append((texts: [], before: current))
        current = []
      case "/" where !outer.isEmpty:
        outer[outer.count - 1].texts.append(current)
        current = []
      case "}":
        guard let open = outer.popLast() else {
          throw .alternatives(
            place: "", text: text, found: "} without {", expected: "braces in pairs")
        }
        current = open.before + [.alternatives(open.texts + [current])]
      case "@" where !outer.isEmpty: break
      default: current += normalization.words(of: token).map { .word($0) }
      }
    }
    guard outer.isEmpty else {
      throw .alternatives(place: "", text: text, found: "{ without }", expected: "braces in pairs")
    }
    return current
  }

  /// The parts of a text in which braces are nothing special.
  func items(ofPlain text: String) -> [WordGraph.Item] {
    text.split(whereSeparator: \.isWhitespace).flatMap(normalization.words).map { .word($0) }
  }

  /// Words, with braces at their ends apart from them.
  private static func tokens(of text: String) -> [Substring] {
    text.split(whereSeparator: \.isWhitespace).flatMap { word -> [Substring] in
      let opening = word.prefix { $0 == "{" }
      let rest = word[opening.endIndex...]
      let end = rest.lastIndex { $0 != "}" }.map(rest.index(after:)) ?? rest.startIndex
      let closing = rest[end...]
      let middle = rest[..<end]
      return opening.map { Substring(String($0)) } + (middle.isEmpty ? [] : [middle])
        + closing.map { Substring(String($0)) }
    }
  }
}

/// Rules, ready to be applied.
struct ScoringRewriter: Sendable {
  /// The rules by their first word, those with more words first.
  private let rules: [String: [(words: [String], items: [WordGraph.Item])]]

  init(_ normalization: ScoringNormalization) throws(ScoringError) {
    var rightSyntax = normalization
    rightSyntax.alternatives = true
    let (left, right) = (ScoringParser(normalization.plain), ScoringParser(rightSyntax))
    var rules: [String: [(words: [String], items: [WordGraph.Item])]] = [:]
    for rule in normalization.rules {
      var words: [String] = []
      for case .word(let word) in left.items(ofPlain: rule.words) { words.append(word.text) }
      // Nothing is left of a rule for punctuation where that is taken off anyway.
      guard let first = words.first else { continue }
      let text = rule.replacement == "@" ? "" : rule.replacement
      rules[first, default: []].append((words: words, items: try right.items(of: text)))
    }
    self.rules = rules.mapValues { group in
      group.enumerated().sorted {
        ($1.element.words.count, $0.offset) < ($0.element.words.count, $1.offset)
      }.map(\.element)
    }
  }

  /// The parts with every match replaced: from left to right, the rule with the most words, and of
  /// equally long ones the first. What was put in is not looked at again.
  func callAsFunction(_ items: [WordGraph.Item]) -> [WordGraph.Item] {
    guard !rules.isEmpty else { return items }
    var result: [WordGraph.Item] = []
    var index = 0
    while index < items.count {
      switch items[index] {
      case .alternatives(let texts): result.append(.alternatives(texts.map(callAsFunction)))
      case .word(let word):
        if let rule = rules[word.text]?.first(where: { matches($0.words, items[index...]) }) {
          result += rule.items
          index += rule.words.count
          continue
        }
        result.append(items[index])
      }
      index += 1
    }
    return result
  }

  private func matches(_ words: [String], _ items: ArraySlice<WordGraph.Item>) -> Bool {
    guard items.count >= words.count else { return false }
    return zip(words, items).allSatisfy { word, item in
      if case .word(let other) = item { word == other.text } else { false }
    }
  }
}

extension ScoringNormalization {
  /// The same for words that stand for themselves.
  var plain: ScoringNormalization {
    var plain = self
    plain.alternatives = false
    return plain
  }
}
