/// Takes a beam from frame to frame.
///
/// Delimiters at the beginning and after another delimiter add nothing to a prefix, so that no two
/// prefixes are the same words. A prefix has one parent only. So what reaches a prefix that is in the beam comes from itself or
/// from its parent, and every other extension is a new prefix: nothing has to be merged in a table.
struct BeamFrame {
  private let scorer: PrefixScorer
  private let width: Int
  private let threshold: Double
  private let delimiter: Int32
  private let delimiterGain: Double
  private let sum: LogSum
  private var selection: LabelSelection
  /// The beam's prefixes after the frame, then the new ones.
  private var candidates: [BeamEntry] = []
  private var kept: [BeamEntry] = []
  private var ranks: [Double] = []
  /// The chain that a prefix's new children share, for its blank and for its best alignment.
  private var blankLinks: [Int32] = []
  private var bestLinks: [Int32] = []
  /// The number of candidates at which the floor is raised.
  private var crowd = 0
  /// The rank below which a candidate cannot stay.
  private var floor = -Double.infinity

  init(_ scorer: PrefixScorer, _ sum: LogSum) {
    self.scorer = scorer
    self.sum = sum
    width = scorer.configuration.beamWidth
    threshold = scorer.configuration.scoreThreshold.map(Double.init) ?? .infinity
    delimiter = scorer.delimiter ?? -1
    delimiterGain = Double(scorer.largestDelimiterGain)
    selection = LabelSelection(scorer.configuration, delimiter: scorer.delimiter)
  }

  /// Takes in one frame.
  mutating func advance(_ beam: inout Beam, by row: Slice<UnsafeBufferPointer<Float>>) {
    selection.select(row)
    candidates.removeAll(keepingCapacity: true)
    blankLinks = [Int32](repeating: -2, count: beam.entries.count)
    bestLinks = blankLinks
    stay(&beam)
    extend(&beam)
    choose()
    defer { beam.frameCount += 1 }
    // Where no prefix can go on, the frame says nothing.
    guard !kept.isEmpty else { return }
    for index in kept.indices where kept[index].labelAlignment.link == Self.pendingLink {
      kept[index].labelAlignment = firstAlignment(of: kept[index], &beam)
      kept[index].gain = scorer.letterGain(of: beam.arena.worth(of: kept[index].node))
    }
    beam.replaceEntries(by: kept)
  }

  /// The mark of a new prefix whose alignment and gain are made when it is kept; the origin is in `start`.
  private static let pendingLink: Int32 = -3

  /// Moves the prefixes of the beam one frame on.
  private mutating func stay(_ beam: inout Beam) {
    let blank = selection.values[Alphabet.blank]
    var (worst, best) = (Double.infinity, -Double.infinity)
    for slot in beam.entries.indices {
      var entry = beam.entries[slot]
      let value = entry.last > 0 ? selection.values[Int(entry.last)] : -.infinity
      let old = entry
      entry.blank = old.total + blank
      entry.label = (entry.last == delimiter ? old.total : old.label) + value
      align(&entry, old, blank, value, frame: Int32(beam.frameCount))
      let parent = beam.arena.parent(of: entry.node)
      let parentSlot = parent < 0 ? -1 : beam.arena.slot(of: parent)
      if parentSlot >= 0 { receive(&entry, from: Int(parentSlot), value, &beam) }
      entry.total = sum(entry.blank, entry.label)
      candidates.append(entry)
      worst = min(worst, entry.rank)
      best = max(best, entry.rank)
    }
    crowd = candidates.count + width
    floor = max(best - threshold, candidates.count >= width ? worst : -.infinity)
  }

  /// Moves the alignments of a prefix on without a new label.
  @inline(__always)
  private func align(
    _ entry: inout BeamEntry, _ old: BeamEntry, _ blank: Double, _ value: Double, frame: Int32
  ) {
    let isOpen = old.labelAlignment.score > old.blankAlignment.score
    if isOpen {
      entry.blankAlignment = old.labelAlignment
      entry.blankAlignment.end = frame
    } else if entry.last == delimiter {
      // A delimiter that comes again after blanks is the same one, heard later.
      entry.labelAlignment = old.blankAlignment
      (entry.labelAlignment.start, entry.labelAlignment.labelScore) = (frame, 0)
    }
    entry.blankAlignment.score += blank
    entry.labelAlignment.score += value
    entry.labelAlignment.labelScore += Float(value)
  }

  /// Adds the ways on which the parent says the prefix's last label in this frame.
  @inline(__always)
  private mutating func receive(
    _ entry: inout BeamEntry, from slot: Int, _ value: Double, _ beam: inout Beam
  ) {
    let parent = beam.entries[slot]
    let repeats = parent.last == entry.last
    entry.label = sum(entry.label, (repeats ? parent.blank : parent.total) + value)
    let way = alignment(parent, repeats).score + value
    if way > entry.labelAlignment.score {
      entry.labelAlignment = BestAlignment(
        score: way, labelScore: Float(value), start: Int32(beam.frameCount),
        link: link(of: slot, repeats, &beam))
    }
  }

