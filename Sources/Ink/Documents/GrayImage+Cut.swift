/// What takes the place of the page outside of a line's outline.
public enum Surroundings: String, Sendable, CaseIterable {
  /// White, 255.
  case white
  /// The shade of the paper: the median inside the outline, where ink covers far less than half.
  case paper
}

extension GrayImage {
  /// The part of a page inside a line's outline, on the smallest rectangle that holds it.
  ///
  /// A pixel is a point at whole coordinates, and belongs to the outline if it is inside or on it; where
  /// an outline crosses itself, all loops are inside. What lies beyond the image is cut off.
  ///
  /// - Throws: `DocumentError.polygon` if the outline encloses nothing of the image.
  /// - Complexity: O(pixels of the rectangle + sum over its rows of the edges that cross them).
  public func cut(
    polygon: [PagePoint], surroundings: Surroundings = .white
  ) throws(DocumentError) -> GrayImage {
    let box = try PolygonFill.bounds(of: polygon, width: width, height: height)
    var fill = PolygonFill(polygon)
    var mask = [Bool](repeating: false, count: box.width * box.height)
    for row in box.y..<box.bottom {
      for span in fill.spans(row: row) {
        let (first, last) = (max(span.lowerBound, box.x), min(span.upperBound, box.right - 1))
        guard first <= last else { continue }
        let start = (row - box.y) * box.width - box.x
        for place in start + first...start + last { mask[place] = true }
      }
    }
    var cut = GrayImage(width: box.width, height: box.height)
    var histogram = [Int](repeating: 0, count: 256)
    for row in 0..<box.height {
      let (source, target) = ((box.y + row) * width + box.x, row * box.width)
      for column in 0..<box.width where mask[target + column] {
        let value = pixels[source + column]
        cut.pixels[target + column] = value
        histogram[Int(value)] += 1
      }
    }
    let inside = histogram.reduce(0, +)
    guard inside > 0 else {
      throw .polygon(found: "no pixel of the image in it", expected: "a part of the page")
    }
    if surroundings == .paper {
      let paper = Self.median(histogram, count: inside)
      for place in mask.indices where !mask[place] { cut.pixels[place] = paper }
    }
    return cut
  }

  private static func median(_ histogram: [Int], count: Int) -> UInt8 {
    var passed = 0
    for (value, number) in histogram.enumerated() {
      passed += number
      if 2 * passed >= count { return UInt8(value) }
    }
    return 255
  }
}

/// The pixels of a polygon, row by row downwards.
struct PolygonFill {
  private struct Edge {
    let top: PagePoint
    let bottom: PagePoint
    /// 1 where the outline goes down, -1 where it goes up.
    let winding: Int

    func x(atRow y: Double) -> Double {
      guard bottom.y > top.y else { return top.x }
      return top.x + (bottom.x - top.x) * ((y - top.y) / (bottom.y - top.y))
    }
  }

  private let edges: [Edge]
  private var next = 0
  private var active: [Edge] = []

  /// How far rounding may move a crossing.
  private static let tolerance = 1e-6

  init(_ polygon: [PagePoint]) {
    edges = polygon.indices.map { place in
      let (from, to) = (polygon[place], polygon[(place + 1) % polygon.count])
      return from.y <= to.y
        ? Edge(top: from, bottom: to, winding: 1) : Edge(top: to, bottom: from, winding: -1)
    }.sorted { $0.top.y < $1.top.y }
  }

  /// The spans of columns inside or on the polygon; rows are asked for in rising order.
  ///
  /// An edge counts once with its upper and once with its lower end left out: the first way the rows
  /// under a lower corner are found empty, the second way those above an upper one. Edges along the row
  /// are spans of their own.
  mutating func spans(row: Int) -> [ClosedRange<Int>] {
    let y = Double(row)
    while next < edges.count, edges[next].top.y <= y {
      active.append(edges[next])
      next += 1
    }
    active.removeAll { $0.bottom.y < y }
    var spans: [ClosedRange<Int>] = []
    Self.add(active.filter { $0.top.y < y }, y, &spans)
    Self.add(active.filter { $0.bottom.y > y }, y, &spans)
    for edge in active where edge.top.y == edge.bottom.y {
      Self.add(edge.top.x, edge.bottom.x, &spans)
    }
    return spans
  }

  private static func add(_ edges: [Edge], _ y: Double, _ spans: inout [ClosedRange<Int>]) {
    let crossings = edges.map { (x: $0.x(atRow: y), winding: $0.winding) }.sorted { $0.x < $1.x }
    var (winding, start) = (0, 0.0)
    for crossing in crossings {
      if winding == 0 { start = crossing.x }
      winding += crossing.winding
      if winding == 0 { add(start, crossing.x, &spans) }
    }
  }

  private static func add(_ from: Double, _ to: Double, _ spans: inout [ClosedRange<Int>]) {
    let first = Int((min(from, to) - tolerance).rounded(.up))
    let last = Int((max(from, to) + tolerance).rounded(.down))
    if first <= last { spans.append(first...last) }
  }

  /// The pixels around a polygon that are on the image.
  static func bounds(
    of polygon: [PagePoint], width: Int, height: Int
  ) throws(DocumentError) -> PageBox {
    let expected = "three or more that enclose a part of the page"
    guard polygon.count >= 3, polygon.count <= PagePoint.countLimit else {
      throw .polygon(found: "\(polygon.count) points", expected: expected)
    }
    guard let around = PageBox(around: polygon) else {
      throw .polygon(found: "coordinates beyond any page", expected: "finite pixel coordinates")
    }
    guard !isStraight(polygon) else {
      throw .polygon(found: "all its points on one line", expected: expected)
    }
    let (left, top) = (max(0, around.x), max(0, around.y))
    let (right, bottom) = (min(width - 1, around.right), min(height - 1, around.bottom))
    guard left <= right, top <= bottom else {
      throw .polygon(
        found: "its place at \(around.x),\(around.y) to \(around.right),\(around.bottom)",
        expected: "one on the page of \(width) × \(height)")
    }
    return PageBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  private static func isStraight(_ polygon: [PagePoint]) -> Bool {
    let first = polygon[0]
    guard let far = polygon.first(where: { $0 != first }) else { return true }
    return polygon.allSatisfy {
      (far.x - first.x) * ($0.y - first.y) == (far.y - first.y) * ($0.x - first.x)
    }
  }
}
