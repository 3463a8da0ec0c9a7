import Decoding

/// A character and the samples whose transcripts hold it.
public struct CharacterOccurrences: Sendable, Equatable {
  /// The character.
  public var grapheme: Character
  /// How often it occurs.
  public var count: Int
  /// The samples in which it occurs, in their order.
  public var samples: [Sample]

  /// A character and where it occurs.
  public init(grapheme: Character, count: Int, samples: [Sample]) {
    (self.grapheme, self.count, self.samples) = (grapheme, count, samples)
  }

  /// The characters that occur fewer than `limit` times in the transcripts, the rarest first.
  ///
  /// - Parameter counts: How often each character occurs in these samples, if not only in them.
  public static func rare(
    in samples: [Sample], counts: [Character: Int], limit: Int, normalization: TextNormalization
  ) -> [CharacterOccurrences] {
    let rare = counts.filter { $0.value < limit }
    guard !rare.isEmpty else { return [] }
    var found: [Character: CharacterOccurrences] = [:]
    for sample in samples {
      let here = Alphabet.graphemeCounts(
        in: CollectionOfOne(normalization(sample.text)), unit: normalization.unit)
      for (grapheme, count) in here where rare[grapheme] != nil {
        found[grapheme, default: .init(grapheme: grapheme, count: 0, samples: [])]
          .add(count, sample)
      }
    }
    return found.values.sorted { ($0.count, $0.grapheme) < ($1.count, $1.grapheme) }
  }

  mutating func add(_ count: Int, _ sample: Sample) {
    self.count += count
    samples.append(sample)
  }

  /// The first characters of a list with their counts and files, and how many more there are.
  public static func words(
    _ list: [CharacterOccurrences], shown: Int = 10, files: Int = 3
  ) -> String {
    var parts = list.prefix(shown).map { entry in
      "\(entry.grapheme.named) × \(entry.count) in "
        + entry.samples.prefix(files).map(\.id).joined(separator: ", ")
        + (entry.samples.count > files ? ", ..." : "")
    }
    if list.count > shown { parts.append("and \(list.count - shown) more") }
    return parts.joined(separator: "; ")
  }
}
