/// A rising function of a score that is constant in pieces.
///
/// The pool-adjacent-violators solution on at most ``maximumPieces`` groups of equal size (Zadrozny
/// and Elkan 2002), each group's share smoothed as if it had one more of either outcome.
struct IsotonicRegression {
  /// Where a new piece begins, ascending.
  private(set) var thresholds: [Double] = []
  /// The value of each piece, ascending; one more than there are thresholds.
  private(set) var values: [Double] = []

  static let maximumPieces = 12

  init(_ scores: [Double], outcomes: [Bool]) {
    var blocks: [Block] = []
    for block in Self.groups(scores, outcomes) {
      blocks.append(block)
      while blocks.count > 1, blocks[blocks.count - 2].share >= blocks[blocks.count - 1].share {
        let last = blocks.removeLast()
        blocks[blocks.count - 1].right += last.right
        blocks[blocks.count - 1].count += last.count
      }
    }
    thresholds = blocks.dropFirst().map(\.start)
    values = blocks.map(\.share)
  }

  private struct Block {
    var start: Double
    var right: Int
    var count: Int
    var share: Double { Double(right + 1) / Double(count + 2) }
  }

  /// Groups of about equal size in the order of their scores; equal scores stay together.
  private static func groups(_ scores: [Double], _ outcomes: [Bool]) -> [Block] {
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    let size = max(1, (scores.count + maximumPieces - 1) / maximumPieces)
    var blocks: [Block] = []
    var previous = -Double.infinity
    for index in order {
      let isFull = blocks.last.map { $0.count >= size && scores[index] > previous } ?? true
      if isFull { blocks.append(Block(start: scores[index], right: 0, count: 0)) }
      blocks[blocks.count - 1].count += 1
      if outcomes[index] { blocks[blocks.count - 1].right += 1 }
      previous = scores[index]
    }
    return blocks.isEmpty ? [Block(start: 0, right: 0, count: 0)] : blocks
  }
}
