import Foundation

/// Files of texts, to be scored against each other.
public enum TranscriptFile {
  /// How utterances stand in a file.
  public enum Format: String, CaseIterable, Sendable {
    /// One in each line, also in an empty one.
    case lines
    /// sclite's transcripts: the words, then `(speaker_utterance)`; `;;` begins a comment line.
    case trn
    /// JSON objects with `text`, or `pred_text`, and perhaps `id`, or `audio_filepath`, and `speaker`.
    case jsonl
    /// Kaldi's `text`: the utterance's name, then the words.
    case kaldi

    /// The format that a name tells: `.trn`, `.jsonl` or `.json`, else lines.
    public init(path: String) {
      let name = path.lowercased()
      self =
        name.hasSuffix(".trn")
        ? .trn : name.hasSuffix(".jsonl") || name.hasSuffix(".json") ? .jsonl : .lines
    }
  }

  /// One utterance of a file.
  public struct Utterance: Sendable, Equatable {
    /// Its name; nil where only its place tells it.
    public var id: String?
    /// Who speaks; nil if the file does not say.
    public var speaker: String?
    /// What is said.
    public var text: String
    /// The line, from 1.
    public var line: Int
  }

  /// One utterance of two files.
  public struct Pair: Sendable, Equatable {
    /// Its name, or its line in the reference file.
    public var id: String
    /// Who speaks; nil if the reference file does not say.
    public var speaker: String?
    /// What is said.
    public var reference: String
    /// What was written.
    public var hypothesis: String
    /// The line of the reference, from 1.
    public var line: Int

    /// One utterance with what is said and what was written.
    public init(id: String, speaker: String?, reference: String, hypothesis: String, line: Int) {
      (self.id, self.speaker, self.line) = (id, speaker, line)
      (self.reference, self.hypothesis) = (reference, hypothesis)
    }
  }

  /// The utterances of a file.
  ///
  /// - Parameter isHypothesis: Whether `pred_text` is taken before `text` where a line of JSON has both.
  /// - Throws: `ScoringError` naming the file and the line.
  public static func read(
    _ path: String, format: Format? = nil, isHypothesis: Bool = false
  ) throws(ScoringError) -> [Utterance] {
    let format = format ?? Format(path: path)
    var utterances: [Utterance] = []
    var lines: [String: Int] = [:]
    for (index, line) in try TextLines.read(path).enumerated() {
      guard let utterance = try utterance(line, index + 1, format, path, isHypothesis)
      else { continue }
      if let id = utterance.id {
        if let first = lines[id] {
          throw .duplicate(file: path, line: index + 1, id: id, first: first)
        }
        lines[id] = index + 1
      }
      utterances.append(utterance)
    }
    guard !utterances.isEmpty else { throw .empty(file: path) }
    return utterances
  }

  /// The utterances of a reference file with those of a hypothesis file: of the same name if both
  /// have names, else one after the other.
  ///
  /// - Throws: `ScoringError` if an utterance of one is not in the other.
  public static func pairs(
    reference: String, hypothesis: String, referenceFormat: Format? = nil,
    hypothesisFormat: Format? = nil
  ) throws(ScoringError) -> [Pair] {
    let references = try read(reference, format: referenceFormat)
    let hypotheses = try read(hypothesis, format: hypothesisFormat, isHypothesis: true)
    let areNamed = (references + hypotheses).allSatisfy { $0.id != nil }
    guard areNamed else {
      guard references.count == hypotheses.count else {
        throw .lengths(
          file: reference, lines: references.count, other: hypothesis,
          otherLines: hypotheses.count)
      }
      return zip(references, hypotheses).map { Pair($0, $1) }
    }
    var byName: [String: Utterance] = [:]
    for utterance in hypotheses { byName[utterance.id ?? ""] = utterance }
    var pairs: [Pair] = []
    for utterance in references {
      guard let found = byName.removeValue(forKey: utterance.id ?? "") else {
        throw .unmatched(
          id: utterance.id ?? "", file: reference, line: utterance.line, other: hypothesis)
      }
      pairs.append(Pair(utterance, found))
    }
    if let extra = hypotheses.first(where: { byName[$0.id ?? ""] != nil }) {
      throw .unmatched(
        id: extra.id ?? "", file: hypothesis, line: extra.line, other: reference)
    }
    return pairs
  }

  private static func utterance(
    _ line: Substring, _ number: Int, _ format: Format, _ path: String, _ isHypothesis: Bool
  ) throws(ScoringError) -> Utterance? {
    switch format {
    case .lines: return Utterance(text: String(line), line: number)
    case .trn:
      let text = Words.trimmed(line)
      if text.isEmpty || text.hasPrefix(";;") { return nil }
      guard text.last == ")", let open = text.lastIndex(of: "(") else {
        throw .malformed(
          file: path, line: number, found: text, expected: "words and then (speaker_utterance)")
      }
      let id = text[text.index(after: open)...].dropLast()
      guard !id.isEmpty, !id.contains(where: \.isWhitespace) else {
        throw .malformed(
          file: path, line: number, found: text,
          expected: "words and then the utterance's name in parentheses, without blanks")
      }
      return Utterance(
        id: String(id), speaker: speaker(of: id), text: Words.trimmed(text[..<open]),
        line: number)
    case .kaldi:
      let text = Words.trimmed(line)
      if text.isEmpty { return nil }
      let id = text.prefix { !$0.isWhitespace }
      return Utterance(
        id: String(id), speaker: speaker(of: id), text: Words.trimmed(text[id.endIndex...]),
        line: number)
    case .jsonl: return try object(line, number, path, isHypothesis)
    }
  }

  /// The part of an utterance's name before `_` or `-`, as sclite takes it.
  private static func speaker(of id: Substring) -> String {
    let name = id.prefix { $0 != "_" && $0 != "-" }
    return name.isEmpty ? String(id) : String(name)
  }

  /// The members of a line of JSON that matter here.
  private struct Row: Decodable {
    var text: String?
    var pred_text: String?
    var id: String?
    var audio_filepath: String?
    var image_filepath: String?
    var speaker: String?
  }

  private static func object(
    _ line: Substring, _ number: Int, _ path: String, _ isHypothesis: Bool
  ) throws(ScoringError) -> Utterance? {
    if line.allSatisfy(\.isWhitespace) { return nil }
    guard let row = try? JSONDecoder().decode(Row.self, from: Data(line.utf8)),
      let text = isHypothesis ? row.pred_text ?? row.text : row.text ?? row.pred_text
    else {
      throw .malformed(
        file: path, line: number, found: String(line.prefix(80)),
        expected: "a JSON object with 'text' or 'pred_text'")
    }
    return Utterance(
      id: row.id ?? row.audio_filepath ?? row.image_filepath, speaker: row.speaker, text: text,
      line: number)
  }
}

extension TranscriptFile.Pair {
  fileprivate init(
    _ reference: TranscriptFile.Utterance, _ hypothesis: TranscriptFile.Utterance
  ) {
    self.init(
      id: reference.id ?? "\(reference.line)", speaker: reference.speaker,
      reference: reference.text, hypothesis: hypothesis.text, line: reference.line)
  }
}
