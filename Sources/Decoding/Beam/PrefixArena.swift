/// The prefixes that a search has met, as a tree that grows and is cleared of what fell out of use.
struct PrefixArena: Sendable {
  private var tree = ChildTable()
  private var worths: [PrefixWorth]
  /// The place of each prefix in the beam, -1 outside.
  private(set) var slots: [Int32] = [0]
  private(set) var states: [LanguageModelState]
  /// The number of prefixes at which the next clearing is due.
  private var limit = PrefixArena.smallestLimit

  private static let smallestLimit = 1 << 15

  /// An arena of the empty prefix, which is the beam.
  init(_ scorer: PrefixScorer) {
    worths = [scorer.initialWorth]
    states = scorer.initialStates
  }

  var count: Int { tree.count }

  @inline(__always)
  func worth(of node: Int32) -> PrefixWorth { worths[Int(node)] }

  @inline(__always)
  func parent(of node: Int32) -> Int32 { tree.parent(of: node) }

  @inline(__always)
  func slot(of node: Int32) -> Int32 { slots[Int(node)] }

  @inline(__always)
  mutating func setSlot(_ slot: Int32, of node: Int32) { slots[Int(node)] = slot }

  /// The prefix with one label more; -1 if the lexicon does not allow it.
  @inline(__always)
  mutating func child(of node: Int32, by label: Int32, _ scorer: PrefixScorer) -> Int32 {
    let known = tree.child(of: node, by: label)
    return known >= 0 ? known : add(to: node, by: label, scorer)
  }

  @inline(never)
  private mutating func add(to node: Int32, by label: Int32, _ scorer: PrefixScorer) -> Int32 {
    guard let worth = scorer.extend(worths[Int(node)], by: label, states: &states) else {
      return -1
    }
    worths.append(worth)
    slots.append(-1)
    return tree.add(to: node, by: label)
  }

  /// The labels of a prefix.
  func labels(of node: Int32) -> [Int] {
    var (labels, node) = ([Int](), node)
    while node > 0 {
      labels.append(Int(tree.label(of: node)))
      node = tree.parent(of: node)
    }
    return labels.reversed()
  }

  /// Whether so much has fallen out of use that ``compact(keeping:)`` is worth its time.
  var isFull: Bool { tree.count >= limit }

  /// Drops every prefix that does not begin one of `nodes`, and returns the new numbers of these.
  mutating func compact(keeping nodes: [Int32]) -> [Int32] {
    var renumbered = [Int32](repeating: -1, count: tree.count)
    renumbered[0] = 0
    for node in nodes {
      var node = node
      while renumbered[Int(node)] < 0 {
        renumbered[Int(node)] = 0
        node = tree.parent(of: node)
      }
    }
    var kept: Int32 = 1
    for node in renumbered.indices.dropFirst() where renumbered[node] == 0 {
      renumbered[node] = kept
      kept += 1
    }
    compactStates(renumbered)
    worths = zip(worths, renumbered).filter { $0.1 >= 0 }.map(\.0)
    slots = zip(slots, renumbered).filter { $0.1 >= 0 }.map(\.0)
    tree.compact(renumbered, count: Int(kept))
    limit = max(Self.smallestLimit, 2 * Int(kept))
    return nodes.map { renumbered[Int($0)] }
  }

  private mutating func compactStates(_ renumbered: [Int32]) {
    var places = [Int32](repeating: -1, count: states.count)
    var kept: [LanguageModelState] = []
    func move(_ place: inout Int32) {
      if places[Int(place)] < 0 {
        places[Int(place)] = Int32(kept.count)
        kept.append(states[Int(place)])
      }
      place = places[Int(place)]
    }
    for node in renumbered.indices where renumbered[node] >= 0 {
      move(&worths[node].wordState)
      move(&worths[node].characterState)
    }
    states = kept
  }
}
