extension PageSegmenter {
  /// Whether an image holds a page, with several lines of writing, rather than a single line.
  ///
  /// A line's image often shows remains of the lines above and below. So the second line of a page
  /// must be as wide as a few letters, stand clear above or below another one, be about as strong,
  /// and be whole: not cut off by the edge of the image.
  ///
  /// - Complexity: That of finding the lines.
  public func isPage(_ image: GrayImage) -> Bool {
    guard let page = LevelPage(image, configuration) else { return false }
    let found = PageLines(page, configuration)
    let usual = found.lines.map(\.ink).max() ?? 0
    let whole = found.lines.filter { line in
      line.ink * 5 >= usual && Float(line.right - line.left) >= 1.5 * found.pitch
        && line.top > 0 && line.bottom < page.image.height
    }
    return whole.indices.contains { i in
      whole.indices.contains { j in i < j && found.stands(whole[i], clearOf: whole[j]) }
    }
  }
}

extension PageLines {
  /// Whether two lines lie one above the other, with most of the ink of each beyond the other's.
  fileprivate func stands(_ first: Line, clearOf second: Line) -> Bool {
    let common = min(first.right, second.right) - max(first.left, second.left)
    guard common * 2 >= min(first.right - first.left, second.right - second.left) else {
      return false
    }
    let distance = abs(extent(first).row - extent(second).row)
    return distance >= 0.6 * pitch
  }
}
