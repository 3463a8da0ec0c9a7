/// What a model remembers of the words before: the nodes of the contexts that can matter.
///
/// Two states are equal exactly if no word that follows can tell their pasts apart in this model,
/// so that hypotheses of equal states can be joined. A state belongs to the model that made it.
public struct NGramState: Hashable, Sendable {
  /// The longest context.
  static let capacity = 15
  /// No n-gram.
  static let none = UInt32.max

  /// The node of the last word, of the last two, ...; the last lane is the length.
  private var lanes = SIMD16<UInt32>(repeating: none)

  init() { lanes[Self.capacity] = 0 }

  /// The number of words in the longest context that matters.
  public var length: Int { Int(lanes[Self.capacity]) }

  /// The node of the last `count` words, or none.
  subscript(_ count: Int) -> UInt32 { lanes[count &- 1] }

  /// Remembers a context; longer ones come first.
  mutating func remember(_ node: UInt32, _ count: Int) {
    lanes[count &- 1] = node
    lanes[Self.capacity] = max(lanes[Self.capacity], UInt32(truncatingIfNeeded: count))
  }
}
