import Ink

/// A picture whose lines are found, cut out and normalised, ready to be read.
public struct PreparedPage: Sendable {
  /// What the picture is called in results.
  public let name: String
  /// Columns of the picture.
  public let width: Int
  /// Rows of the picture.
  public let height: Int
  /// Whether it was split into lines.
  public let isPage: Bool
  /// The lines in the order of reading.
  public let lines: [PreparedLine]
}

/// A line, ready to be read, and where its letters lie in the picture.
public struct PreparedLine: Sendable {
  /// What the network sees.
  public let normalized: GrayImage
  /// The smallest box around the line in the picture.
  public let box: PageBox
  /// Its outline in the picture; nil where the line is the picture.
  public let polygon: [PagePoint]?
  private let placement: LinePlacement
  private let ink: InkExtent
  private let line: PageLine?

  /// A picture that is one line.
  init(whole image: GrayImage, normalizer: LineNormalizer) {
    (normalized, placement) = normalizer.placed(image)
    (ink, line, polygon) = (InkExtent(image), nil, nil)
    box = PageBox(x: 0, y: 0, width: image.width, height: image.height)
  }

  /// A line of a page.
  init(_ line: PageLine, normalizer: LineNormalizer) {
    (normalized, placement) = normalizer.placed(line.image)
    (ink, self.line) = (InkExtent(line.image), line)
    (box, polygon) = (line.box, line.polygon)
  }

  /// The box in the picture around the ink of some columns of the normalised line.
  func box(ofColumns columns: ClosedRange<Double>) -> PageBox {
    let width = Double(ink.width)
    let left = min(max(0, placement.original(columns.lowerBound)), width)
    let right = min(max(left, placement.original(columns.upperBound)), width)
    let rows = ink.rows(left: Int(left), right: Int(right.rounded(.up)))
    let (top, bottom) = (Double(rows.lowerBound), Double(rows.upperBound))
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map {
      let corner = PagePoint(x: $0.0, y: $0.1)
      return line?.onPage(corner) ?? corner
    }
    return PageBox(around: corners) ?? box
  }
}

/// The rows that hold ink, column by column.
private struct InkExtent: Sendable {
  private let tops: [Int32]
  private let bottoms: [Int32]
  private let height: Int

  var width: Int { tops.count }

  /// Ink is what is nearer to the darkest pixel than to the median one, the paper; on dark paper, to
  /// the lightest.
  init(_ image: GrayImage) {
    height = image.height
    let image = image.isLightOnDark ? image.inverted : image
    var histogram = [Int](repeating: 0, count: 256)
    for pixel in image.pixels { histogram[Int(pixel)] += 1 }
    var (seen, paper) = (0, 255)
    for level in 0..<256 {
      seen += histogram[level]
      if 2 * seen >= image.pixels.count {
        paper = level
        break
      }
    }
    let darkest = histogram.firstIndex { $0 > 0 } ?? 0
    let limit = paper - darkest < 16 ? -1 : (paper + darkest) / 2
    var tops = [Int32](repeating: .max, count: image.width)
    var bottoms = [Int32](repeating: -1, count: image.width)
    for row in 0..<image.height {
      for column in 0..<image.width where Int(image.pixels[row * image.width + column]) <= limit {
        tops[column] = min(tops[column], Int32(row))
        bottoms[column] = Int32(row)
      }
    }
    (self.tops, self.bottoms) = (tops, bottoms)
  }

  /// The rows of the ink between two columns; all rows where there is none.
  func rows(left: Int, right: Int) -> Range<Int> {
    let columns = max(0, min(left, width))..<max(0, min(max(left, right), width))
    let top = tops[columns].min() ?? .max
    let bottom = bottoms[columns].max() ?? -1
    return bottom < 0 ? 0..<height : Int(top)..<Int(bottom) + 1
  }
}
