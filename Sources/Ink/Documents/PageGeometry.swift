/// A place on a page image, in pixels from its upper left corner; in JSON, `[x, y]`.
public struct PagePoint: Sendable, Equatable {
  /// To the right.
  public var x: Double
  /// Downwards.
  public var y: Double

  /// A point.
  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}

/// An upright rectangle of pixels on a page image.
public struct PageBox: Sendable, Equatable, Encodable {
  /// The first column.
  public var x: Int
  /// The first row.
  public var y: Int
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A box.
  public init(x: Int, y: Int, width: Int, height: Int) {
    precondition(
      width >= 0 && height >= 0, "PageBox: got \(width) × \(height), expected no negative size")
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// The smallest box with all these points in it; nil without points, or if one is beyond
  /// ``PagePoint/limit``.
  public init?(around points: [PagePoint]) {
    guard let first = points.first else { return nil }
    var (low, high) = (first, first)
    for point in points {
      guard abs(point.x) <= PagePoint.limit, abs(point.y) <= PagePoint.limit else { return nil }
      (low.x, low.y) = (min(low.x, point.x), min(low.y, point.y))
      (high.x, high.y) = (max(high.x, point.x), max(high.y, point.y))
    }
    let (x, y) = (Int(low.x.rounded(.down)), Int(low.y.rounded(.down)))
    self.init(
      x: x, y: y, width: Int(high.x.rounded(.up)) - x, height: Int(high.y.rounded(.up)) - y)
  }

  /// The first column to the right of the box.
  public var right: Int { x + width }
  /// The first row below the box.
  public var bottom: Int { y + height }

  /// The smallest box with both in it.
  func union(_ other: PageBox) -> PageBox {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return PageBox(
      x: left, y: top, width: max(right, other.right) - left,
      height: max(bottom, other.bottom) - top)
  }

  /// The corners, clockwise from the upper left.
  public var corners: [PagePoint] {
    [(x, y), (right, y), (right, bottom), (x, bottom)].map {
      PagePoint(x: Double($0.0), y: Double($0.1))
    }
  }
}

extension PagePoint: Encodable {
  /// Writes `[x, y]`.
  public func encode(to encoder: any Encoder) throws {
    var numbers = encoder.unkeyedContainer()
    try numbers.encode(x)
    try numbers.encode(y)
  }
}

extension PagePoint {
  /// No page is so large that a coordinate's magnitude is above this.
  public static let limit = 1e6

  /// The most points that an outline may have.
  static let countLimit = 100_000

  /// Reads `x,y x,y ...` or `x y x y ...`, as PAGE and ALTO write outlines.
  ///
  /// - Returns: The points, or what was found in place of them.
  static func list(_ text: String) -> Result<[PagePoint], CoordinateError> {
    var numbers: [Double] = []
    let words = text.utf8.split { $0 == 0x2C || $0 == 0x20 || (0x09...0x0D).contains($0) }
    guard words.count <= 2 * countLimit else { return .failure(CoordinateError(.tooMany)) }
    numbers.reserveCapacity(words.count)
    for word in words {
      guard let number = coordinate(Substring(word)) else {
        return .failure(CoordinateError(.notANumber(String(Substring(word).prefix(40)))))
      }
      numbers.append(number)
    }
    guard numbers.count % 2 == 0 else { return .failure(CoordinateError(.odd(numbers.count))) }
    return .success(
      stride(from: 0, to: numbers.count, by: 2).map {
        PagePoint(x: numbers[$0], y: numbers[$0 + 1])
      })
  }

  /// A coordinate: finite, and within ``limit``.
  static func coordinate(_ text: some StringProtocol) -> Double? {
    guard let number = Double(text), abs(number) <= limit else { return nil }
    return number
  }
}

/// Why a list of coordinates could not be read.
struct CoordinateError: Error, Equatable {
  enum Kind: Equatable { case notANumber(String), odd(Int), tooMany }
  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  /// What was found.
  var found: String {
    switch kind {
    case .notANumber(let text): "the coordinate '\(text)'"
    case .odd(let count): "\(count) coordinates"
    case .tooMany: "more than \(PagePoint.countLimit) points"
    }
  }
}
