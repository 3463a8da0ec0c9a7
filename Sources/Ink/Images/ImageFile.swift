/// Images in files, in grey: PNG and JPEG, told apart by the first bytes and not by the name.
///
/// - Colours become grey by the luma of Rec. 601, `0.299 R + 0.587 G + 0.114 B` of the encoded
///   values; it is what JPEG stores as Y. CMYK is taken as Adobe's programs write it.
/// - Transparent pixels are laid on white, mixed as light.
/// - A PNG that states its gamma is turned into sRGB as libpng does it, with a power of 1/2.2 for
///   the screen; one that does not, or that says it is sRGB, is taken as it is. 16 bits are rounded
///   to 8.
/// - A JPEG is turned as its EXIF orientation says.
///
/// Damage of any kind is an error, and so is a file that ends early. All functions may be called
/// from many threads at once.
public enum ImageFile {
  /// Reads an image.
  ///
  /// - Throws: ``ImageError`` naming what is wrong with the file.
  public static func read(
    _ path: String, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> GrayImage {
    try decode(FileBytes.read(path, limits: limits), name: path, limits: limits)
  }

  /// Decodes an image in memory; `name` is what errors call it.
  public static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> GrayImage {
    try limits.check(byteCount: bytes.count, file: name)
    switch try ImageSignature.format(of: bytes, file: name) {
    case .png: return try PNGDecoder.decode(bytes, file: name, limits: limits)
    case .jpeg: return try JPEGDecoder.decode(bytes, file: name, limits: limits)
    }
  }

  /// What the header of a file says, without decoding it.
  public static func information(_ path: String) throws(ImageError) -> ImageInformation {
    let start = try FileBytes.start(of: path, count: 1 << 16)
    switch try ImageSignature.format(of: start, file: path) {
    case .png: return try PNGDecoder.information(start, file: path)
    case .jpeg: return try jpegInformation(start, path)
    }
  }

  /// Previews and colour profiles can push a JPEG's frame far back.
  private static func jpegInformation(
    _ start: [UInt8], _ path: String
  ) throws(ImageError) -> ImageInformation {
    do throws(ImageError) {
      return try JPEGHeader(start, file: path).information
    } catch .truncated {
      let whole = try FileBytes.read(path, limits: ImageLimits())
      return try JPEGHeader(whole, file: path).information
    }
  }
}
