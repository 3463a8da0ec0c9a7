extension GrayImage {
  /// The image as it is meant to be seen.
  ///
  /// - Parameter orientation: Exif's, 1 to 8: to which sides the first stored row and the first
  ///   stored column belong.
  func upright(from orientation: Int) -> GrayImage {
    precondition(
      (1...8).contains(orientation), "GrayImage: got orientation \(orientation), expected 1 to 8")
    guard orientation > 1, !pixels.isEmpty else { return self }
    let isTurned = orientation > 4
    let (first, right, down) = walk(orientation)
    var result = GrayImage(width: isTurned ? height : width, height: isTurned ? width : height)
    let (columns, rows) = (result.width, result.height)
    pixels.withUnsafeBufferPointer { source in
      result.pixels.withUnsafeMutableBufferPointer { target in
        for y in 0..<rows {
          for x in 0..<columns {
            target[y * columns + x] = source[first + x * right + y * down]
          }
        }
      }
    }
    return result
  }

  /// Where the upper left pixel is stored, and the steps from one to its right and lower neighbour.
  private func walk(_ orientation: Int) -> (first: Int, right: Int, down: Int) {
    let (upperRight, lowerLeft, last) = (width - 1, width * (height - 1), width * height - 1)
    return switch orientation {
    case 2: (upperRight, -1, width)
    case 3: (last, -1, -width)
    case 4: (lowerLeft, 1, -width)
    case 5: (0, width, 1)
    case 6: (lowerLeft, -width, 1)
    case 7: (last, -width, -1)
    case 8: (upperRight, width, -1)
    default: (0, 1, width)
    }
  }
}
