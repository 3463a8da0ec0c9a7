/// Gives every component of a page to a line, and cuts those that several lines share.
///
/// A component goes to the line whose middle most of its ink is nearest to. Where the letters of
/// two lines touch, their component has ink of both lines' middles; it is cut along the seam of
/// least ink between the two, found by dynamic programming (Arvanitopoulos and Süsstrunk 2014;
/// seam carving is Avidan and Shamir 2007).
struct LineAssignment {
  let tracks: [TextTrack]
  /// Pixels between the centres of strips.
  let hop: Float
  /// Pixels to a cell.
  let cell: Float
  /// Pixels from line to line.
  let pitch: Float
  /// Whether there is a column's wall between two columns of pixels, in a row of pixels.
  let separates: (Int, Int, Int) -> Bool

  /// The components of each track, and those that belong to none.
  func callAsFunction(
    _ components: [InkComponent]
  ) -> (lines: [[InkComponent]], rest: [InkComponent]) {
    var lines = [[InkComponent]](repeating: [], count: tracks.count)
    var rest: [InkComponent] = []
    for component in components {
      let parts = split(component)
      if parts.isEmpty { rest.append(component) }
      for (line, part) in parts { lines[line].append(part) }
    }
    return (lines, rest)
  }

  /// The row of a line's middle in a column of pixels.
  func middle(_ line: Int, at x: Float) -> Float {
    (tracks[line].row(at: x / hop - 0.5) + 0.5) * cell
  }

  private func split(_ component: InkComponent) -> [(Int, InkComponent)] {
    let near = candidates(component)
    guard near.count > 1 else { return near.map { ($0, component) } }
    let votes = votes(component, near)
    guard let winner = near.indices.max(by: { votes[$0].ink < votes[$1].ink }) else { return [] }
    let sharing = near.indices.filter { index in
      index == winner || shares(votes[index], of: votes[winner])
    }
    guard sharing.count > 1 else { return [(near[winner], component)] }
    return cut(component, between: sharing.map { near[$0] })
  }

  /// The lines that a component may belong to, from the top down.
  private func candidates(_ component: InkComponent) -> [Int] {
    let reach = 0.7 * pitch
    let center = Float(component.left + component.right) / 2
    return tracks.indices.filter { line in
      let track = tracks[line]
      let (start, end) = (Float(track.first.strip) * hop, Float(track.last.strip + 1) * hop)
      let (left, right) = (Float(component.left), Float(component.right))
      guard right >= start - 1.5 * pitch, left <= end + 1.5 * pitch else { return false }
      let x = min(max(center, start, left), max(end, left), right)
      let y = middle(line, at: x)
      guard y >= Float(component.top) - reach, y <= Float(component.bottom) + reach else {
        return false
      }
      let inside = min(max(x, start), end)
      return !separates(Int(center), Int(inside), (component.top + component.bottom) / 2)
    }.sorted { middle($0, at: center) < middle($1, at: center) }
  }

  /// What a component has of a line.
  private struct Vote {
    /// The ink to which the line's middle is the nearest.
    var ink = 0
    /// The ink about the line's middle.
    var core = 0
    /// Where that ink begins and ends.
    var left = Int.max
    var right = Int.min
  }

  private func votes(_ component: InkComponent, _ lines: [Int]) -> [Vote] {
    var votes = [Vote](repeating: Vote(), count: lines.count)
    for run in component.runs {
      let x = Float(run.start + run.end) / 2
      var (nearest, least) = (0, Float.infinity)
      for (index, line) in lines.enumerated() {
        let distance = abs(Float(run.y) - middle(line, at: x))
        if distance < least { (nearest, least) = (index, distance) }
      }
      votes[nearest].ink += run.length
      if least <= 0.17 * pitch {
        votes[nearest].core += run.length
        votes[nearest].left = min(votes[nearest].left, Int(run.start))
        votes[nearest].right = max(votes[nearest].right, Int(run.end))
      }
    }
    return votes
  }

  /// Whether a component's ink at a line's middle is more than an ascender or a descender.
  private func shares(_ vote: Vote, of winner: Vote) -> Bool {
    vote.core > 0 && vote.ink * 8 >= winner.ink
      && Float(vote.right - vote.left) >= 0.25 * pitch
  }

  /// The parts of a component above and below the seams between lines.
  private func cut(_ component: InkComponent, between lines: [Int]) -> [(Int, InkComponent)] {
    var (parts, remaining): ([(Int, InkComponent)], InkComponent) = ([], component)
    for (upper, lower) in zip(lines, lines.dropFirst()) {
      let seam = Seam(
        through: remaining, above: { middle(upper, at: $0) }, below: { middle(lower, at: $0) })
      let (over, under) = seam.split(remaining)
      if !over.isEmpty { parts.append((upper, InkComponent(over))) }
      if under.isEmpty { return parts }
      remaining = InkComponent(under)
    }
    if let last = lines.last { parts.append((last, remaining)) }
    return parts
  }
}
