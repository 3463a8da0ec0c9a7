import Decoding

/// Why a text cannot be laid over a recording.
public enum KnownTextError: Error, Equatable, CustomStringConvertible, Sendable {
  /// There is nothing but white space.
  case empty
  /// Words have characters that the model does not write.
  case unwritable(words: [String], AlphabetError)

  private static let shownWords = 8

  /// One line with the words and characters, and what to do.
  public var description: String {
    switch self {
    case .empty: "the text has no words; expected what is said in the recording"
    case .unwritable(let words, let error):
      "the text has words that the model cannot write: "
        + words.prefix(Self.shownWords).map { "'\($0)'" }.joined(separator: ", ")
        + (words.count > Self.shownWords ? " and \(words.count - Self.shownWords) more" : "")
        + "; \(error); write them as they are said, in the letters of the model"
    }
  }
}

/// A text whose times are wanted, as the labels of a model.
public struct KnownText: Sendable, Equatable {
  /// The labels of the text.
  public let labels: [Int]
  /// The words in each line that has any.
  public let wordsOfLines: [Int]

  /// Normalises a text line by line as the model's training text was, and writes it in its alphabet.
  ///
  /// Capitals become small letters if the alphabet has no capital.
  ///
  /// - Throws: `KnownTextError` with every word that cannot be written.
  public init(_ text: String, for recognizer: Recognizer) throws(KnownTextError) {
    let normalization = recognizer.configuration.text
    let delimiter = Alphabet.wordDelimiter
    let hasCapitals = recognizer.alphabet.graphemes.contains(where: \.isUppercase)
    let text = hasCapitals ? text : text.lowercased()
    let lines = text.split(whereSeparator: \.isNewline)
      .map { normalization(String($0)).split(separator: delimiter) }.filter { !$0.isEmpty }
    guard !lines.isEmpty else { throw .empty }
    wordsOfLines = lines.map(\.count)
    let words = lines.flatMap(\.self)
    do throws(AlphabetError) {
      labels = try recognizer.alphabet.encode(words.joined(separator: String(delimiter)))
    } catch {
      throw .unwritable(words: Self.unwritable(words, in: recognizer.alphabet), error)
    }
  }

  /// The words with an unknown character, each once, in order.
  private static func unwritable(_ words: [Substring], in alphabet: Alphabet) -> [String] {
    var seen: Set<Substring> = []
    return words.filter { word in
      guard seen.insert(word).inserted else { return false }
      do throws(AlphabetError) {
        _ = try alphabet.encode(String(word))
        return false
      } catch {
        return true
      }
    }.map(String.init)
  }
}
