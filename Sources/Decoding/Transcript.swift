import Foundation

/// A text with the times and confidences of its words and characters.
///
/// Times are seconds, rounded to the millisecond; confidences are in `0...1`, rounded to four
/// digits. Both are always finite.
public struct Transcript: Codable, Sendable, Equatable {
  /// A piece of the text and where it was heard.
  public struct Word: Codable, Sendable, Equatable {
    /// The letters.
    public var text: String
    /// When the first letter begins, in seconds.
    public var start: Double
    /// When the last letter ends, in seconds.
    public var end: Double
    /// How sure the decoder is, in `0...1`: the geometric mean over the letters.
    public var confidence: Float

    /// A piece of text heard from `start` to `end`.
    public init(text: String, start: Double, end: Double, confidence: Float) {
      self.text = text
      self.start = Transcript.milliseconds(start)
      self.end = Transcript.milliseconds(end)
      self.confidence = Transcript.digits(confidence)
    }
  }

  /// Another reading of the same sound.
  public struct Alternative: Codable, Sendable, Equatable {
    /// Its words with one space between them.
    public var text: String
    /// The natural logarithm of what the decoder maximises.
    public var score: Double
    /// The share of this reading in the probability of all that the decoder kept, in `0...1`.
    public var confidence: Float

    /// A reading in the words of an alphabet.
    public init(_ hypothesis: Hypothesis, alphabet: Alphabet) {
      text = Transcript(hypothesis, alphabet: alphabet, frameDuration: 1).text
      score = hypothesis.score.isFinite ? hypothesis.score : -.greatestFiniteMagnitude
      confidence = Transcript.digits(hypothesis.confidence)
    }
  }

  /// A run of words that were said without a long pause: a caption, or an utterance.
  public struct Segment: Codable, Sendable, Equatable {
    /// When it begins, in seconds.
    public var start: Double
    /// When it ends, in seconds.
    public var end: Double
    /// Its words, as positions in ``Transcript/words``.
    public var words: Range<Int>
    /// How sure the decoder is of it, in `0...1`.
    public var confidence: Float
    /// The network's probability that nothing was said in it, in `0...1`; nil if nobody looked.
    public var noSpeechProbability: Float?
    /// The best readings of it, itself the first, if they were asked for.
    public var alternatives: [Alternative]?

    /// The words `words`, said from `start` to `end`.
    public init(
      start: Double, end: Double, words: Range<Int>, confidence: Float,
      noSpeechProbability: Float? = nil
    ) {
      (self.start, self.end) = (Transcript.milliseconds(start), Transcript.milliseconds(end))
      self.words = words
      self.confidence = Transcript.digits(confidence)
      self.noSpeechProbability = noSpeechProbability.map(Transcript.digits)
    }
  }

  /// The words with one space between them.
  public var text: String
  /// The words in order.
  public var words: [Word]
  /// The runs of words in order; every word is in one.
  public var segments: [Segment]
  /// Every character that was decoded, word delimiters included, in order.
  public var characters: [Word]
  /// How sure the decoder is of the whole, in `0...1`.
  public var confidence: Float

  /// A decoded sequence in the words of an alphabet.
  ///
  /// - Parameters:
  ///   - frameDuration: The seconds from one frame to the next.
  ///   - startTime: When the first frame begins, in seconds.
  public init(
    _ hypothesis: Hypothesis, alphabet: Alphabet, frameDuration: Double, startTime: Double = 0
  ) {
    precondition(
      frameDuration > 0 && frameDuration.isFinite && startTime.isFinite,
      "Transcript: frame duration \(frameDuration) s and start \(startTime) s, expected finite, > 0"
    )
    // From right to left, what comes first in the text is the last on paper.
    func word(_ pieces: ArraySlice<Alphabet.Piece>) -> Word {
      let spans = pieces.flatMap { hypothesis.spans[$0.range] }
      var text = ""
      for piece in pieces { text.append(piece.grapheme) }
      return Word(
        text: text,
        start: startTime + Double(spans.map(\.start).min() ?? 0) * frameDuration,
        end: startTime + Double(spans.map(\.end).max() ?? 0) * frameDuration,
        confidence: Confidence.mean(spans.lazy.map(\.confidence)))
    }
    let pieces = alphabet.pieces(of: hypothesis.labels)
    words = pieces.split { $0.grapheme == Alphabet.wordDelimiter }.map(word)
    characters = pieces.indices.map { word(pieces[$0...$0]) }
    text = words.map(\.text).joined(separator: " ")
    confidence = Self.digits(hypothesis.confidence)
    segments = []
    if let start = words.map(\.start).min(), let end = words.map(\.end).max() {
      segments = [
        Segment(start: start, end: end, words: words.indices, confidence: hypothesis.confidence)
      ]
    }
  }

  /// Pieces of one recording, in order, as one transcript.
  public init(joining pieces: [Transcript]) {
    words = pieces.flatMap(\.words)
    segments = []
    var first = 0
    for piece in pieces {
      for var segment in piece.segments {
        segment.words = segment.words.lowerBound + first..<segment.words.upperBound + first
        segments.append(segment)
      }
      first += piece.words.count
    }
    characters = pieces.flatMap(\.characters)
    text = pieces.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
    confidence = Self.digits(
      characters.isEmpty
        ? Confidence.mean(pieces.map(\.confidence))
        : Confidence.mean(characters.map(\.confidence)))
  }

  /// The transcript as JSON, keys sorted, always valid.
  public func json(pretty: Bool = false) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      preconditionFailure("Transcript: times and confidences are finite, yet: \(error)")
    }
  }

  static func milliseconds(_ time: Double) -> Double { (time * 1000).rounded() / 1000 }

  static func digits(_ confidence: Float) -> Float {
    confidence >= 0 ? (min(confidence, 1) * 10_000).rounded() / 10_000 : 0
  }
}
