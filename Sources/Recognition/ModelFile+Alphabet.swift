import Decoding
import ModelFiles
import Tensors

extension ModelFile {
  /// The parameters of the last layer, which have a row for each label, in every ``SequenceModel``.
  private static let outputNames = ["output.weight", "output.bias"]

  /// Gives the last layer a row for each label of another alphabet.
  ///
  /// Rows of characters that both alphabets have, and that of the blank, are moved bit for bit to their
  /// new labels; the other rows are those of `drawn`. Tensors that are not what a network of the old
  /// alphabet has are left, so that ``load(into:)`` names them.
  ///
  /// - Parameter drawn: A network for the new alphabet, with the weights to begin with.
  public mutating func replaceAlphabet(
    _ old: Alphabet, by new: Alphabet, drawn: some SequenceModel
  ) {
    var origins = [Alphabet.blank as Int?]
    origins += new.graphemes.map { old.label(of: $0) }
    let fresh = Dictionary(drawn.namedParameters.map { ($0.path, $0.parameter.value) }) { a, _ in a
    }
    for index in tensors.indices where Self.outputNames.contains(tensors[index].name) {
      let stored = tensors[index].tensor
      guard let target = fresh[tensors[index].name],
        stored.shape.extents == [old.labelCount] + target.shape.extents.dropFirst(),
        target.shape[0] == new.labelCount
      else { continue }
      tensors[index].tensor = Self.rows(of: stored, origins, otherwise: target)
    }
  }

  /// A tensor whose row *k* is row `origins[k]` of `stored`, or row *k* of `fresh` if that is nil.
  private static func rows(
    of stored: Tensor, _ origins: [Int?], otherwise fresh: Tensor
  ) -> Tensor {
    let (old, new) = (stored.scalars, fresh.scalars)
    let width = new.count / origins.count
    var scalars: [Float] = []
    scalars.reserveCapacity(new.count)
    for (row, origin) in origins.enumerated() {
      if let origin {
        scalars += old[origin * width..<(origin + 1) * width]
      } else {
        scalars += new[row * width..<(row + 1) * width]
      }
    }
    return Tensor(scalars, shape: fresh.shape)
  }
}
