/// How many edits turn a reference into a hypothesis.
public struct EditCounts: Codable, Sendable, Equatable {
  /// Elements of the reference that the hypothesis has in place.
  public var matches = 0
  /// Elements of the reference that the hypothesis has as something else.
  public var substitutions = 0
  /// Elements of the reference that the hypothesis lacks.
  public var deletions = 0
  /// Elements of the hypothesis that the reference lacks.
  public var insertions = 0

  /// No edits of nothing.
  public init() {}

  /// These numbers of edits.
  public init(matches: Int, substitutions: Int, deletions: Int, insertions: Int) {
    (self.matches, self.substitutions) = (matches, substitutions)
    (self.deletions, self.insertions) = (deletions, insertions)
  }

  /// The number of elements of the reference.
  public var referenceCount: Int { matches + substitutions + deletions }
  /// The number of edits.
  public var errors: Int { substitutions + deletions + insertions }

  /// The errors per element of the reference; over 1 if much was inserted.
  ///
  /// An empty reference counts as one element, so that what was inserted still counts.
  public var rate: Double { Double(errors) / Double(max(1, referenceCount)) }

  /// The counts of two pairs together.
  public static func + (left: EditCounts, right: EditCounts) -> EditCounts {
    EditCounts(
      matches: left.matches + right.matches,
      substitutions: left.substitutions + right.substitutions,
      deletions: left.deletions + right.deletions, insertions: left.insertions + right.insertions)
  }
}

extension EditCounts {
  /// The fewest edits between two sequences and, among equally few, the fewest substitutions.
  ///
  /// The distance is that of Levenshtein 1966. Preferring an insertion and a deletion to two
  /// substitutions keeps as many matches as possible, as NIST's sclite does.
  ///
  /// - Complexity: O(*n* · *m*) time, O(*n* + *m*) memory.
  @inlinable
  public init<Element: Hashable>(
    reference: some Sequence<Element>, hypothesis: some Sequence<Element>
  ) {
    let (a, b) = EditDistance.numbered(Array(reference), Array(hypothesis))
    self = EditDistance.counts(a, b)
  }
}

/// The recursions behind ``EditCounts`` and ``EditAlignment``, on elements replaced by numbers.
@usableFromInline
enum EditDistance {
  /// An edit weighs this much, and one more if it is a substitution: the sum orders alignments by
  /// errors, then by substitutions.
  static let edit = 1 << 32

  /// Equal elements get equal numbers.
  @inlinable
  static func numbered<Element: Hashable>(_ a: [Element], _ b: [Element]) -> ([Int32], [Int32]) {
    var numbers: [Element: Int32] = [:]
    func number(_ element: Element) -> Int32 {
      if let known = numbers[element] { return known }
      let next = Int32(numbers.count)
      numbers[element] = next
      return next
    }
    return (a.map { number($0) }, b.map { number($0) })
  }

  @usableFromInline
  static func counts(_ reference: [Int32], _ hypothesis: [Int32]) -> EditCounts {
    let (prefix, suffix) = commonEnds(reference, hypothesis)
    let a = reference[prefix..<reference.count - suffix]
    let b = hypothesis[prefix..<hypothesis.count - suffix]
    let cost = lastCost(Array(a), Array(b))
    let (errors, substitutions) = (cost / edit, cost % edit)
    // Insertions and deletions have this sum, and the difference of the lengths.
    let deletions = (errors - substitutions - b.count + a.count) / 2
    return EditCounts(
      matches: reference.count - substitutions - deletions, substitutions: substitutions,
      deletions: deletions, insertions: errors - substitutions - deletions)
  }

  /// How much of both ends is the same; matching it is never worse.
  static func commonEnds(_ a: [Int32], _ b: [Int32]) -> (prefix: Int, suffix: Int) {
    let shorter = min(a.count, b.count)
    var prefix = 0
    while prefix < shorter, a[prefix] == b[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix, a[a.count - 1 - suffix] == b[b.count - 1 - suffix] {
      suffix += 1
    }
    return (prefix, suffix)
  }

  private static func lastCost(_ a: [Int32], _ b: [Int32]) -> Int {
    var row = (0...b.count).map { $0 * edit }
    row.withUnsafeMutableBufferPointer { row in
      for element in a {
        var diagonal = row[0]
        row[0] += edit
        var left = row[0]
        for j in b.indices {
          let above = row[j + 1]
          let across = diagonal + (b[j] == element ? 0 : edit + 1)
          left = min(across, min(above, left) + edit)
          diagonal = above
          row[j + 1] = left
        }
      }
    }
    return row[b.count]
  }
}
