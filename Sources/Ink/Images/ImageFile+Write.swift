import CImageFiles
import Files

extension ImageFile {
  /// Writes a PNG of 8-bit grey.
  ///
  /// The file appears under its name when it is complete: it is written beside it and then renamed.
  /// A device or pipe is written to directly.
  ///
  /// - Throws: ``ImageError/unwritable(file:reason:)`` with the system's reason, and the partial
  ///   file is removed.
  public static func write(_ image: GrayImage, to path: String) throws(ImageError) {
    try write(encode(image, file: path), to: path)
  }

  /// Writes a PNG of 8-bit red, green and blue, as the grey one is written.
  public static func write(_ image: ColorImage, to path: String) throws(ImageError) {
    let bytes = try encode(
      image.pixels, width: image.width, height: image.height, channels: 3, file: path)
    try write(bytes, to: path)
  }

  /// The bytes of a PNG of 8-bit grey; `file` is what errors call it.
  public static func encode(
    _ image: GrayImage, file: String
  ) throws(ImageError) -> [UInt8] {
    try encode(image.pixels, width: image.width, height: image.height, channels: 1, file: file)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
    do throws(FileError) {
      try AtomicFile.writeThrough(bytes, to: path)
    } catch {
      throw .unwritable(file: error.path, reason: error.reason)
    }
  }

  private static func encode(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int, file: String
  ) throws(ImageError) -> [UInt8] {
    // What libpng accepts of either side.
    guard (1...1_000_000).contains(width), (1...1_000_000).contains(height) else {
      throw .unwritable(
        file: file, reason: "\(width) × \(height) pixels, expected 1 to 1000000 a side")
    }
    var count = image_png_encoded_size(UInt32(width), UInt32(height), Int32(channels))
    let capacity = count
    var status: Int32 = -1
    var message = CMessage()
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { target, used in
      pixels.withUnsafeBufferPointer { source in
        if let source = source.baseAddress, let target = target.baseAddress {
          status = image_png_encode(
            source, UInt32(width), UInt32(height), Int32(channels), target, &count, &message.bytes)
        }
      }
      used = status == 0 ? count : 0
    }
    guard status == 0 else { throw .unwritable(file: file, reason: message.text) }
    return bytes
  }
}
