import Tensors

/// Whether classes can be told apart by a linear threshold, and by how wide a margin.
///
/// With *x* an example and a constant 1 besides, *z = ±x* for two classes; for more, Kesler's
/// construction gives for each example and wrong class a vector *z* that holds *x* at the weights of
/// the right class and *−x* at those of the wrong one. All examples are classified rightly by *w* if
/// *w · z > 0* for all *z*. The greatest margin that weights of length 1 reach is the distance of the
/// convex hull of all *z* from the origin; if the origin is in it, no weights will do (Gordan 1873):
/// for two classes, their own convex hulls then meet.
///
/// The nearest point of the hull is found by the method of Mitchell, Dem'yanov and Malozemov (1974).
/// On its way, the length of the point that it has reached is never less than the greatest margin, and
/// the margin of the point itself, taken as weights, is never more.
public struct LinearSeparation: Sendable, Equatable {
  /// What was found out.
  public enum Verdict: Sendable, Equatable {
    /// The weights found separate all examples.
    case separable
    /// The origin is in the hull, up to rounding.
    case notSeparable
    /// The work that was allowed did not suffice to tell.
    case undecided
  }

  /// Whether the classes can be told apart.
  public let verdict: Verdict
  /// R, the length of the longest *z*.
  public let radius: Double
  /// γ, the margin of the weights found; above 0 if they separate.
  public let margin: Double
  /// The greatest margin is not more than this.
  public let greatestMargin: Double

  /// (R / γ)², which the mistakes of the perceptron rule from zero cannot exceed, in whatever order the
  /// examples come (Novikoff 1962); nil where the classes are not known to be separable.
  public var mistakeBound: Double? {
    guard verdict == .separable else { return nil }
    return (radius / margin) * (radius / margin)
  }

  /// Finds out.
  ///
  /// - Parameters:
  ///   - weights: Weights that may separate the examples, `[unit, featureCount + 1]`, such as those of a
  ///     perceptron; they count if their margin is wider than the one found.
  ///   - tolerance: How much of the greatest margin the weights may miss.
  ///   - work: How many multiplications may be spent.
  public init(
    _ examples: PerceptronExamples, classCount: Int, weights: Tensor? = nil,
    tolerance: Double = 1e-3, work: Int = 4_000_000_000
  ) {
    precondition(classCount > 1, "LinearSeparation: got \(classCount) classes, expected 2 or more")
    var search = NearestPointSearch(examples, unitCount: classCount == 2 ? 1 : classCount)
    let smallest = Self.rounding * search.radius
    var work = work
    while true {
      let lower = search.lowest.value / max(search.length, .leastNormalMagnitude)
      if search.length <= smallest || lower >= (1 - tolerance) * search.length { break }
      work -= search.step()
      if work <= 0 { break }
    }
    search.refresh()
    radius = search.radius
    greatestMargin = search.length
    margin = max(
      search.lowest.value / max(search.length, .leastNormalMagnitude),
      weights.map { search.margin(of: $0) } ?? -.infinity)
    verdict =
      margin > 0 && greatestMargin > smallest
      ? .separable : greatestMargin <= Self.touching * radius ? .notSeparable : .undecided
  }

  /// The search for the origin ends at so small a share of the radius.
  private static let rounding = 1e-12
  /// What is taken for zero when it has ended without finding it, as a share of the radius.
  private static let touching = 1e-8
}

/// The point of the convex hull of all *z* that is nearest to the origin, step by step.
private struct NearestPointSearch {
  /// A *z*: an example and a class that is wrong for it (0 for two classes).
  struct Vertex: Hashable { var example, rival: Int }

  private let x: [Double]
  private let labels: [Int]
  private let width: Int
  private let units: Int
  /// The point, a row for each unit.
  private var point: [Double]
  /// The shares of the vertices that make it up, in the order in which they came.
  private var shares: [(vertex: Vertex, share: Double)]
  /// The product of each example with each row of the point.
  private var scores: [Double]
  private var columns: [Int: [Double]] = [:]

  let radius: Double
  private(set) var length = 0.0
  private(set) var lowest: (vertex: Vertex, value: Double)

  init(_ examples: PerceptronExamples, unitCount: Int) {
    let (count, features) = (examples.features.shape[0], examples.features.shape[1])
    let width = features + 1
    var x = [Double](repeating: 1, count: count * width)
    for (index, value) in examples.features.scalars.enumerated() {
      x[index / features * width + index % features] = Double(value)
    }
    let norms = (0..<count).map { row in
      x[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }
    }
    let factor = unitCount == 1 ? 1.0 : 2.0
    radius = (factor * (norms.max() ?? 0)).squareRoot()
    let first = norms.indices.min { norms[$0] < norms[$1] } ?? 0
    (self.x, labels, self.width, units) = (x, examples.labels, width, unitCount)
    let rival = unitCount == 1 ? 0 : labels[first] == 0 ? 1 : 0
    shares = [(Vertex(example: first, rival: rival), 1)]
    point = [Double](repeating: 0, count: unitCount * width)
    scores = [Double](repeating: 0, count: count * unitCount)
    lowest = (shares[0].vertex, 0)
    refresh()
  }

