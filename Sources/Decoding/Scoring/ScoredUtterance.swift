/// One utterance with what was found in it.
public struct ScoredUtterance: Sendable, Equatable {
  /// What names it in lists.
  public var id: String
  /// Who speaks or writes; nil if that is not known.
  public var speaker: String?
  /// The alignment of its words, or of its characters.
  public var alignment: [AlignedWord]
  /// The edits of the alignment.
  public var counts: EditCounts

  /// An utterance with its alignment.
  public init(id: String, speaker: String? = nil, alignment: [AlignedWord]) {
    (self.id, self.speaker, self.alignment) = (id, speaker, alignment)
    counts = EditCounts(alignment)
  }
}
