import CLeptonica

/// The library's own messages go nowhere: every result of it is checked here.
private let quiet: Void = { _ = setMsgSeverity(Int32(L_SEVERITY_NONE)) }()

private typealias Pix = UnsafeMutablePointer<PIX>

extension InkMask {
  /// The skew of the rows of writing in degrees, positive where they fall to the right; 0 if the
  /// page does not show one clearly.
  ///
  /// Leptonica's sweep and search for the angle at which the differences between the sums of
  /// neighbouring rows are largest (Postl 1986; Bloomberg, Kopec and Dasari 1995).
  func skew(maximum: Float) -> Double {
    guard width >= 64, height >= 64, let pix = pix() else { return 0 }
    var owned: Pix? = pix
    defer { pixDestroy(&owned) }
    let side = min(width, height)
    let reduction: Int32 = side >= 1600 ? 4 : side >= 400 ? 2 : 1
    var (angle, confidence, score) = (Float(0), Float(0), Float(0))
    let failed = pixFindSkewSweepAndSearchScorePivot(
      pix, &angle, &confidence, &score, reduction, max(1, reduction / 2), 0, maximum, 1, 0.02,
      Int32(L_SHEAR_ABOUT_CENTER))
    guard failed == 0, confidence >= Self.leastConfidence, abs(angle) < maximum else { return 0 }
    // The library gives the angle by which to turn clockwise.
    return -Double(angle)
  }

  /// The least quotient between the best and the worst angle's score for a skew to be believed.
  private static let leastConfidence: Float = 1.5

  private func pix() -> Pix? {
    _ = quiet
    guard let pix = pixCreate(Int32(width), Int32(height), 1), let data = pixGetData(pix) else {
      return nil
    }
    let wordsPerRow = Int(pixGetWpl(pix))
    cells.withUnsafeBufferPointer { cells in
      for y in 0..<height {
        for x in 0..<width where cells[y * width + x] != 0 {
          data[y * wordsPerRow + x >> 5] |= 0x8000_0000 >> UInt32(x & 31)
        }
      }
    }
    return pix
  }
}

extension GrayImage {
  /// The image in black and white: ink is what is darker than the mean of its surroundings by more
  /// than their deviation explains (Sauvola and Pietikäinen 2000, with k = 0.34); nil if the image
  /// is too small to have surroundings.
  func sauvola() -> GrayImage? {
    _ = quiet
    let reach = max(8, min(width, height) / 60)
    guard min(width, height) >= 2 * reach + 3, let pix = pixCreate(Int32(width), Int32(height), 8)
    else { return nil }
    var (owned, result): (Pix?, Pix?) = (pix, nil)
    defer {
      pixDestroy(&owned)
      pixDestroy(&result)
    }
    guard let data = pixGetData(pix) else { return nil }
    let words = Int(pixGetWpl(pix))
    for y in 0..<height {
      for x in 0..<width {
        data[y * words + x >> 2] |= UInt32(self[x, y]) << UInt32(24 - 8 * (x & 3))
      }
    }
    // Tiles keep the library's tables of sums small.
    let (across, down) = (max(1, width / 1000), max(1, height / 1000))
    let failed = pixSauvolaBinarizeTiled(
      pix, Int32(reach), 0.34, Int32(across), Int32(down), nil, &result)
    guard failed == 0, let result, let bits = pixGetData(result) else { return nil }
    let wordsPerRow = Int(pixGetWpl(result))
    var image = self
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for y in 0..<height {
        for x in 0..<width {
          let bit = bits[y * wordsPerRow + x >> 5] >> UInt32(31 - x & 31) & 1
          pixels[y * width + x] = bit == 0 ? 255 : 0
        }
      }
    }
    return image
  }
}
