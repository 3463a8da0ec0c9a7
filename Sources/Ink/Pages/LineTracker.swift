/// Finds the middle of each line of writing on a page.
///
/// The peaks of neighbouring strips' profiles are linked where each is the other's nearest, as in
/// the medial axes of Arvanitopoulos and Süsstrunk (2014); chains are joined over the gaps between
/// words; chains that are the ascenders, descenders or accents of a stronger one are dropped.
struct LineTracker {
  /// Cells from line to line.
  let pitch: Float
  let walls: ColumnWalls
  let profiles: StripProfiles

  init(_ map: DensityMap, walls: ColumnWalls, pitch: Float) {
    (self.pitch, self.walls) = (pitch, walls)
    profiles = StripProfiles(
      map, walls: walls, hop: max(1, Int(0.4 * pitch)), width: 0.9 * pitch, height: 0.13 * pitch)
  }

  /// The tracks from the top of the page down.
  func tracks() -> [TextTrack] {
    var tracks = joined(chains())
    tracks = withoutEchoes(tracks)
    tracks = joined(tracks)
    return tracks.sorted { $0.points[$0.points.count / 2].row < $1.points[$1.points.count / 2].row }
  }

  // MARK: Linking

  private func chains() -> [TextTrack] {
    let all = (0..<profiles.count).flatMap { profiles.peaks($0, above: 0).map(\.strength) }
    guard !all.isEmpty else { return [] }
    let least = 0.12 * all.sorted()[all.count * 9 / 10]
    var (finished, open): ([TextTrack], [TextTrack]) = ([], [])
    for strip in 0..<profiles.count {
      let peaks = profiles.peaks(strip, above: least)
      let next = continued(open, by: peaks, at: strip)
      finished += open.indices.filter { !next.used.contains($0) }.map { open[$0] }
      open = next.tracks
    }
    return finished + open
  }

  /// The open chains that go on in a strip, and the chains that begin there.
  private func continued(
    _ open: [TextTrack], by peaks: [StripProfiles.Peak], at strip: Int
  ) -> (tracks: [TextTrack], used: Set<Int>) {
    var pairs: [(cost: Float, track: Int, peak: Int)] = []
    for (index, track) in open.enumerated() {
      let slope = track.slope(atEnd: true, count: 6, limit: 0.15 * Float(profiles.hop))
      for (number, peak) in peaks.enumerated() {
        let step = abs(peak.row - track.last.row - slope)
        if step <= 0.25 * pitch, !isWall(from: track.last.strip, to: strip, row: peak.row) {
          pairs.append((step, index, number))
        }
      }
    }
    pairs.sort { ($0.cost, $0.track, $0.peak) < ($1.cost, $1.track, $1.peak) }
    var (usedTracks, usedPeaks): (Set<Int>, Set<Int>) = ([], [])
    var tracks: [TextTrack] = []
    func point(_ peak: StripProfiles.Peak) -> TextTrack.Point {
      TextTrack.Point(strip: strip, row: peak.row, strength: peak.strength)
    }
    for pair in pairs where !usedTracks.contains(pair.track) && !usedPeaks.contains(pair.peak) {
      usedTracks.insert(pair.track)
      usedPeaks.insert(pair.peak)
      tracks.append(TextTrack(points: open[pair.track].points + [point(peaks[pair.peak])]))
    }
    for (number, peak) in peaks.enumerated() where !usedPeaks.contains(number) {
      tracks.append(TextTrack(points: [point(peak)]))
    }
    return (tracks, usedTracks)
  }

  private func isWall(from: Int, to: Int, row: Float) -> Bool {
    let center = profiles.hop / 2
    return walls.separates(
      from * profiles.hop + center, to * profiles.hop + center, row: Int(row))
  }

  // MARK: Joining

  /// Chains joined end to start, the best fitting first.
  private func joined(_ chains: [TextTrack]) -> [TextTrack] {
    var joins = fittingJoins(chains)
    joins.sort { ($0.cost, $0.first, $0.second) < ($1.cost, $1.first, $1.second) }
    var next = [Int?](repeating: nil, count: chains.count)
    var isContinued = [Bool](repeating: false, count: chains.count)
    for join in joins where next[join.first] == nil && !isContinued[join.second] {
      next[join.first] = join.second
      isContinued[join.second] = true
    }
    return chains.indices.filter { !isContinued[$0] }.map { start in
      var (track, index) = (chains[start], start)
      while let following = next[index] {
        let end = track.last.strip
        track.points += chains[following].points.filter { $0.strip > end }
        index = following
      }
      return track
    }
  }

  private func fittingJoins(_ chains: [TextTrack]) -> [(cost: Float, first: Int, second: Int)] {
    var joins: [(cost: Float, first: Int, second: Int)] = []
    for (i, a) in chains.enumerated() {
      for (j, b) in chains.enumerated() {
        let gap = b.first.strip - a.last.strip
        guard i != j, gap >= -3, gap <= 15, abs(b.first.row - a.last.row) <= pitch,
          b.last.strip > a.last.strip, a.first.strip < b.first.strip
        else { continue }
        if let cost = miss(a, b, gap: gap) { joins.append((cost, i, j)) }
      }
    }
    return joins
  }

  /// By how far two chains miss each other in the middle of their gap; nil if by too much.
  private func miss(_ a: TextTrack, _ b: TextTrack, gap: Int) -> Float? {
    let limit = 0.1 * Float(profiles.hop)
    let half = Float(gap) / 2
    let end = a.last.row + half * a.slope(atEnd: true, count: 8, limit: limit)
    let start = b.first.row - half * b.slope(atEnd: false, count: 8, limit: limit)
    let miss = min(abs(end - start), abs(a.last.row - b.first.row))
    guard miss <= (0.22 + 0.012 * Float(max(0, gap))) * pitch,
      !isWall(from: a.last.strip, to: b.first.strip, row: (end + start) / 2)
    else { return nil }
    return miss + 0.03 * Float(abs(gap)) * pitch
  }

  // MARK: Dropping

  /// The tracks that are not the upper or lower parts of a stronger neighbour's letters.
  private func withoutEchoes(_ tracks: [TextTrack]) -> [TextTrack] {
    let order = tracks.indices.sorted {
      (tracks[$0].total, $1) > (tracks[$1].total, $0)
    }
    var kept: [TextTrack] = []
    for index in order {
      let track = tracks[index]
      if !kept.contains(where: { isEcho(track, of: $0) }) { kept.append(track) }
    }
    return kept
  }

  private func isEcho(_ track: TextTrack, of other: TextTrack) -> Bool {
    guard let range = track.common(other), range.count * 2 >= track.span,
      let distance = track.distance(to: other).map(abs), distance <= 0.8 * pitch
    else { return false }
    let near = other.points.filter { range.contains($0.strip) }
    guard !near.isEmpty else { return false }
    let strength = near.reduce(0) { $0 + $1.strength } / Float(near.count)
    if distance < 0.5 * pitch || track.strength < 0.4 * strength { return true }
    let valley =
      range.reduce(0) {
        $0 + profiles.valley($1, track.row(at: Float($1)), other.row(at: Float($1)))
      } / Float(range.count)
    return valley > 0.75 * min(track.strength, strength)
  }
}
