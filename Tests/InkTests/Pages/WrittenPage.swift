import Foundation
import Ink
import Tensors

/// A page of random 'writing' whose lines are known: words of connected arcs with ascenders and
/// descenders, drawn with a round pen.
struct WrittenPage {
  private(set) var image: GrayImage
  /// For each pixel, the number of the line whose ink it is, from 1; 0 is paper.
  private(set) var truth: [UInt16]
  private(set) var lineCount = 0

  init(width: Int, height: Int) {
    image = GrayImage(width: width, height: height)
    truth = [UInt16](repeating: 0, count: width * height)
  }

  /// Writes a line with its letters' middles at `y`, falling by `slope` pixels per pixel.
  mutating func write(
    x: Int, y: Int, width: Int, letter: Float = 18, slope: Float = 0,
    random: inout RandomSource
  ) {
    lineCount += 1
    var place = Float(x)
    while place < Float(x + width) - letter {
      let end = min(Float(x + width), place + letter * random.uniform(in: 2...7))
      var previous = (x: place, y: Float(y) + slope * (place - Float(x)))
      while place < end {
        let base = Float(y) + slope * (place - Float(x))
        place += letter * random.uniform(in: 0.25...0.45)
        let kind = random.uniform()
        let reach: Float = kind < 0.12 ? -1.3 : kind > 0.9 ? 1.4 : random.chance(0.5) ? -0.5 : 0.5
        let next = (x: place, y: base + reach * letter)
        stroke(previous, next, thickness: max(1.2, letter / 9))
        previous = (x: next.x, y: base + (reach > 0 ? 0.5 : -0.5) * letter)
        stroke(next, previous, thickness: max(1.2, letter / 9))
      }
      place += letter * random.uniform(in: 0.7...1.3)
    }
  }

  private mutating func stroke(
    _ start: (x: Float, y: Float), _ end: (x: Float, y: Float), thickness: Float
  ) {
    let steps = Int(max(abs(end.x - start.x), abs(end.y - start.y))) * 2 + 1
    let reach = Int(thickness.rounded(.up))
    for step in 0...steps {
      let part = Float(step) / Float(steps)
      let (x, y) = (start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
      for row in Int(y) - reach...Int(y) + reach {
        for column in Int(x) - reach...Int(x) + reach
        where (0..<image.width).contains(column) && (0..<image.height).contains(row) {
          let distance = hypot(Float(column) - x, Float(row) - y)
          guard distance <= thickness / 2 + 0.5 else { continue }
          image[column, row] = min(image[column, row], distance <= thickness / 2 ? 25 : 120)
          truth[row * image.width + column] = UInt16(lineCount)
        }
      }
    }
  }

  /// Turns page and truth about the centre so that lines fall to the right by `degrees`.
  func turned(by degrees: Double) -> WrittenPage {
    var turned = WrittenPage(width: image.width, height: image.height)
    turned.lineCount = lineCount
    let (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    let (cx, cy) = (Double(image.width) / 2, Double(image.height) / 2)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let (dx, dy) = (Double(x) - cx, Double(y) - cy)
        let oldX = Int((cx + dx * cosine + dy * sine).rounded())
        let oldY = Int((cy - dx * sine + dy * cosine).rounded())
        if (0..<image.width).contains(oldX), (0..<image.height).contains(oldY) {
          turned.image[x, y] = image[oldX, oldY]
          turned.truth[y * image.width + x] = truth[oldY * image.width + oldX]
        }
      }
    }
    return turned
  }

  /// Changes each pixel, for rules, light and borders.
  mutating func change(_ pixel: (_ x: Int, _ y: Int, _ old: UInt8) -> UInt8) {
    for y in 0..<image.height {
      for x in 0..<image.width { image[x, y] = pixel(x, y, image[x, y]) }
    }
  }

  /// For each found line, the true line whose ink it holds with an intersection over union of at
  /// least three quarters; nil where there is none.
  func matches(_ layout: PageLayout) -> [Int?] {
    var owners = [Int](repeating: -1, count: truth.count)
    for reach in 0...1 {
      for (index, line) in layout.lines.enumerated() {
        for y in 0..<line.image.height {
          for x in 0..<line.image.width where line.image[x, y] < 170 {
            let place = line.onPage(PagePoint(x: Double(x) + 0.5, y: Double(y) + 0.5))
            claim(&owners, Int(place.x), Int(place.y), reach, index)
          }
        }
      }
    }
    var shared = [[Int]](
      repeating: [Int](repeating: 0, count: lineCount), count: layout.lines.count)
    var sizes = [Int](repeating: 0, count: lineCount)
    for (owner, line) in zip(owners, truth) where line > 0 {
      sizes[Int(line) - 1] += 1
      if owner >= 0 { shared[owner][Int(line) - 1] += 1 }
    }
    return shared.map { counts in
      let all = counts.reduce(0, +)
      return counts.indices.first { counts[$0] * 4 >= (sizes[$0] + all - counts[$0]) * 3 }
    }
  }

  private func claim(_ owners: inout [Int], _ x: Int, _ y: Int, _ reach: Int, _ owner: Int) {
    for row in max(0, y - reach)...max(0, min(image.height - 1, y + reach)) {
      for column in max(0, x - reach)...max(0, min(image.width - 1, x + reach))
      where owners[row * image.width + column] < 0 {
        owners[row * image.width + column] = owner
      }
    }
  }

  /// A page of full lines.
  static func ofLines(
    _ count: Int, pitch: Int = 62, width: Int = 1000, letter: Float = 18, slope: Float = 0,
    seed: UInt64 = 1
  ) -> WrittenPage {
    var random = RandomSource(seed: seed)
    var page = WrittenPage(width: width, height: (count + 2) * pitch)
    for line in 0..<count {
      page.write(
        x: 60 + random.integer(in: 0...20), y: pitch * 3 / 2 + line * pitch,
        width: line % 4 == 3 ? width / 2 : width - 140, letter: letter,
        slope: random.uniform(in: -slope...max(slope, 0)), random: &random)
    }
    return page
  }
}
