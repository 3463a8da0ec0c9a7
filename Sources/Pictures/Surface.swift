import CCairo

/// Something that a canvas draws on.
protocol CanvasSurface: AnyObject {
  /// The surface, which lives as long as this object.
  var handle: OpaquePointer { get }
  /// The width in pixels.
  var width: Int { get }
  /// The height in pixels.
  var height: Int { get }
}

extension CanvasSurface {
  func check() throws(PictureError) { try Surface.check(cairo_surface_status(handle)) }
}

/// A picture in memory: the owner of a Cairo image surface.
package final class Surface: CanvasSurface {
  let handle: OpaquePointer
  /// The width in pixels.
  package let width: Int
  /// The height in pixels.
  package let height: Int

  init(width: Int, height: Int) throws(PictureError) {
    handle = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    (self.width, self.height) = (width, height)
    try check()
  }

  deinit { cairo_surface_destroy(handle) }

  static func check(_ status: cairo_status_t) throws(PictureError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw .drawing(reason: String(cString: cairo_status_to_string(status)))
  }

  /// Calls `body` with the pixels, rows of `stride` words `0xXXRRGGBB`.
  package func withPixels<Result>(
    _ body: (_ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int) -> Result
  ) throws(PictureError) -> Result {
    cairo_surface_flush(handle)
    guard let data = cairo_image_surface_get_data(handle) else {
      throw .drawing(reason: "the surface has no pixels")
    }
    let stride = Int(cairo_image_surface_get_stride(handle)) / 4
    defer { cairo_surface_mark_dirty(handle) }
    return data.withMemoryRebound(to: UInt32.self, capacity: stride * height) { body($0, stride) }
  }

  /// The colour of one pixel as `0xRRGGBB`.
  package func pixel(_ x: Int, _ y: Int) throws(PictureError) -> UInt32 {
    precondition(
      (0..<width).contains(x) && (0..<height).contains(y),
      "Surface: pixel (\(x), \(y)) of \(width) × \(height)")
    return try withPixels { pixels, stride in pixels[y * stride + x] & 0xFFFFFF }
  }

  /// The picture as the bytes of a PNG file.
  func png() throws(PictureError) -> [UInt8] {
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { target in
      cairo_surface_write_to_png_stream(handle, appendBytes, target)
    }
    try Self.check(status)
    return bytes
  }
}

/// A picture as SVG in memory: the owner of a Cairo SVG surface.
final class VectorSurface: CanvasSurface {
  let handle: OpaquePointer
  let width: Int
  let height: Int
  private let bytes: UnsafeMutablePointer<[UInt8]>

  init(width: Int, height: Int) throws(PictureError) {
    (self.width, self.height) = (width, height)
    bytes = .allocate(capacity: 1)
    bytes.initialize(to: [])
    handle = cairo_svg_surface_create_for_stream(
      appendBytes, bytes, Double(width), Double(height))
    cairo_svg_surface_set_document_unit(handle, CAIRO_SVG_UNIT_PX)
    try check()
  }

  deinit {
    // Destroying the surface may still write to the bytes.
    cairo_surface_destroy(handle)
    bytes.deinitialize(count: 1)
    bytes.deallocate()
  }

  /// Ends the document; nothing can be drawn any more.
  func finish() throws(PictureError) -> [UInt8] {
    cairo_surface_finish(handle)
    try check()
    return bytes.pointee
  }
}

/// Appends what Cairo writes to the `[UInt8]` that `target` points to.
private func appendBytes(
  _ target: UnsafeMutableRawPointer?, _ data: UnsafePointer<UInt8>?, _ count: UInt32
) -> cairo_status_t {
  guard let target, let data else { return CAIRO_STATUS_WRITE_ERROR }
  target.assumingMemoryBound(to: [UInt8].self).pointee.append(
    contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
  return CAIRO_STATUS_SUCCESS
}
