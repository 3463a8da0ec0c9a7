import CCairo
import Foundation
import Pictures
import Testing

/// The pixels of a PNG file, read back from the disk.
struct Pixels {
  let width: Int
  let height: Int
  private let values: [UInt32]

  init(contentsOf path: String) throws {
    let surface = cairo_image_surface_create_from_png(path)
    defer { cairo_surface_destroy(surface) }
    try #require(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, "\(path)")
    (width, height) = (
      Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface))
    )
    let stride = Int(cairo_image_surface_get_stride(surface)) / 4
    let data = try #require(cairo_image_surface_get_data(surface))
    values = data.withMemoryRebound(to: UInt32.self, capacity: stride * height) {
      [width, height] words in
      (0..<height).flatMap { y in (0..<width).map { words[y * stride + $0] & 0xFFFFFF } }
    }
  }

  subscript(x: Double, y: Double) -> UInt32 { values[Int(y) * width + Int(x)] }

  /// The rows of a column, inside a box, that have the colour.
  func rows(of color: Color, atX x: Double, in box: Rectangle, tolerance: Int = 24) -> [Int] {
    (Int(box.y)..<Int(box.maxY)).filter { near(self[x, Double($0)], color, tolerance) }
  }
}

/// Whether a pixel has about the colour.
func near(_ pixel: UInt32, _ color: Color, _ tolerance: Int = 2) -> Bool {
  zip([16, 8, 0], [color.red, color.green, color.blue]).allSatisfy { shift, part in
    abs(Int(pixel >> shift & 255) - Int((part * 255).rounded())) <= tolerance
  }
}

/// A folder that is removed when the test ends.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/pictures-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
}

/// The pixels of a picture after it was written and read back, and where its plots stand.
func written(_ picture: some Picture) throws -> (Pixels, [String: Rectangle]) {
  let folder = try Folder()
  try picture.write(to: folder.path + "/picture.png")
  return (try Pixels(contentsOf: folder.path + "/picture.png"), try picture.draw().plots)
}
