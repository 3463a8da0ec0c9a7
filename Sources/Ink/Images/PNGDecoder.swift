import CImageFiles

/// PNG files through libpng.
enum PNGDecoder {
  static func information(
    _ bytes: [UInt8], file: String
  ) throws(ImageError) -> ImageInformation {
    try bytes.withUnsafeBufferPointer { (bytes) throws(ImageError) in
      try PNGStructure.information(bytes, file: file)
    }
  }

  static func decode(
    _ bytes: [UInt8], file: String, limits: ImageLimits
  ) throws(ImageError) -> GrayImage {
    let (width, height) = try checkedSize(bytes, file: file, limits: limits)
    let pixels = try decode(
      bytes, file: file, byteCount: width * height
    ) { source, target, message in
      image_png_decode_gray(
        source, bytes.count, UInt32(width), UInt32(height), target, message)
    }
    return GrayImage(width: width, height: height, pixels: pixels)
  }

  private static func checkedSize(
    _ bytes: [UInt8], file: String, limits: ImageLimits
  ) throws(ImageError) -> (width: Int, height: Int) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(ImageError) in
      let header = try PNGStructure.information(bytes, file: file)
      try limits.check(width: header.width, height: header.height, file: file)
      try PNGStructure.check(bytes, file: file)
      return (header.width, header.height)
    }
  }

  /// Runs a function of C, which returns 0 or leaves a message.
  private static func decode(
    _ bytes: [UInt8], file: String, byteCount: Int,
    with function: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CChar>)
      -> Int32
  ) throws(ImageError) -> [UInt8] {
    var status: Int32 = -1
    var message = [CChar](repeating: 0, count: Int(IMAGE_MESSAGE_SIZE))
    let pixels = [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
      bytes.withUnsafeBufferPointer { source in
        if let source = source.baseAddress, let target = target.baseAddress {
          status = function(source, target, &message)
        }
      }
      count = status == 0 ? byteCount : 0
    }
    guard status == 0 else {
      let reason = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      throw .decoding(file: file, reason: String(decoding: reason, as: UTF8.self))
    }
    return pixels
  }
}
