/// Directions, turns and the vicinity of a point.
extension Trajectory {
  /// The unit vector from a point to the next, (0, 0) if they coincide.
  func direction(from index: Int) -> (x: Double, y: Double) {
    guard index >= 0, index + 1 < count else { return (0, 0) }
    let (dx, dy) = (xs[index + 1] - xs[index], ys[index + 1] - ys[index])
    let length = (dx * dx + dy * dy).squareRoot()
    return length > 0 ? (dx / length, dy / length) : (0, 0)
  }

  /// Writes the writing direction and the curvature.
  func heading(at index: Int, into row: UnsafeMutablePointer<Float>) {
    let before = direction(from: index - 1)
    let after = index + 1 < count ? direction(from: index) : before
    (row[0], row[1]) = (Float(after.x), Float(after.y))
    let rests = (before.x == 0 && before.y == 0) || (after.x == 0 && after.y == 0)
    row[2] = rests ? 1 : Float(before.x * after.x + before.y * after.y)
    row[3] = rests ? 0 : Float(before.x * after.y - before.y * after.x)
  }

  /// Writes aspect, slope, curliness and linearity of the points up to `radius` away.
  func vicinity(at index: Int, radius: Int, into row: UnsafeMutablePointer<Float>) {
    let (first, last) = (max(0, index - radius), min(count - 1, index + radius))
    let length = wayLength(first, last)
    for value in 0..<5 { row[value] = 0 }
    guard length > 0 else { return }
    var (left, right, low, high) = (xs[first], xs[first], ys[first], ys[first])
    for place in first...last {
      (left, right) = (min(left, xs[place]), max(right, xs[place]))
      (low, high) = (min(low, ys[place]), max(high, ys[place]))
    }
    let (width, height) = (right - left, high - low)
    row[0] = Float((height - width) / (height + width))
    let (dx, dy) = (xs[last] - xs[first], ys[last] - ys[first])
    let chord = (dx * dx + dy * dy).squareRoot()
    let isClosed = chord < 1e-9 * length
    (row[1], row[2]) = isClosed ? (0, 0) : (Float(dx / chord), Float(dy / chord))
    row[3] = Float(min(3, max(0, length / max(width, height) - 1)))
    var sum = 0.0
    for place in first...last {
      let (px, py) = (xs[place] - xs[first], ys[place] - ys[first])
      let cross = isClosed ? 0 : (px * dy - py * dx) / chord
      sum += isClosed ? px * px + py * py : cross * cross
    }
    row[4] = Float(16 * sum / Double(last - first + 1) / (length * length))
  }

  private func wayLength(_ first: Int, _ last: Int) -> Double {
    var length = 0.0
    for index in first..<last {
      let (dx, dy) = (xs[index + 1] - xs[index], ys[index + 1] - ys[index])
      length += (dx * dx + dy * dy).squareRoot()
    }
    return length
  }

  /// *x* less its mean over the points up to `radius` away.
  func highPassed(radius: Int) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(count + 1)
    for x in xs { sums.append(sums[sums.count - 1] + x) }
    return xs.indices.map { index in
      let (first, end) = (max(0, index - radius), min(count, index + radius + 1))
      return xs[index] - (sums[end] - sums[first]) / Double(end - first)
    }
  }
}
