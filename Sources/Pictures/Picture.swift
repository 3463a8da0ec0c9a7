import Files

/// Something that can be drawn.
public protocol Picture: Sendable {
  /// Draws the picture.
  ///
  /// - Throws: `PictureError.drawing` if memory for the pixels is wanting.
  func draw() throws(PictureError) -> Drawing
}

/// A finished picture: its pixels, and where its plots stand in it.
public struct Drawing {
  package let surface: Surface
  package let plots: [String: Rectangle]

  /// The width in pixels.
  public var width: Int { surface.width }
  /// The height in pixels.
  public var height: Int { surface.height }
  /// The bytes of a PNG file.
  public func png() throws(PictureError) -> [UInt8] { try surface.png() }
}

extension Picture {
  /// Writes the picture as a PNG file, which is there whole or not at all.
  ///
  /// - Throws: `PictureError` naming the file and the reason.
  public func write(to path: String) throws(PictureError) {
    let bytes: [UInt8]
    do {
      bytes = try draw().png()
    } catch {
      throw error.naming(path)
    }
    do throws(FileError) {
      try AtomicFile.writeThrough(bytes, to: path)
    } catch {
      throw .unwritable(file: path, reason: error.reason)
    }
  }
}
