#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well a model foretells a text.
public struct Perplexity: Sendable, Equatable {
  /// The number of sentences, each with its end.
  public var sentenceCount = 0
  /// The number of words or characters, ends of sentences not among them.
  public var symbolCount = 0
  /// How many of them the model does not know.
  public var unknownCount = 0
  /// log₁₀ of the probability of everything.
  public var logProbability = 0.0
  /// log₁₀ of the probability of what the model knows, in its context.
  public var knownLogProbability = 0.0

  /// The perplexity per symbol, ends of sentences counted, unknown symbols as `<unk>`.
  public var includingUnknown: Double {
    pow(10, -logProbability / Double(max(1, symbolCount + sentenceCount)))
  }

  /// The perplexity per symbol that the model knows, ends of sentences counted.
  public var excludingUnknown: Double {
    pow(10, -knownLogProbability / Double(max(1, symbolCount + sentenceCount - unknownCount)))
  }

  /// The share of symbols that the model does not know.
  public var unknownRate: Double { Double(unknownCount) / Double(max(1, symbolCount)) }

  /// Adds one sentence.
  mutating func add(_ sentence: [UInt32], _ model: NGramModel) {
    var state = model.begin
    for word in sentence {
      let (score, next) = model.score(state, word)
      state = next
      add(score, isKnown: word != NGramModel.unknown)
    }
    add(model.score(state, NGramModel.end).0, isKnown: true)
    sentenceCount += 1
    symbolCount += sentence.count
  }

  private mutating func add(_ score: Float, isKnown: Bool) {
    logProbability += Double(score)
    if isKnown { knownLogProbability += Double(score) } else { unknownCount += 1 }
  }
}

extension NGramModel {
  /// Reads text files line by line, each a sentence, and returns how well the model foretells them.
  ///
  /// - Throws: ``NGramError``.
  public func perplexity(of paths: [String]) throws(NGramError) -> Perplexity {
    var result = Perplexity()
    var numbering = ModelNumbering(model: self)
    var ids: [UInt32] = []
    for path in paths {
      var reader = try SentenceReader(path, unit: unit)
      while try reader.next(&numbering, into: &ids) { result.add(ids, self) }
    }
    guard result.sentenceCount > 0 else { throw .noText(files: paths) }
    return result
  }
}

/// The numbers of a finished model.
private struct ModelNumbering: WordNumbering {
  let model: NGramModel

  mutating func number(of word: UnsafeRawBufferPointer) -> UInt32? { model.id(of: word) }
}
