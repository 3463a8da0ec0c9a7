import Translation

/// Translations with what is right, line by line.
struct TranslationTexts {
  /// Where they stand.
  struct Files {
    var references: [String]
    var hypothesis: String
    var baseline: String?
  }

  let files: Files
  let hypotheses: [String]
  /// For each hypothesis its references.
  let references: [[String]]
  /// Another system's translations.
  let baseline: [String]?

  /// Reads files that must have the same number of lines.
  init(_ files: Files) throws(TranslationError) {
    self.files = files
    let first = try SentenceFile.read(files.references[0])
    let lines = { (path: String) throws(TranslationError) in
      let lines = try SentenceFile.read(path)
      guard lines.count == first.count else {
        throw .differentLengths(
          source: files.references[0], sourceCount: first.count, target: path,
          targetCount: lines.count)
      }
      return lines
    }
    var references = first.map { [$0] }
    for path in files.references.dropFirst() {
      for (index, line) in try lines(path).enumerated() { references[index].append(line) }
    }
    self.references = references
    hypotheses = try lines(files.hypothesis)
    baseline = if let path = files.baseline { try lines(path) } else { nil }
  }
}
