/// A piece of a transcript whose place in the recording is known.
public struct KnownCut: Sendable, Equatable {
  /// What is said: a word, or several if only the ends of them all are known.
  public var text: String
  /// When it begins, in seconds from the start of the sample.
  public var start: Double
  /// When it ends, in seconds.
  public var end: Double

  /// `text`, said from `start` to `end`.
  public init(text: String, start: Double, end: Double) {
    (self.text, self.start, self.end) = (text, start, end)
  }
}

extension KnownCut {
  /// The cuts of a manifest's `words`, a list of objects with `word`, `start` and `end`.
  ///
  /// A value of another form has another meaning and gives none.
  ///
  /// - Throws: What was found and expected, where a word has no times or ends before it starts.
  static func list(_ value: JSONValue?) throws(KnownCutError) -> [KnownCut] {
    guard case .array(let members)? = value else { return [] }
    var cuts: [KnownCut] = []
    for member in members {
      guard case .object(let fields) = member, case .string(let text)? = fields["word"] else {
        return []
      }
      guard case .number(let start)? = fields["start"], case .number(let end)? = fields["end"],
        start >= 0, end >= start, end.isFinite
      else { throw KnownCutError(word: text) }
      cuts.append(KnownCut(text: text, start: start, end: end))
    }
    return cuts
  }

  /// The members of ``list(_:)`` as JSON.
  static func json(_ cuts: [KnownCut]) -> String {
    let members = cuts.map { cut in
      "{\"word\": \(JSONValue.quoted(cut.text)), \"start\": \(cut.start), "
        + "\"end\": \(cut.end)}"
    }
    return "[" + members.joined(separator: ", ") + "]"
  }

  /// The same with times to a tenth of a millisecond.
  var rounded: KnownCut {
    func digits(_ time: Double) -> Double { (time * 10_000).rounded() / 10_000 }
    return KnownCut(text: text, start: digits(start), end: digits(end))
  }
}

/// A word of a manifest's `words` without usable times.
struct KnownCutError: Error {
  /// The word.
  let word: String
}
