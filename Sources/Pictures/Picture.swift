import Files

/// Something that can be drawn.
public protocol Picture: Sendable {
  /// Draws the picture.
  ///
  /// - Throws: `PictureError.drawing` if memory for the pixels is wanting.
  func draw() throws(PictureError) -> Drawing
  /// The bytes of an SVG file; nil for a picture that is made of pixels.
  func svg() throws(PictureError) -> [UInt8]?
}

extension Picture {
  /// Nothing, as pictures of spectra or handwriting have it.
  public func svg() throws(PictureError) -> [UInt8]? { nil }
}

/// A picture of lines, areas and text, which has no pixels of its own.
protocol VectorPicture: Picture {
  var size: (width: Int, height: Int) { get }
  /// Draws on a canvas of `size`; returns where the plots stand.
  func draw(on canvas: Canvas) -> [String: Rectangle]
}

extension VectorPicture {
  /// The picture in pixels.
  func drawing() throws(PictureError) -> Drawing {
    let surface = try Surface(width: size.width, height: size.height)
    let canvas = try Canvas(surface)
    let plots = draw(on: canvas)
    try canvas.finish()
    return Drawing(surface: surface, plots: plots)
  }

  /// The bytes of an SVG file, with letters as outlines.
  func document() throws(PictureError) -> [UInt8] {
    let surface = try VectorSurface(width: size.width, height: size.height)
    let canvas = try Canvas(surface)
    _ = draw(on: canvas)
    try canvas.finish()
    return try surface.finish()
  }
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
  /// Writes the picture as a PNG file, or as SVG where the name ends so; the file is there whole or
  /// not at all.
  ///
  /// - Throws: `PictureError` naming the file and the reason.
  public func write(to path: String) throws(PictureError) {
    let bytes: [UInt8]
    do {
      bytes = try encoded(for: path)
    } catch {
      throw error.naming(path)
    }
    do throws(FileError) {
      try AtomicFile.writeThrough(bytes, to: path)
    } catch {
      throw .unwritable(file: path, reason: error.reason)
    }
  }

  private func encoded(for path: String) throws(PictureError) -> [UInt8] {
    guard path.lowercased().hasSuffix(".svg") else { return try draw().png() }
    guard let bytes = try svg() else {
      throw .drawing(reason: "it is made of pixels; give it a name that ends in .png")
    }
    return bytes
  }
}
