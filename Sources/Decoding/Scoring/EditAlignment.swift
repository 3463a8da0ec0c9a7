/// Which elements of a reference and of a hypothesis belong together.
public struct EditAlignment<Element: Hashable> {
  /// One place of the alignment.
  public enum Step: Hashable {
    /// Both have the element.
    case match(Element)
    /// The hypothesis has another element.
    case substitution(reference: Element, hypothesis: Element)
    /// The hypothesis lacks the element.
    case deletion(Element)
    /// Only the hypothesis has the element.
    case insertion(Element)
  }

  /// The places in order.
  public let steps: [Step]

  /// The cheapest alignment; by default the one of fewest edits and, among those, of fewest
  /// substitutions, whose counts are those of ``EditCounts``.
  ///
  /// Where a choice is left, substitutions and matches stand as late as possible; then deletions
  /// after insertions, or by sclite's method insertions after deletions.
  ///
  /// - Complexity: O(*n* · *m*) time, and as many bytes of memory.
  @inlinable
  public init(
    reference: some Sequence<Element>, hypothesis: some Sequence<Element>,
    method: AlignmentMethod = .levenshtein
  ) {
    let (reference, hypothesis) = (Array(reference), Array(hypothesis))
    let (a, b) = EditDistance.numbered(reference, hypothesis)
    var (i, j) = (0, 0)
    steps = EditDistance.moves(a, b, method).map { move in
      switch move {
      case .diagonal:
        (i, j) = (i + 1, j + 1)
        return a[i - 1] == b[j - 1]
          ? .match(reference[i - 1])
          : .substitution(reference: reference[i - 1], hypothesis: hypothesis[j - 1])
      case .down:
        i += 1
        return .deletion(reference[i - 1])
      case .right:
        j += 1
        return .insertion(hypothesis[j - 1])
      }
    }
  }

  /// The number of edits of each kind.
  public var counts: EditCounts {
    steps.reduce(into: EditCounts()) { counts, step in
      switch step {
      case .match: counts.matches += 1
      case .substitution: counts.substitutions += 1
      case .deletion: counts.deletions += 1
      case .insertion: counts.insertions += 1
      }
    }
  }
}

extension EditAlignment: Sendable where Element: Sendable {}
extension EditAlignment.Step: Sendable where Element: Sendable {}

extension EditDistance {
  /// One move through the matrix whose rows are the reference.
  @usableFromInline
  enum Move: UInt8 { case diagonal, down, right }

  @usableFromInline
  static func moves(_ a: [Int32], _ b: [Int32], _ method: AlignmentMethod) -> [Move] {
    // Ends that are the same may be matched without a search, but not always as sclite matches them.
    let (prefix, suffix) = method == .levenshtein ? commonEnds(a, b) : (0, 0)
    let inner = innerMoves(
      Array(a[prefix..<a.count - suffix]), Array(b[prefix..<b.count - suffix]), method.weights)
    return [Move](repeating: .diagonal, count: prefix) + inner
      + [Move](repeating: .diagonal, count: suffix)
  }

  private static func innerMoves(
    _ a: [Int32], _ b: [Int32], _ weights: AlignmentWeights
  ) -> [Move] {
    let table = moveTable(a, b, weights)
    var (i, j, moves) = (a.count, b.count, [Move]())
    while i > 0 || j > 0 {
      let move: Move =
        i == 0 ? .right : j == 0 ? .down : Move(rawValue: table[(i - 1) * b.count + j - 1])!
      moves.append(move)
      if move != .right { i -= 1 }
      if move != .down { j -= 1 }
    }
    return moves.reversed()
  }

  /// The last move of the best way to each inner cell.
  private static func moveTable(
    _ a: [Int32], _ b: [Int32], _ weights: AlignmentWeights
  ) -> [UInt8] {
    var row = (0...b.count).map { $0 * weights.insertion }
    return [UInt8](unsafeUninitializedCapacity: a.count * b.count) { table, count in
      count = a.count * b.count
      for i in a.indices {
        var diagonal = row[0]
        row[0] += weights.deletion
        for j in b.indices {
          let (down, right) = (row[j + 1] + weights.deletion, row[j] + weights.insertion)
          var best = diagonal + (a[i] == b[j] ? 0 : weights.substitution)
          var move = Move.diagonal
          if weights.prefersInsertions, right < best { (best, move) = (right, .right) }
          if down < best { (best, move) = (down, .down) }
          if right < best { (best, move) = (right, .right) }
          diagonal = row[j + 1]
          row[j + 1] = best
          table.initializeElement(at: i * b.count + j, to: move.rawValue)
        }
      }
    }
  }
}
