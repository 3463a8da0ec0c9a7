/// The solid black that a scanner leaves around a page.
///
/// Blocks that are nearly all ink and joined to the edge of the image through such blocks are
/// border, with the blocks next to them. Strokes of a pen are thinner than a block.
enum ScannerBorder {
  /// Brighter pixels are not border.
  private static let darkness: UInt8 = 100

  /// Lays paper over the border.
  static func remove(from image: inout GrayImage) {
    let mask = InkMask(image, darkerThan: darkness)
    let block = max(12, min(mask.width, mask.height) / 100)
    let (columns, rows) = (mask.width / block, mask.height / block)
    guard columns >= 3, rows >= 3 else { return }
    let solid = solidBlocks(mask, block: block, columns: columns, rows: rows)
    let border = joinedToEdge(solid, columns: columns, rows: rows)
    guard border.contains(true) else { return }
    for row in 0..<rows {
      for column in 0..<columns where isNear(border, column, row, columns, rows) {
        // The last block of a row or column takes what is left of the image.
        let (x0, y0) = (column * block, row * block)
        let x1 = column == columns - 1 ? mask.width : x0 + block
        let y1 = row == rows - 1 ? mask.height : y0 + block
        for y in y0..<y1 {
          for x in x0..<x1 { image.pixels[y * mask.width + x] = 255 }
        }
      }
    }
  }

  private static func solidBlocks(
    _ mask: InkMask, block: Int, columns: Int, rows: Int
  ) -> [Bool] {
    var counts = [Int](repeating: 0, count: columns * rows)
    mask.cells.withUnsafeBufferPointer { cells in
      counts.withUnsafeMutableBufferPointer { counts in
        for y in 0..<rows * block {
          for x in 0..<columns * block {
            counts[y / block * columns + x / block] += Int(cells[y * mask.width + x])
          }
        }
      }
    }
    return counts.map { $0 * 10 >= block * block * 9 }
  }

  private static func joinedToEdge(_ solid: [Bool], columns: Int, rows: Int) -> [Bool] {
    var found = [Bool](repeating: false, count: solid.count)
    var open: [Int] = []
    func visit(_ x: Int, _ y: Int) {
      guard (0..<columns).contains(x), (0..<rows).contains(y) else { return }
      let index = y * columns + x
      if solid[index], !found[index] {
        found[index] = true
        open.append(index)
      }
    }
    for x in 0..<columns { for y in [0, rows - 1] { visit(x, y) } }
    for y in 0..<rows { for x in [0, columns - 1] { visit(x, y) } }
    while let index = open.popLast() {
      let (x, y) = (index % columns, index / columns)
      for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)] { visit(x + dx, y + dy) }
    }
    return found
  }

  private static func isNear(
    _ border: [Bool], _ column: Int, _ row: Int, _ columns: Int, _ rows: Int
  ) -> Bool {
    for y in max(0, row - 1)...min(rows - 1, row + 1) {
      for x in max(0, column - 1)...min(columns - 1, column + 1) where border[y * columns + x] {
        return true
      }
    }
    return false
  }
}
