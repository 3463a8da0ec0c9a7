/// The bookkeeping of nested spans: every instant counts for the innermost span that is open, and
/// for `other` where none is, so that the totals sum to the time that went by.
package struct SpanAccount: Sendable {
  private var totals = [UInt64](repeating: 0, count: WorkKind.allCases.count)
  private var open: [WorkKind] = []
  private var last: UInt64

  /// An account that begins at this time, in nanoseconds.
  package init(at time: UInt64) { last = time }

  private mutating func advance(to time: UInt64) {
    totals[(open.last ?? .other).rawValue] += time - last
    last = time
  }

  /// Enters a span.
  package mutating func enter(_ kind: WorkKind, at time: UInt64) {
    advance(to: time)
    let outer = open.last ?? kind
    open.append(outer.absorbs ? outer : kind)
  }

  /// Leaves the innermost span.
  package mutating func leave(at time: UInt64) {
    advance(to: time)
    _ = open.popLast()
  }

  /// The nanoseconds of each kind since the last call, those of open spans included.
  package mutating func take(at time: UInt64) -> [UInt64] {
    advance(to: time)
    defer { totals = totals.map { _ in 0 } }
    return totals
  }
}
