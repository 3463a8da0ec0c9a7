/// The best way to say a prefix in the frames so far that ends in a certain kind of frame.
///
/// The sums of the beam search with maxima in their place; the last label's frames are here, those of
/// the labels before it in a chain of ``AlignmentLink``.
struct BestAlignment {
  /// The log-probability of the frames on this way.
  var score = -Double.infinity
  /// The log-probability of the frames that say the last label.
  var labelScore: Float = 0
  /// The first frame of the last label.
  var start: Int32 = 0
  /// The frame after its last one, where a blank follows.
  var end: Int32 = 0
  /// The labels before the last one, -1 if there are none.
  var link: Int32 = -1
}

/// The frames of a label that others follow.
struct AlignmentLink {
  var previous: Int32
  var start: Int32
  var end: Int32
  var labelScore: Float
}

/// The chains of frames of all prefixes; chains share their beginnings.
struct AlignmentChains: Sendable {
  private(set) var links: [AlignmentLink] = []
  private var limit = AlignmentChains.smallestLimit

  private static let smallestLimit = 1 << 16

  /// Adds the last label of an alignment to its chain.
  mutating func append(_ alignment: BestAlignment) -> Int32 {
    links.append(
      AlignmentLink(
        previous: alignment.link, start: alignment.start, end: alignment.end,
        labelScore: alignment.labelScore))
    return Int32(links.count - 1)
  }

  /// The frames of the labels of an alignment, in order.
  func spans(_ alignment: BestAlignment, labels: [Int]) -> [LabelSpan] {
    guard !labels.isEmpty else { return [] }
    var spans: [LabelSpan] = []
    var link = AlignmentLink(
      previous: alignment.link, start: alignment.start, end: alignment.end,
      labelScore: alignment.labelScore)
    for label in labels.reversed() {
      let (start, end) = (Int(link.start), Int(link.end))
      spans.append(
        LabelSpan(
          label: label, start: start, end: end,
          confidence: Confidence.mean(logSum: Double(link.labelScore), count: end - start)))
      if link.previous >= 0 { link = links[Int(link.previous)] }
    }
    return spans.reversed()
  }

  /// Whether so much has fallen out of use that ``compact(keeping:)`` is worth its time.
  var isFull: Bool { links.count >= limit }

  /// Drops every link that none of these chains has, and returns the new numbers of their ends.
  mutating func compact(keeping ends: [Int32]) -> [Int32] {
    var renumbered = [Int32](repeating: -1, count: links.count)
    for end in ends {
      var link = end
      while link >= 0, renumbered[Int(link)] < 0 {
        renumbered[Int(link)] = 0
        link = links[Int(link)].previous
      }
    }
    var kept: [AlignmentLink] = []
    for index in links.indices where renumbered[index] == 0 {
      var link = links[index]
      if link.previous >= 0 { link.previous = renumbered[Int(link.previous)] }
      renumbered[index] = Int32(kept.count)
      kept.append(link)
    }
    links = kept
    limit = max(Self.smallestLimit, 2 * kept.count)
    return ends.map { $0 < 0 ? -1 : renumbered[Int($0)] }
  }
}