  /// The alignment of a prefix that another label may follow.
  @inline(__always)
  private func alignment(_ entry: BeamEntry, _ repeats: Bool) -> BestAlignment {
    repeats || entry.blankAlignment.score >= entry.labelAlignment.score
      ? entry.blankAlignment : entry.labelAlignment
  }

  /// The chain of frames of a prefix of the beam, made once in a frame.
  private mutating func link(of slot: Int, _ repeats: Bool, _ beam: inout Beam) -> Int32 {
    let known = repeats ? blankLinks[slot] : bestLinks[slot]
    if known >= -1 { return known }
    let entry = beam.entries[slot]
    var link: Int32 = -1
    if entry.node > 0 {
      var way = alignment(entry, repeats)
      if !repeats, entry.labelAlignment.score > entry.blankAlignment.score {
        way.end = Int32(beam.frameCount)
      }
      link = beam.chains.append(way)
    }
    if repeats { blankLinks[slot] = link } else { bestLinks[slot] = link }
    return link
  }

  /// Adds the new prefixes that one label more makes.
  private mutating func extend(_ beam: inout Beam) {
    let choices = selection.choices
    for slot in beam.entries.indices {
      let entry = beam.entries[slot]
      let gain = entry.gain
      let reach = entry.rank + Double(max(gain.known, gain.unknown))
      for choice in choices {
        if reach + choice.value < floor { break }
        let source = choice.label == entry.last ? entry.blank : entry.total
        let bit = gain.branches &>> UInt64(truncatingIfNeeded: choice.label) & 1
        let most = Double(bit == 1 ? gain.known : gain.unknown)
        if source + entry.worth + most + choice.value < floor { continue }
        add(source + choice.value, from: slot, entry.node, choice.label, &beam)
      }
      let value = selection.delimiterValue
      guard value > -.infinity, entry.last != delimiter else { continue }
      let worth = beam.arena.worth(of: entry.node)
      let settled = Double(worth.language + worth.bonus)
      if entry.total + value + settled + delimiterGain < floor { continue }
      add(entry.total + value, from: slot, entry.node, delimiter, &beam)
    }
  }

  /// Adds a new prefix if it may stay.
  private mutating func add(
    _ mass: Double, from slot: Int, _ node: Int32, _ label: Int32, _ beam: inout Beam
  ) {
    guard mass > -.infinity else { return }
    let child = beam.arena.child(of: node, by: label, scorer)
    guard child >= 0, beam.arena.slot(of: child) < 0 else { return }
    let worth = beam.arena.worth(of: child)
    let entry = BeamEntry(
      node: child, last: label, blank: -.infinity, label: mass, total: mass,
      worth: Double(worth.language + worth.bonus + worth.lent),
      gain: LetterGain(branches: 0, known: 0, unknown: 0),
      labelAlignment: BestAlignment(start: Int32(slot), link: Self.pendingLink))
    guard entry.rank >= floor else { return }
    floor = max(floor, entry.rank - threshold)
    candidates.append(entry)
    if candidates.count >= crowd { raiseFloor() }
  }

  /// Drops candidates that cannot stay, so that fewer new ones have to be looked at.
  private mutating func raiseFloor() {
    ranks.removeAll(keepingCapacity: true)
    for candidate in candidates { ranks.append(candidate.rank) }
    let place = width - 1
    let last = ranks.withUnsafeMutableBufferPointer { Selection.largest($0, rank: place) }
    floor = max(floor, last)
    let floor = floor
    candidates.removeAll { $0.rank < floor }
    crowd = candidates.count + width
  }

  /// The alignment of a new prefix, whose last label begins in this frame.
  private mutating func firstAlignment(
    of entry: BeamEntry, _ beam: inout Beam
  ) -> BestAlignment {
    let slot = Int(entry.labelAlignment.start)
    let parent = beam.entries[slot]
    let repeats = parent.last == entry.last
    let value = selection.values[Int(entry.last)]
    return BestAlignment(
      score: alignment(parent, repeats).score + value, labelScore: Float(value),
      start: Int32(beam.frameCount),
      link: link(of: slot, repeats, &beam))
  }

  /// Keeps the best candidates, as many as the beam is wide, in the order in which they were met.
  private mutating func choose() {
    kept.removeAll(keepingCapacity: true)
    ranks.removeAll(keepingCapacity: true)
    for candidate in candidates where candidate.rank >= floor && candidate.rank > -.infinity {
      kept.append(candidate)
      ranks.append(candidate.rank)
    }
    guard kept.count > width else { return }
    let place = width - 1
    let last = ranks.withUnsafeMutableBufferPointer { Selection.largest($0, rank: place) }
    var ties = width - kept.count { $0.rank > last }
    kept.removeAll { entry in
      if entry.rank > last { return false }
      if entry.rank < last || ties == 0 { return true }
      ties -= 1
      return false
    }
  }
}
