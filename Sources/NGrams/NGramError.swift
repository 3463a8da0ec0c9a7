import Files

/// What can be wrong with a language model, with the text of one, or with a wish for one.
public enum NGramError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The system did not open, read or write a file.
  case file(FileError)
  /// A line of an ARPA file is not as it should be.
  case arpa(file: String, line: Int, ARPAProblem)
  /// A binary model is cut, changed or of another version.
  case damaged(file: String, reason: String)
  /// A line of a text cannot be used.
  case text(file: String, line: Int, reason: String)
  /// The files hold not one word.
  case noText(files: [String])
  /// More than a model can hold.
  case tooLarge(what: String, found: Int, limit: Int)
  /// An option of the estimation has a value that makes no sense.
  case option(name: String, found: String, expected: String)

  /// One line naming the file and line, what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .arpa(let file, let line, let problem): "\(file):\(line): \(problem)"
    case .damaged(let file, let reason):
      "\(file): \(reason); make the model again or copy it anew"
    case .text(let file, let line, let reason): "\(file):\(line): \(reason)"
    case .noText(let files):
      "\(files.joined(separator: ", ")): no words were found; expected lines of text"
    case .tooLarge(let what, let found, let limit):
      "found \(found) \(what); a model holds at most \(limit); prune more or use less text"
    case .option(let name, let found, let expected):
      "\(name): found \(found); expected \(expected)"
    }
  }
}

/// What can be wrong with a line of an ARPA file.
public enum ARPAProblem: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file ended, or another section began, before this one.
  case missingSection(String)
  /// Something else than what has to come here.
  case unexpected(found: String, expected: String)
  /// The header states a different number of n-grams than follow.
  case wrongCount(order: Int, stated: Int, found: Int)
  /// The header states more n-grams, or longer ones, than a model holds.
  case tooLarge(found: Int, limit: Int, what: String)
  /// A line has more or fewer words than the n-grams of its section.
  case wrongFieldCount(order: Int, found: Int, backoffAllowed: Bool)
  /// Not a finite decimal number.
  case notANumber(String)
  /// A probability above one.
  case positiveProbability(String)
  /// A word that the 1-grams lack.
  case unknownWord(String)
  /// The n-gram without its last word is not in the file.
  case missingContext(String)
  /// The n-gram was there before.
  case duplicate(String)
  /// A word that every model has is not among the 1-grams.
  case missingWord(String)
  /// Bytes that are no UTF-8.
  case notUTF8
  /// A line too long for a text file.
  case tooLong

  /// What was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .missingSection(let name): "the file has no \(name); it may have been cut"
    case .unexpected(let found, let expected): "found '\(found)', expected \(expected)"
    case .wrongCount(let order, let stated, let found):
      "found \(found) \(order)-grams, the header states \(stated); correct 'ngram \(order)='"
    case .tooLarge(let found, let limit, let what):
      "found \(found) as \(what); at most \(limit) is supported"
    case .wrongFieldCount(let order, let found, let backoffAllowed):
      "found \(found) fields, expected a log-probability, \(order) words"
        + (backoffAllowed ? " and perhaps a back-off" : " and nothing more")
    case .notANumber(let found): "found '\(found)', expected a finite number"
    case .positiveProbability(let found):
      "found the log-probability \(found), expected at most 0"
    case .unknownWord(let word): "'\(word)' is not among the 1-grams; add it there"
    case .missingContext(let words): "the context '\(words)' is no n-gram; add it"
    case .duplicate(let words): "the n-gram '\(words)' is listed twice; remove one"
    case .missingWord(let word): "the 1-grams lack '\(word)'; add it"
    case .notUTF8: "found bytes that are not UTF-8; save the file as UTF-8"
    case .tooLong: "the line is longer than \(LineReader.longestLine >> 20) MiB"
    }
  }
}
