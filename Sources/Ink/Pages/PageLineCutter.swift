/// Cuts the image of one line out of a level page, and draws the outline around its ink.
struct LineCutter {
  let page: GrayImage
  let rotation: Rotation
  /// Pixels from line to line.
  let pitch: Float
  let margin: Int
  /// For each pixel, the number of the line whose ink it is, from 1; 0 is paper, and the largest
  /// number is ink that belongs to no line.
  private var owners: [UInt16]

  /// Ink of no line.
  private static let nobody = UInt16.max

  /// Pixels around a stroke that are still its own: its soft edge.
  private let halo: Int

  init(
    page: GrayImage, rotation: Rotation, mask: InkMask, lines: [[InkComponent]],
    pitch: Float, margin: Int
  ) {
    (self.page, self.rotation, self.pitch, self.margin) = (page, rotation, pitch, margin)
    halo = max(1, Int(pitch / 40))
    owners = [UInt16](repeating: 0, count: page.pixels.count)
    owners.withUnsafeMutableBufferPointer { owners in
      for at in owners.indices where mask.cells[at] != 0 { owners[at] = Self.nobody }
      for (index, components) in lines.enumerated() {
        let number = UInt16(min(index + 1, Int(Self.nobody) - 1))
        for component in components {
          for run in component.runs {
            for x in run.start..<run.end { owners[Int(run.y) * page.width + Int(x)] = number }
          }
        }
      }
    }
  }

  /// The line with the number `index + 1` whose ink is `components`.
  func line(_ index: Int, _ components: [InkComponent], centerLine: [PagePoint]) -> PageLine {
    let envelope = Envelope(
      components, step: max(4, Int(pitch / 8)), reach: Int(pitch / 2), margin: margin,
      width: page.width, height: page.height)
    let outline = envelope.outline.map { clamped(rotation.original($0)) }
    return PageLine(
      polygon: outline, centerLine: centerLine.map { clamped(rotation.original($0)) },
      box: box(around: outline), image: cut(UInt16(index + 1), envelope),
      origin: PagePoint(x: Double(envelope.box.x), y: Double(envelope.box.y)), rotation: rotation)
  }

  private func clamped(_ point: PagePoint) -> PagePoint {
    PagePoint(
      x: min(max(point.x, 0), Double(rotation.originalWidth)),
      y: min(max(point.y, 0), Double(rotation.originalHeight)))
  }

  private func box(around polygon: [PagePoint]) -> PageBox {
    let (xs, ys) = (polygon.map(\.x), polygon.map(\.y))
    let (left, top) = (Int((xs.min() ?? 0).rounded(.down)), Int((ys.min() ?? 0).rounded(.down)))
    let (right, bottom) = (Int((xs.max() ?? 0).rounded(.up)), Int((ys.max() ?? 0).rounded(.up)))
    return PageBox(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The pixels inside the envelope, with paper over the ink of others and its soft edges.
  private func cut(_ number: UInt16, _ envelope: Envelope) -> GrayImage {
    let box = envelope.box
    var image = GrayImage(width: box.width, height: box.height)
    image.pixels.withUnsafeMutableBufferPointer { output in
      page.pixels.withUnsafeBufferPointer { input in
        owners.withUnsafeBufferPointer { owners in
          for x in box.x..<box.x + box.width {
            let (top, bottom) = envelope.rows(at: x)
            for y in top..<bottom
            where isKept(x, y, number, owners, value: input[y * page.width + x]) {
              output[(y - box.y) * box.width + x - box.x] = input[y * page.width + x]
            }
          }
        }
      }
    }
    return image
  }

  /// Whether a pixel is the line's own: its ink, or paper and edges not nearer to foreign ink.
  @inline(__always)
  private func isKept(
    _ x: Int, _ y: Int, _ number: UInt16, _ owners: UnsafeBufferPointer<UInt16>, value: UInt8
  ) -> Bool {
    let owner = owners[y * page.width + x]
    if owner != 0 || value == 255 { return owner == number }
    for distance in 1...halo {
      var isForeign = false
      for row in max(0, y - distance)...min(page.height - 1, y + distance) {
        let isEdge = abs(row - y) == distance
        var column = x - distance
        while column <= x + distance {
          if column >= 0, column < page.width {
            let other = owners[row * page.width + column]
            if other == number { return true }
            if other != 0 { isForeign = true }
          }
          column += isEdge ? 1 : 2 * distance
        }
      }
      if isForeign { return false }
    }
    return true
  }
}