  /// Computes everything anew from the shares, free of what rounding has summed up.
  mutating func refresh() {
    for index in point.indices { point[index] = 0 }
    for (vertex, share) in shares {
      for (unit, sign) in parts(of: vertex) {
        for column in 0..<width {
          point[unit * width + column] += sign * share * x[vertex.example * width + column]
        }
      }
    }
    for row in labels.indices {
      for unit in 0..<units { scores[row * units + unit] = product(row, unit) }
    }
    survey()
  }

  /// The margin of other weights.
  func margin(of weights: Tensor) -> Double {
    precondition(
      weights.count == point.count,
      "LinearSeparation: got weights \(weights.shape), expected [\(units), \(width)]")
    var other = self
    other.point = weights.scalars.map { Double($0) }
    for row in labels.indices {
      for unit in 0..<units { other.scores[row * units + unit] = other.product(row, unit) }
    }
    other.survey()
    return other.length > 0 ? other.lowest.value / other.length : -.infinity
  }

  /// Moves weight from the farthest vertex of the point to the lowest of all; returns the work.
  mutating func step() -> Int {
    let from = shares.indices.max { value(shares[$0].vertex) < value(shares[$1].vertex) } ?? 0
    let (farthest, share) = shares[from]
    let gain = value(farthest) - lowest.value
    let distance = distanceSquared(farthest, lowest.vertex)
    let amount = distance > 0 ? min(share, gain / distance) : share
    var work = labels.count * (units + 2)
    work += add(lowest.vertex, amount) + add(farthest, -amount)
    if amount >= share { shares.remove(at: from) } else { shares[from].share -= amount }
    if let place = shares.firstIndex(where: { $0.vertex == lowest.vertex }) {
      shares[place].share += amount
    } else {
      shares.append((lowest.vertex, amount))
    }
    survey()
    return work
  }

  /// The units that a vertex has a part at, and with which sign.
  private func parts(of vertex: Vertex) -> [(unit: Int, sign: Double)] {
    let label = labels[vertex.example]
    return units == 1 ? [(0, label == 1 ? 1 : -1)] : [(label, 1), (vertex.rival, -1)]
  }

  private func value(_ vertex: Vertex) -> Double {
    parts(of: vertex).reduce(0) { $0 + $1.sign * scores[vertex.example * units + $1.unit] }
  }

  private func product(_ row: Int, _ unit: Int) -> Double {
    x.withUnsafeBufferPointer { x in
      point.withUnsafeBufferPointer { point in
        Self.dot(x, row * width, point, unit * width, width)
      }
    }
  }

  private static func dot(
    _ a: UnsafeBufferPointer<Double>, _ from: Int, _ b: UnsafeBufferPointer<Double>, _ at: Int,
    _ count: Int
  ) -> Double {
    var lanes = SIMD4<Double>()
    var index = 0
    while index + 4 <= count {
      let left = SIMD4(
        a[from + index], a[from + index + 1], a[from + index + 2], a[from + index + 3])
      let right = SIMD4(b[at + index], b[at + index + 1], b[at + index + 2], b[at + index + 3])
      lanes += left * right
      index += 4
    }
    var sum = lanes.sum()
    while index < count {
      sum += a[from + index] * b[at + index]
      index += 1
    }
    return sum
  }

  private func distanceSquared(_ a: Vertex, _ b: Vertex) -> Double {
    var sum = 0.0
    for unit in 0..<units {
      let left = parts(of: a).first { $0.unit == unit }?.sign ?? 0
      let right = parts(of: b).first { $0.unit == unit }?.sign ?? 0
      guard left != 0 || right != 0 else { continue }
      for column in 0..<width {
        let difference =
          left * x[a.example * width + column] - right * x[b.example * width + column]
        sum += difference * difference
      }
    }
    return sum
  }

  /// Adds an amount of a vertex to the point and its scores; returns the work.
  private mutating func add(_ vertex: Vertex, _ amount: Double) -> Int {
    let (column, work) = products(with: vertex.example)
    for (unit, sign) in parts(of: vertex) {
      for index in 0..<width {
        point[unit * width + index] += sign * amount * x[vertex.example * width + index]
      }
      scores.withUnsafeMutableBufferPointer { scores in
        column.withUnsafeBufferPointer { column in
          for row in 0..<column.count { scores[row * units + unit] += sign * amount * column[row] }
        }
      }
    }
    return work
  }

  /// The products of all examples with one of them, kept as long as there is room.
  private mutating func products(with example: Int) -> (column: [Double], work: Int) {
    if let known = columns[example] { return (known, 0) }
    let column = x.withUnsafeBufferPointer { x in
      labels.indices.map { Self.dot(x, $0 * width, x, example * width, width) }
    }
    if (columns.count + 1) * column.count > 8_000_000 { columns = [:] }
    columns[example] = column
    return (column, column.count * width)
  }

  /// Finds the length of the point and the vertex with the lowest product with it.
  private mutating func survey() {
    length = point.reduce(0) { $0 + $1 * $1 }.squareRoot()
    lowest.value = .infinity
    scores.withUnsafeBufferPointer { scores in
      for (row, label) in labels.enumerated() {
        if units == 1 {
          let value = label == 1 ? scores[row] : -scores[row]
          if value < lowest.value { lowest = (Vertex(example: row, rival: 0), value) }
          continue
        }
        for rival in 0..<units where rival != label {
          let value = scores[row * units + label] - scores[row * units + rival]
          if value < lowest.value { lowest = (Vertex(example: row, rival: rival), value) }
        }
      }
    }
  }
}
