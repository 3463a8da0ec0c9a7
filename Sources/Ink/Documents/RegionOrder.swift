/// The regions of a page and their lines, put into reading order.
struct RegionOrder {
  /// A region in the file's order, after the region that it lies in.
  struct Region {
    var id: String
    var parent: Int?
    /// The place that the region's own attribute gives it.
    var index: Int?
    var lines: [(line: GroundTruthLine, index: Int?)] = []
  }

  var regions: [Region] = []
  /// The ids of regions or lines in reading order, where the file has such a list.
  var listed: [String] = []

  /// All lines: those of listed regions in the list's order, then the others in the file's.
  ///
  /// Regions that are not listed follow the region that they lie in. Listed lines come first of all.
  func lines() -> [GroundTruthLine] {
    var places: [String: Int] = [:]
    for (place, id) in listed.enumerated() where places[id] == nil { places[id] = place }
    let ranks = regionRanks(places)
    var ranked: [(rank: Int, line: GroundTruthLine)] = []
    for (region, rank) in zip(regions, ranks) {
      let indices = region.lines.compactMap(\.index)
      let hasAll = indices.count == region.lines.count
      let lines = hasAll ? stable(region.lines) { $0.index ?? 0 } : region.lines
      for line in lines { ranked.append((places[line.line.id] ?? rank, line.line)) }
    }
    return stable(ranked, by: \.rank).map(\.line)
  }

  private func regionRanks(_ places: [String: Int]) -> [Int] {
    let roots = regions.filter { $0.parent == nil }
    let useIndex = places.isEmpty && roots.allSatisfy { $0.index != nil }
    var ranks: [Int] = []
    for region in regions {
      let inherited = region.parent.map { ranks[$0] } ?? Int.max
      let own = useIndex ? (region.parent == nil ? region.index : nil) : places[region.id]
      ranks.append(own ?? inherited)
    }
    return ranks
  }
}

/// Sorted by a key; equal ones keep their order.
func stable<Element>(_ elements: [Element], by key: (Element) -> Int) -> [Element] {
  elements.enumerated().map { (key: key($0.element), place: $0.offset, element: $0.element) }
    .sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.element)
}
