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
  /// Whether two lines lie one above the other, each with its ink about its own middle.
  fileprivate func stands(_ first: Line, clearOf second: Line) -> Bool {
    let common = min(first.right, second.right) - max(first.left, second.left)
    guard common * 2 >= min(first.right - first.left, second.right - second.left) else {
      return false
    }
    return separation(first, second) >= Self.leastSeparation
  }

  /// The two parts of one line's letters are less than this apart; two lines are seldom.
  private static var leastSeparation: Float { 3.2 }

  /// The distance of two lines' middles, in deviations of their ink from them.
  private func separation(_ first: Line, _ second: Line) -> Float {
    abs(extent(first).row - extent(second).row) / (deviation(first) + deviation(second))
  }

  private func deviation(_ line: Line) -> Float {
    var sum: Float = 0
    for component in line.components {
      for run in component.runs {
        let offset = Float(run.y) - middle(line.track, at: Float(run.start + run.end) / 2)
        sum += offset * offset * Float(run.length)
      }
    }
    return (sum / Float(max(1, line.ink))).squareRoot()
  }
}
