import Tensors

/// What else may be on the paper of a line.
package enum LineMarks {
  /// Lays remains of another line over the upper or the lower edge.
  ///
  /// They are made of the line itself: a strip of its lower half over the upper edge, of its upper
  /// half over the lower one, moved sideways as on a roll, so that they have the hand and the pen.
  package static func addNeighbour(
    _ image: inout GrayImage, above: Bool, maximumHeight: Float, random: inout RandomSource
  ) {
    let (width, height) = (image.width, image.height)
    let limit = min(Int(maximumHeight * Float(height)), height / 2)
    guard limit > 0, width > 1 else { return }
    let strip = random.integer(in: 1...limit)
    let offset = random.integer(in: 1...width - 1)
    let slack = height / 2 - strip
    let start = above ? height / 2 + random.integer(in: 0...slack) : random.integer(in: 0...slack)
    let target = above ? 0 : height - strip
    let source = image.pixels
    source.withUnsafeBufferPointer { source in
      image.pixels.withUnsafeMutableBufferPointer { output in
        for row in 0..<strip {
          let (from, to) = ((start + row) * width, (target + row) * width)
          for column in 0..<width {
            let rolled = column + offset < width ? column + offset : column + offset - width
            output[to + column] = min(output[to + column], source[from + rolled])
          }
        }
      }
    }
  }

  /// Draws ruled, and sometimes squared, paper under the ink.
  package static func addRuledLines(
    _ image: inout GrayImage, _ configuration: LineAugmentationConfiguration.RuledLines,
    random: inout RandomSource
  ) {
    let (width, height) = (Float(image.width), Float(image.height))
    let spacing =
      height
      * random.uniform(in: configuration.minimumSpacing...configuration.maximumSpacing)
    let thickness = random.uniform(
      in: configuration.minimumThickness...configuration.maximumThickness)
    let darkness =
      random.uniform(in: configuration.minimumDarkness...configuration.maximumDarkness) / 255
    // A page is rarely ruled exactly as the line was cut: up to a twentieth of the height askew.
    let slope = random.uniform(in: -0.05...0.05) * height / max(1, width)
    var place = random.uniform() * spacing
    while place < height {
      rule(&image, across: false, from: place, slope: slope, thickness, darkness)
      place += spacing
    }
    guard random.chance(configuration.squared) else { return }
    let step = max(spacing, 8)
    place = random.uniform() * step
    while place < width {
      rule(&image, across: true, from: place, slope: -slope, thickness, darkness)
      place += step
    }
  }

  /// One line along the rows, or across them, that darkens what it covers.
  private static func rule(
    _ image: inout GrayImage, across: Bool, from start: Float, slope: Float, _ thickness: Float,
    _ darkness: Float
  ) {
    let (width, height) = (image.width, image.height)
    let (length, breadth) = across ? (height, width) : (width, height)
    let (along, aside) = across ? (width, 1) : (1, width)
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for step in 0..<length {
        let upper = start + slope * Float(step) - thickness / 2
        let first = max(0, Int(upper.rounded(.down)))
        let last = min(breadth - 1, Int((upper + thickness).rounded(.down)))
        guard first <= last else { continue }
        for place in first...last {
          let covered = min(upper + thickness, Float(place + 1)) - max(upper, Float(place))
          let index = step * along + place * aside
          pixels[index] = UInt8(Float(pixels[index]) * (1 - darkness * max(0, covered)))
        }
      }
    }
  }

  /// Paints ranges of columns over.
  package static func mask(
    _ image: inout GrayImage, _ configuration: LineAugmentationConfiguration.Masks,
    random: inout RandomSource
  ) {
    let (width, height) = (image.width, image.height)
    let shade = UInt8(clamping: configuration.shade)
    for _ in 0..<random.integer(in: 1...configuration.maximumCount) {
      let count = random.integer(in: 1...min(configuration.maximumWidth, width))
      let start = random.integer(in: 0...width - count)
      for row in 0..<height {
        for column in start..<start + count { image.pixels[row * width + column] = shade }
      }
    }
  }
}
