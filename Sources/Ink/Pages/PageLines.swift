/// The lines of a level page: the middle and the ink of each, in reading order.
struct PageLines {
  /// One line.
  struct Line {
    /// Its middle, in cells and strips.
    let track: TextTrack
    /// Its ink.
    let components: [InkComponent]

    var ink: Int { components.reduce(0) { $0 + $1.area } }
    var left: Int { components.reduce(Int.max) { min($0, $1.left) } }
    var right: Int { components.reduce(Int.min) { max($0, $1.right) } }
    var top: Int { components.reduce(Int.max) { min($0, $1.top) } }
    var bottom: Int { components.reduce(Int.min) { max($0, $1.bottom) } }
    var tallest: Int { components.reduce(0) { max($0, $1.height) } }
  }

  let page: LevelPage
  /// The usual distance from line to line, in pixels.
  let pitch: Float
  private(set) var lines: [Line]
  private let cell: Float
  private let hop: Float
  private let separates: (Int, Int, Int) -> Bool

  init(_ page: LevelPage, _ configuration: PageConfiguration) {
    self.page = page
    let all = page.writing.components()
    let wordHeight = Self.wordHeight(all)
    // Cells of a tenth of a word are fine enough to tell lines apart.
    let cell = max(2, Int(wordHeight / 10))
    let speck = Int(wordHeight * wordHeight / 150)
    let components = all.filter { $0.area > speck }
    let map = DensityMap(
      components, width: page.image.width, height: page.image.height, cell: cell)
    let pitch = Self.pitch(map, wordHeight: max(3, wordHeight / Float(cell)))
    let walls =
      configuration.columns
      ? ColumnWalls(map, width: Int(0.9 * pitch), height: Int(4 * pitch))
      : ColumnWalls(none: map)
    let tracker = LineTracker(map, walls: walls, pitch: pitch)
    (self.cell, self.pitch) = (Float(cell), pitch * Float(cell))
    hop = Float(tracker.profiles.hop * cell)
    separates = { walls.separates($0 / cell, $1 / cell, row: $2 / cell) }
    lines = []
    assign(components, to: tracker.tracks(), configuration.minimumLineHeight)
    let order = ReadingOrder.order(lines.map(extent))
    lines = order.map { lines[$0] }
  }

  /// Gives the components to the tracks; tracks that turn out to be none lose theirs to the others.
  private mutating func assign(
    _ components: [InkComponent], to tracks: [TextTrack], _ minimumHeight: Int
  ) {
    var tracks = tracks
    while true {
      let assigned = LineAssignment(
        tracks: tracks, hop: hop, cell: cell, pitch: pitch, separates: separates)(components).lines
      lines = zip(tracks, assigned).map { Line(track: $0, components: $1) }
      dropSpecks(minimumHeight: minimumHeight)
      if lines.count == tracks.count { return }
      tracks = lines.map(\.track)
    }
  }

  /// The usual distance from line to line in cells, in proportion to the height of words.
  private static func pitch(_ map: DensityMap, wordHeight: Float) -> Float {
    let profiles = StripProfiles(
      map, walls: ColumnWalls(none: map), hop: max(1, Int(wordHeight)), width: 2 * wordHeight,
      height: 0.2 * wordHeight)
    let found = profiles.pitch(in: Int(0.7 * wordHeight)...Int(6 * wordHeight), slowness: 2 * wordHeight)
    return found ?? 1.6 * wordHeight
  }

  /// The median of the components' heights, each counted as often as it has ink.
  private static func wordHeight(_ components: [InkComponent]) -> Float {
    let tall = components.filter { $0.height >= 4 && $0.area >= 10 }
      .sorted { $0.height < $1.height }
    var left = tall.reduce(0) { $0 + $1.area } / 2
    for component in tall {
      left -= component.area
      if left < 0 { return Float(component.height) }
    }
    return 8
  }

  /// Leaves only what is as high as writing and has the ink of at least a letter.
  private mutating func dropSpecks(minimumHeight: Int) {
    lines = lines.filter { line in
      !line.components.isEmpty && line.bottom - line.top >= minimumHeight
        && Float(line.tallest) >= 0.2 * pitch
    }
    guard !lines.isEmpty else { return }
    let usual = lines.map(\.ink).sorted()[lines.count / 2]
    lines = lines.filter { $0.ink * 20 >= usual }
  }

  /// Where a line lies, for the order of reading.
  func extent(_ line: Line) -> ReadingOrder.Extent {
    let (left, right) = (Float(line.left), Float(line.right))
    let x = (left + right) / 2
    return ReadingOrder.Extent(left: left, right: right, row: middle(line.track, at: x))
  }

  func middle(_ track: TextTrack, at x: Float) -> Float {
    (track.row(at: x / hop - 0.5) + 0.5) * cell
  }

  /// The lines' images and outlines.
  func cut(margin: Int) -> [PageLine] {
    let cutter = LineCutter(
      page: page.image, rotation: page.rotation, mask: page.ink, lines: lines.map(\.components),
      pitch: pitch, margin: margin)
    return lines.enumerated().map { index, line in
      cutter.line(index, line.components, centerLine: centerLine(line))
    }
  }

  /// The middle of a line from its first to its last ink.
  private func centerLine(_ line: Line) -> [PagePoint] {
    let (left, right) = (Float(line.left), Float(line.right))
    let inner = line.track.points.map { (Float($0.strip) + 0.5) * hop }
      .filter { $0 > left && $0 < right }
    return ([left] + inner + [right]).map {
      PagePoint(x: Double($0), y: Double(middle(line.track, at: $0)))
    }
  }
}
