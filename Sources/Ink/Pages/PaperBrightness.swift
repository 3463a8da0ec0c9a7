/// Division of grey values by the brightness of the paper under them.
///
/// The paper of a tile is its brightest tenth; tiles without paper (thick black, a scanner's
/// border) borrow from their neighbours; what remains is smoothed and interpolated between the
/// centres of the tiles.
struct PaperBrightness {
  private let tile: Int
  private let columns: Int
  private let rows: Int
  private var levels: [Float]

  /// Tiles darker than this part of the page's paper hold no paper.
  private static let darkest: Float = 0.35

  init(of image: GrayImage) {
    tile = max(16, min(image.width, image.height) / 64)
    columns = max(1, (image.width + tile - 1) / tile)
    rows = max(1, (image.height + tile - 1) / tile)
    levels = [Float](repeating: 0, count: columns * rows)
    for row in 0..<rows {
      for column in 0..<columns { levels[row * columns + column] = brightTenth(image, column, row) }
    }
    fillDarkTiles()
    smooth()
  }

  private func brightTenth(_ image: GrayImage, _ column: Int, _ row: Int) -> Float {
    let (x0, y0) = (column * tile, row * tile)
    let (x1, y1) = (min(image.width, x0 + tile), min(image.height, y0 + tile))
    var counts = [Int](repeating: 0, count: 256)
    image.pixels.withUnsafeBufferPointer { pixels in
      counts.withUnsafeMutableBufferPointer { counts in
        for y in y0..<y1 {
          for x in x0..<x1 { counts[Int(pixels[y * image.width + x])] += 1 }
        }
      }
    }
    var left = (x1 - x0) * (y1 - y0) / 10
    for value in stride(from: 255, to: 0, by: -1) {
      left -= counts[value]
      if left < 0 { return Float(value) }
    }
    return 0
  }

  /// Rounds of borrowing from the neighbours that have paper, until every tile has.
  private mutating func fillDarkTiles() {
    let paper = levels.sorted()[levels.count * 3 / 4]
    var known = levels.map { $0 >= Self.darkest * paper && $0 > 0 }
    guard known.contains(true) else {
      levels = levels.map { _ in 255 }
      return
    }
    while known.contains(false) {
      let (before, knownBefore) = (levels, known)
      for index in levels.indices where !knownBefore[index] {
        let near = neighbours(index).filter { knownBefore[$0] }
        if near.isEmpty { continue }
        levels[index] = near.reduce(0) { $0 + before[$1] } / Float(near.count)
        known[index] = true
      }
    }
  }

  /// The brightest of each neighbourhood, then the mean: ink-filled tiles count as paper.
  private mutating func smooth() {
    let before = levels
    for index in levels.indices {
      levels[index] = neighbours(index).reduce(before[index]) {
        max($0, min(before[$1], before[index] * 1.15))
      }
    }
    let raised = levels
    for index in levels.indices {
      let near = neighbours(index)
      levels[index] = near.reduce(raised[index]) { $0 + raised[$1] } / Float(near.count + 1)
    }
  }

  private func neighbours(_ index: Int) -> [Int] {
    let (row, column) = (index / columns, index % columns)
    var found: [Int] = []
    for y in max(0, row - 1)...min(rows - 1, row + 1) {
      for x in max(0, column - 1)...min(columns - 1, column + 1) where y != row || x != column {
        found.append(y * columns + x)
      }
    }
    return found
  }

  /// The image with even paper: white where it is as bright as its paper.
  func divided(_ image: GrayImage) -> GrayImage {
    var result = image
    let (width, height) = (image.width, image.height)
    let across = (0..<width).map { position($0, columns) }
    result.pixels.withUnsafeMutableBufferPointer { pixels in
      levels.withUnsafeBufferPointer { levels in
        for y in 0..<height {
          let (row, down) = position(y, rows)
          let (upper, lower) = (row * columns, min(row + 1, rows - 1) * columns)
          for x in 0..<width {
            let (column, right) = across[x]
            let next = min(column + 1, columns - 1)
            let top = levels[upper + column] * (1 - right) + levels[upper + next] * right
            let bottom = levels[lower + column] * (1 - right) + levels[lower + next] * right
            let paper = top * (1 - down) + bottom * down
            let value = Float(pixels[y * width + x]) * 255 / paper
            pixels[y * width + x] = UInt8(min(255, value + 0.5))
          }
        }
      }
    }
    return result
  }

  /// The tile whose centre lies before a pixel, and how far the pixel is on the way to the next.
  private func position(_ pixel: Int, _ count: Int) -> (tile: Int, part: Float) {
    let place = (Float(pixel) + 0.5) / Float(tile) - 0.5
    let index = min(max(0, Int(place)), count - 1)
    return (index, min(max(0, place - Float(index)), 1))
  }
}
