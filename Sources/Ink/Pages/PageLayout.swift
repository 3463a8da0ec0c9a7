/// One line of a page.
public struct PageLine: Sendable, Equatable {
  /// The outline around the line's ink in the page's own pixels, clockwise from the upper left.
  public var polygon: [PagePoint]
  /// The middle of the writing from left to right, in the page's own pixels.
  public var centerLine: [PagePoint]
  /// The smallest box around the polygon, inside the page.
  public var box: PageBox
  /// The line alone, level, dark on light, on even paper, without the ink of other lines.
  public var image: GrayImage
  /// Where the image lies on the level page.
  let origin: PagePoint
  /// How the level page lies on the page.
  let rotation: Rotation

  /// The place on the page of a place in ``image``: of a letter that was read there, for example.
  public func onPage(_ place: PagePoint) -> PagePoint {
    rotation.original(PagePoint(x: origin.x + place.x, y: origin.y + place.y))
  }
}

/// The lines of a page, in the order in which they are read.
public struct PageLayout: Sendable, Equatable {
  /// Columns of the page's image.
  public let width: Int
  /// Rows of the page's image.
  public let height: Int
  /// How far the page's lines fall to the right, in degrees; 0 if it was not straightened.
  public let skew: Double
  /// The lines in reading order.
  public let lines: [PageLine]

  /// What to draw over the page's image to show the lines that were found.
  public var outlines: [PageOutline] {
    lines.enumerated().map { index, line in
      PageOutline(
        order: index + 1, polygon: line.polygon, box: line.box,
        label: line.centerLine.first ?? PagePoint(x: Double(line.box.x), y: Double(line.box.y)))
    }
  }
}

/// A line's outline and number, for a picture of a page.
public struct PageOutline: Sendable, Equatable {
  /// The line's number in reading order, from 1.
  public let order: Int
  /// The outline, in the page's pixels.
  public let polygon: [PagePoint]
  /// The box around the outline.
  public let box: PageBox
  /// Where the writing begins: a place for the number.
  public let label: PagePoint
}
