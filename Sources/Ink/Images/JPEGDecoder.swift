import CJPEG

/// JPEG files through libjpeg-turbo.
enum JPEGDecoder {
  static func decode(
    _ bytes: [UInt8], file: String, limits: ImageLimits
  ) throws(ImageError) -> GrayImage {
    let header = try JPEGHeader(bytes, file: file)
    try limits.check(width: header.width, height: header.height, file: file)
    guard let handle = tjInitDecompress() else {
      throw .unreadable(file: file, reason: "out of memory")
    }
    defer { tjDestroy(handle) }
    let source = Source(handle: handle, bytes: bytes, header: header, file: file)
    try source.checkHeader()
    let pixels =
      header.componentCount == 4
      ? gray(fromInk: try source.decompress(TJPF_CMYK, channels: 4))
      : try source.decompress(TJPF_GRAY, channels: 1)
    return GrayImage(width: header.width, height: header.height, pixels: pixels)
      .upright(from: header.orientation)
  }

  private struct Source {
    let handle: tjhandle
    let bytes: [UInt8]
    let header: JPEGHeader
    let file: String

    /// Lets the library read the header: what it sees is what was held against the limits.
    func checkHeader() throws(ImageError) {
      var (width, height): (Int32, Int32) = (0, 0)
      var (sampling, colors): (Int32, Int32) = (0, 0)
      let status = bytes.withUnsafeBufferPointer {
        tjDecompressHeader3(
          handle, $0.baseAddress, UInt(bytes.count), &width, &height, &sampling, &colors)
      }
      guard status == 0 else { throw failure() }
      guard (Int(width), Int(height)) == (header.width, header.height) else {
        throw .damaged(
          file: file, found: "a second frame of \(width) × \(height) pixels",
          expected: "one of \(header.width) × \(header.height)")
      }
    }

    func decompress(_ format: TJPF, channels: Int) throws(ImageError) -> [UInt8] {
      let count = header.width * header.height * channels
      var status: Int32 = -1
      let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, used in
        bytes.withUnsafeBufferPointer { source in
          status = tjDecompress2(
            handle, source.baseAddress, UInt(source.count), target.baseAddress,
            Int32(header.width), 0, Int32(header.height), Int32(format.rawValue),
            TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
        }
        used = status == 0 ? count : 0
      }
      guard status == 0 else { throw failure() }
      return pixels
    }

    private func failure() -> ImageError {
      let reason = String(cString: tjGetErrorStr2(handle))
      return reason.hasPrefix("Premature end")
        ? .truncated(file: file, found: bytes.count, missing: "more image data")
        : .decoding(file: file, reason: reason)
    }
  }

  /// The luma of cyan, magenta, yellow and black as Adobe's programs store them: 255 is no ink.
  private static func gray(fromInk inks: [UInt8]) -> [UInt8] {
    let count = inks.count / 4
    return [UInt8](unsafeUninitializedCapacity: count) { target, used in
      inks.withUnsafeBufferPointer { inks in
        for index in 0..<count {
          let colors =
            19595 * UInt32(inks[4 * index]) + 38470 * UInt32(inks[4 * index + 1])
            + 7471 * UInt32(inks[4 * index + 2])
          // 65536 is one; the black multiplies the rounded sum.
          let light = (colors + 128) >> 8
          target[index] = UInt8((light * UInt32(inks[4 * index + 3]) + 32640) / 65280)
        }
      }
      used = count
    }
  }
}
