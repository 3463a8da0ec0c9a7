/// What the header of an image file says.
public struct ImageInformation: Sendable, Equatable {
  /// The formats that are read.
  public enum Format: String, Sendable {
    /// Portable Network Graphics.
    case png = "PNG"
    /// Baseline or progressive JPEG.
    case jpeg = "JPEG"
  }

  /// What the samples of a pixel stand for.
  public enum ColorType: String, Sendable {
    /// One sample of grey.
    case gray
    /// Grey and opacity.
    case grayAlpha = "gray with alpha"
    /// Red, green and blue; JPEG's YCbCr too.
    case rgb = "RGB"
    /// Red, green, blue and opacity.
    case rgbAlpha = "RGB with alpha"
    /// An index into a table of colours.
    case palette
    /// The four inks of a press.
    case cmyk = "CMYK"
  }

  /// The format, found from the bytes.
  public var format: Format
  /// Pixels in a row as the image is shown, an EXIF orientation heeded.
  public var width: Int
  /// Rows as the image is shown.
  public var height: Int
  /// Bits a sample.
  public var bitDepth: Int
  /// What the samples stand for.
  public var colorType: ColorType
  /// Whether the image comes in passes: Adam7 or progressive.
  public var isInterlaced: Bool
}
