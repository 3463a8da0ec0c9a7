/// Removal of the printed rules of ruled paper, of margins and of tables.
///
/// A rule is a thin straight run, looked for in the mask thickened by a pixel on both sides so that
/// the steps of a slightly slanted rule do not break it. Pieces on one straight line are taken
/// together; a rule reaches over a good part of the page. Of a rule, only columns no thicker than
/// the rule itself are taken, so that strokes which cross it stay whole.
struct RuleRemover {
  /// The part of the page's width (or height) that a rule's pieces cover together.
  private static let coverage = 0.3

  private let length: Int
  private let across: Int
  private let along: Int
  private let stepAlong: Int
  private let stepAcross: Int

  /// Takes the level rules and then the upright ones away.
  static func remove(from mask: inout InkMask) {
    RuleRemover(
      along: mask.width, across: mask.height, stepAlong: 1, stepAcross: mask.width
    ).remove(from: &mask.cells)
    RuleRemover(
      along: mask.height, across: mask.width, stepAlong: mask.width, stepAcross: 1
    ).remove(from: &mask.cells)
  }

  private init(along: Int, across: Int, stepAlong: Int, stepAcross: Int) {
    (self.along, self.across) = (along, across)
    (self.stepAlong, self.stepAcross) = (stepAlong, stepAcross)
    length = max(40, along / 18)
  }

  /// A straight piece: where it runs, and its row at both ends.
  private struct Piece {
    var start: Int
    var end: Int
    var first: Int
    var last: Int
  }

  private func remove(from cells: inout [UInt8]) {
    guard along >= 100, across >= 3 else { return }
    cells.withUnsafeMutableBufferPointer { cells in
      for group in groups(pieces(UnsafeBufferPointer(cells))) {
        guard let thickness = thickness(of: group) else { continue }
        for piece in group { erase(piece, thinnerThan: Int(thickness) + 2, cells) }
      }
    }
  }

  /// Long runs of the thickened mask, row after row.
  private func pieces(_ cells: UnsafeBufferPointer<UInt8>) -> [Piece] {
    var found: [Piece] = []
    for row in 1..<across - 1 {
      let base = row * stepAcross
      var start = -1
      var gap = 0
      for place in 0...along {
        let at = base + place * stepAlong
        let isInk =
          place < along && cells[at] | cells[at - stepAcross] | cells[at + stepAcross] != 0
        if isInk {
          if start < 0 { start = place }
          gap = 0
        } else if start >= 0 {
          gap += 1
          if gap > 2 || place == along {
            let end = place - gap + 1
            if end - start >= length {
              found.append(Piece(start: start, end: end, first: row, last: row))
            }
            start = -1
          }
        }
      }
    }
    return found
  }

  /// Pieces that continue one another.
  private func groups(_ pieces: [Piece]) -> [[Piece]] {
    // A page of rules has thousands of pieces, not millions; more is not writing.
    guard pieces.count <= 200_000 else { return [] }
    var groups: [[Piece]] = []
    var open: [Int] = []
    for piece in pieces {
      open.removeAll { index in groups[index].last.map { piece.first - $0.first > 2 } ?? true }
      if let home = open.first(where: { continues(groups[$0], piece) }) {
        groups[home].append(piece)
      } else {
        open.append(groups.count)
        groups.append([piece])
      }
    }
    return groups
  }

  /// Whether a piece lies beside or on top of one of a group's last pieces.
  private func continues(_ group: [Piece], _ piece: Piece) -> Bool {
    group.suffix(24).contains { other in
      piece.first - other.first <= 2 && piece.start <= other.end + along / 6
        && other.start <= piece.end + along / 6
    }
  }

  /// The thickness of a group that is a rule: thin, and long enough with all its pieces.
  private func thickness(of group: [Piece]) -> Double? {
    var covered = [(Int, Int)]()
    for piece in group.sorted(by: { $0.start < $1.start }) {
      if let last = covered.last, piece.start <= last.1 {
        covered[covered.count - 1].1 = max(last.1, piece.end)
      } else {
        covered.append((piece.start, piece.end))
      }
    }
    let total = covered.reduce(0) { $0 + $1.1 - $1.0 }
    let area = group.reduce(0) { $0 + $1.end - $1.start }
    // The mask was thickened by two pixels.
    let thickness = Double(area) / Double(max(1, total)) - 2
    let isRule =
      Double(total) >= Self.coverage * Double(along)
      && thickness <= max(4, Double(length) / 12)
    return isRule ? max(1, thickness) : nil
  }

  /// Clears the columns of a piece in which the ink is as thin as a rule.
  private func erase(
    _ piece: Piece, thinnerThan limit: Int, _ cells: UnsafeMutableBufferPointer<UInt8>
  ) {
    for place in piece.start..<piece.end {
      var (top, bottom) = (piece.first, piece.first)
      let at = { (row: Int) in row * stepAcross + place * stepAlong }
      if cells[at(top)] == 0 {
        if top > 0, cells[at(top - 1)] != 0 {
          (top, bottom) = (top - 1, top - 1)
        } else if bottom < across - 1, cells[at(bottom + 1)] != 0 {
          (top, bottom) = (bottom + 1, bottom + 1)
        } else {
          continue
        }
      }
      while top > 0, cells[at(top - 1)] != 0, bottom - top <= limit { top -= 1 }
      while bottom < across - 1, cells[at(bottom + 1)] != 0, bottom - top <= limit { bottom += 1 }
      guard bottom - top + 1 <= limit else { continue }
      for row in top...bottom { cells[at(row)] = 0 }
    }
  }
}
