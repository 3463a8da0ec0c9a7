/// Which of the many alignments of two texts is taken.
///
/// Both methods find the cheapest alignment by dynamic programming; they differ in what edits cost.
/// The fewest errors are what error rates are usually computed with. By NIST's weights two
/// substitutions are dearer than an insertion and a deletion, as they are among alignments of equally
/// few errors, and five are dearer than three pairs of them too: `a b c d e` against `d e x y z` has
/// five errors, and sclite finds six, for the two words that then match. So sclite's errors are
/// never fewer, and seldom more.
public enum AlignmentMethod: String, Codable, CaseIterable, Sendable {
  /// The fewest errors, and among those the fewest substitutions (Levenshtein 1966).
  case levenshtein
  /// The least sum where a substitution costs 4, an insertion 3 and a deletion 3, as in NIST's sclite;
  /// where sums are equal, the alignment that sclite takes.
  case sclite

  var weights: AlignmentWeights {
    switch self {
    case .levenshtein:
      // The sum orders alignments by errors, then by substitutions.
      AlignmentWeights(
        substitution: EditDistance.edit + 1, insertion: EditDistance.edit,
        deletion: EditDistance.edit, optional: 0, prefersInsertions: false)
    case .sclite:
      AlignmentWeights(
        substitution: 4, insertion: 3, deletion: 3, optional: 2, prefersInsertions: true)
    }
  }
}

/// What the edits of an alignment cost.
struct AlignmentWeights: Equatable {
  var substitution: Int
  var insertion: Int
  var deletion: Int
  /// An insertion or a deletion of a word that may be left out.
  var optional: Int
  /// Which of an insertion and a deletion ends an alignment where both cost the same.
  var prefersInsertions: Bool
}
