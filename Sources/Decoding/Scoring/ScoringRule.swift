import Configuration
import Files

/// Words that are taken for others in scoring: `won't => { won't / will not }`.
///
/// A rule is written in one line, as in NIST's global mapping files: the words, an arrow, and what
/// they become, which may have alternatives, optional words, or be `@` for nothing. Square brackets
/// around either side and the empty context `/ [ ] __ [ ]` may be there and mean nothing.
public struct ScoringRule: Codable, Sendable, Equatable {
  /// The words that are replaced.
  public let words: String
  /// What they become.
  public let replacement: String

  /// Reads a rule; nil if the text is none.
  public init?(_ text: String) {
    guard let rule = try? Self.parse(text) else { return nil }
    self = rule
  }

  private init(words: String, replacement: String) {
    (self.words, self.replacement) = (words, replacement)
  }

  /// The rule as it is written in files.
  public var description: String { "\(words) => \(replacement)" }

  /// Reads a rule that is written as text.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    do {
      self = try Self.parse(text)
    } catch {
      throw ConfigurationError.invalid(
        key: decoder.codingPath.dottedPath, found: "'\(error.found)'", expected: error.expected)
    }
  }

  /// Writes the rule as text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// The rules of a file: one a line; `;;` begins a comment, and lines that begin with `*` are the
  /// headings of global mapping files.
  ///
  /// - Throws: `ScoringError` naming the file and the line.
  public static func list(contentsOf path: String) throws(ScoringError) -> [ScoringRule] {
    var rules: [ScoringRule] = []
    for (number, line) in try TextLines.read(path).enumerated() {
      let text = Words.trimmed(Words.withoutComment(line))
      guard !text.isEmpty, text.first != "*" else { continue }
      do {
        rules.append(try parse(text))
      } catch {
        throw .malformed(
          file: path, line: number + 1, found: error.found, expected: error.expected)
      }
    }
    return rules
  }

  private struct Defect: Error {
    var found: String
    var expected: String
  }

  private static func parse(_ text: String) throws(Defect) -> ScoringRule {
    let tokens = text.split(whereSeparator: \.isWhitespace)
    let arrows = tokens.indices.filter { tokens[$0] == "=>" }
    guard arrows.count == 1, let arrow = arrows.first else {
      throw Defect(
        found: text, expected: "one rule as 'words => words', with blanks around the arrow")
    }
    let words = unbracketed(tokens[..<arrow].joined(separator: " "))
    guard !words.isEmpty, !words.contains("[") && !words.contains("]") else {
      throw Defect(found: text, expected: "one or more words before the arrow")
    }
    let right = unbracketed(try withoutContext(tokens[(arrow + 1)...]))
    guard !right.isEmpty, !right.contains("[") && !right.contains("]") else {
      throw Defect(
        found: text,
        expected: "words after the arrow, { a / b } or @, and no context but '/ [ ] __ [ ]'")
    }
    var syntax = ScoringNormalization()
    syntax.alternatives = true
    do {
      _ = try ScoringParser(syntax).items(of: right)
    } catch {
      throw Defect(found: text, expected: "braces in pairs after the arrow")
    }
    return ScoringRule(words: words, replacement: right)
  }

  /// The right side without the context of words before and after, which must be empty.
  private static func withoutContext(
    _ tokens: ArraySlice<Substring>
  ) throws(Defect) -> String {
    guard let place = tokens.firstIndex(of: "__") else { return tokens.joined(separator: " ") }
    let slash = tokens[..<place].lastIndex(of: "/")
    let context = tokens[(slash ?? tokens.startIndex)...].joined()
    guard let slash, context == "/[]__[]" else {
      throw Defect(
        found: tokens.joined(separator: " "), expected: "no context but '/ [ ] __ [ ]'")
    }
    return tokens[..<slash].joined(separator: " ")
  }

  private static func unbracketed(_ text: String) -> String {
    guard text.first == "[", text.last == "]" else { return text }
    return Words.trimmed(text.dropFirst().dropLast())
  }
}

/// Lines of text files.
enum TextLines {
  /// The lines of a UTF-8 file, without the empty one after the last line end.
  static func read(_ path: String) throws(ScoringError) -> [Substring] {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

/// Pieces of text.
enum Words {
  static func trimmed(_ text: some StringProtocol) -> String {
    let end = text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.startIndex
    return String(text[..<end].drop(while: \.isWhitespace))
  }

  /// The text before `;;`.
  static func withoutComment(_ line: Substring) -> Substring {
    var index = line.startIndex
    while let semicolon = line[index...].firstIndex(of: ";") {
      index = line.index(after: semicolon)
      if index < line.endIndex, line[index] == ";" { return line[..<semicolon] }
    }
    return line
  }
}
