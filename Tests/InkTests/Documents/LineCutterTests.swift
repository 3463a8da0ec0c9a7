import Ink
import Tensors
import Testing

@Suite struct LineCutterTests {
  /// A page whose pixels tell their place.
  private let page: GrayImage = {
    var page = GrayImage(width: 12, height: 10)
    for y in 0..<10 { for x in 0..<12 { page[x, y] = UInt8(20 * y + x) } }
    return page
  }()

  @Test func aRectangleIsCutWithItsEdges() throws {
    let cut = try page.cut(polygon: points(2, 3, 5, 3, 5, 4, 2, 4))
    #expect(cut == GrayImage(width: 4, height: 2, pixels: [62, 63, 64, 65, 82, 83, 84, 85]))
    let other = try page.cut(polygon: points(2, 3, 2, 4, 5, 4, 5, 3))
    #expect(other == cut)
  }

  @Test func outsideOfTheOutlineIsWhite() throws {
    let cut = try page.cut(polygon: points(1, 1, 5, 1, 1, 5))
    let expected: [UInt8] = [
      21, 22, 23, 24, 25, 41, 42, 43, 44, 255, 61, 62, 63, 255, 255, 81, 82, 255, 255, 255, 101,
      255, 255, 255, 255,
    ]
    #expect(cut == GrayImage(width: 5, height: 5, pixels: expected))
  }

  @Test func outsideOfTheOutlineIsPaper() throws {
    var page = GrayImage(width: 9, height: 9, filledWith: 200)
    page[2, 2] = 0
    let cut = try page.cut(polygon: points(1, 1, 7, 1, 1, 7), surroundings: .paper)
    #expect(cut[1, 1] == 0 && cut[6, 6] == 200 && cut[0, 0] == 200)
  }

  @Test func whatIsBeyondThePageIsCutOff() throws {
    let cut = try page.cut(polygon: points(-50, -7.5, 1.5, -7.5, 1.5, 1, -50, 1))
    #expect(cut == GrayImage(width: 3, height: 2, pixels: [0, 1, 255, 20, 21, 255]))
    let all = try page.cut(polygon: points(-9, -9, 99, -9, 99, 99, -9, 99))
    #expect(all == page)
  }

  @Test func bothLoopsOfACrossedOutlineAreInside() throws {
    let bow = try page.cut(polygon: points(0, 0, 8, 8, 8, 0, 0, 8))
    #expect(bow[0, 4] == 80 && bow[8, 4] == 88 && bow[4, 0] == 255 && bow[4, 4] == 84)
  }

  @Test func aPixelIsInsideWhereTheWindingNumberSaysSo() throws {
    var random = RandomSource(seed: 11)
    for _ in 0..<200 {
      let corners = (0..<(3 + Int(random.next() % 6))).map { _ in
        PagePoint(x: Double(random.next() % 48) / 4, y: Double(random.next() % 40) / 4)
      }
      guard let cut = try? page.cut(polygon: corners), let box = PageBox(around: corners) else {
        continue
      }
      for y in 0..<cut.height {
        for x in 0..<cut.width where x + box.x < 12 && y + box.y < 10 {
          let place = PagePoint(x: Double(x + box.x), y: Double(y + box.y))
          let inside = winding(corners, around: place) != 0 || isOn(corners, place)
          #expect(
            (cut[x, y] != 255) == inside, "\(corners) at \(place)")
        }
      }
    }
  }

  /// How often an outline goes around a point, from the signs of triangles.
  private func winding(_ corners: [PagePoint], around p: PagePoint) -> Int {
    var winding = 0
    for (a, b) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
      let side = (b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y)
      if a.y <= p.y, b.y > p.y, side > 0 { winding += 1 }
      if a.y > p.y, b.y <= p.y, side < 0 { winding -= 1 }
    }
    return winding
  }

  private func isOn(_ corners: [PagePoint], _ p: PagePoint) -> Bool {
    zip(corners, corners.dropFirst() + corners.prefix(1)).contains { a, b in
      (b.x - a.x) * (p.y - a.y) == (p.x - a.x) * (b.y - a.y)
        && min(a.x, b.x) <= p.x && p.x <= max(a.x, b.x)
        && min(a.y, b.y) <= p.y && p.y <= max(a.y, b.y)
    }
  }

  @Test func degenerateOutlinesAreRefused() {
    let bad = [
      [], points(1, 1), points(1, 1, 5, 5), points(1, 1, 3, 3, 5, 5), points(2, 2, 2, 2, 2, 2),
      points(.nan, 1, 5, 5, 1, 5), points(1, .infinity, 5, 5, 1, 5), points(1, 1, 1e9, 5, 1, 5),
      points(20, 0, 30, 0, 30, 9), points(0, -9, 5, -9, 5, -1),
      points(0.2, 0.2, 0.8, 0.2, 0.5, 0.8),
    ]
    for polygon in bad {
      #expect(throws: DocumentError.self, "\(polygon)") { try page.cut(polygon: polygon) }
    }
    let tiny = GrayImage(width: 0, height: 0)
    #expect(throws: DocumentError.self) { try tiny.cut(polygon: points(0, 0, 1, 0, 1, 1)) }
  }

  @Test func manyPointsAreCutInGoodTime() throws {
    let page = GrayImage(width: 2000, height: 300, filledWith: 9)
    let zigzag = (0..<4000).map { PagePoint(x: Double($0) / 2, y: $0 % 2 == 0 ? 0 : 299) }
    let cut = try page.cut(polygon: zigzag)
    #expect(cut.width == 2000 && cut.height == 300)
  }
}
