/// A prefix in the beam.
struct BeamEntry {
  /// The prefix in the arena.
  var node: Int32
  /// Its last label; the delimiter for the empty prefix, which takes in delimiters.
  var last: Int32
  /// The log-probability that the frames say the prefix and end in a blank.
  var blank: Double
  /// The log-probability that the frames say the prefix and end in its last label.
  var label: Double
  /// The log-probability of both.
  var total: Double
  /// What the prefix is worth besides.
  var worth: Double
  /// What a letter can add to the rank.
  var gain: LetterGain
  var blankAlignment = BestAlignment()
  var labelAlignment = BestAlignment()

  /// What decides whether the prefix stays in the beam.
  @inline(__always)
  var rank: Double { total + worth }
}

/// The prefixes in the beam and how they came about.
struct Beam: Sendable {
  var entries: [BeamEntry]
  var arena: PrefixArena
  var chains = AlignmentChains()
  var frameCount = 0

  /// The beam before the first frame.
  init(_ scorer: PrefixScorer) {
    let alignment = BestAlignment(score: 0)
    entries = [
      BeamEntry(
        node: 0, last: scorer.delimiter ?? Int32(Alphabet.blank), blank: 0, label: -.infinity,
        total: 0,
        worth: 0, gain: scorer.letterGain(of: scorer.initialWorth), blankAlignment: alignment)
    ]
    arena = PrefixArena(scorer)
  }

  /// Makes these the beam.
  mutating func replaceEntries(by next: [BeamEntry]) {
    for entry in entries { arena.setSlot(-1, of: entry.node) }
    for (slot, entry) in next.enumerated() { arena.setSlot(Int32(slot), of: entry.node) }
    entries = next
    if arena.isFull { compactArena() }
    if chains.isFull { compactChains() }
  }

  private mutating func compactArena() {
    let nodes = arena.compact(keeping: entries.map(\.node))
    for slot in entries.indices { entries[slot].node = nodes[slot] }
  }

  private mutating func compactChains() {
    let ends = entries.flatMap { [$0.blankAlignment.link, $0.labelAlignment.link] }
    let links = chains.compact(keeping: ends)
    for slot in entries.indices {
      entries[slot].blankAlignment.link = links[2 * slot]
      entries[slot].labelAlignment.link = links[2 * slot + 1]
    }
  }
}
