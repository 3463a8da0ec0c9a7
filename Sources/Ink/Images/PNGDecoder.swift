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
    var status: Int32 = -1
    var message = CMessage()
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
      bytes.withUnsafeBufferPointer { source in
        if let source = source.baseAddress, let target = target.baseAddress {
          status = image_png_decode_gray(
            source, bytes.count, UInt32(width), UInt32(height), target, &message.bytes)
        }
      }
      count = status == 0 ? width * height : 0
    }
    guard status == 0 else { throw .decoding(file: file, reason: message.text) }
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
}
