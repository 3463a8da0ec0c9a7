import Files

/// An array of bytes in the IDX format, as the MNIST sets of digits and their kin come in; plain or
/// compressed by gzip.
///
/// The format: two zero bytes, the type of the elements (8, unsigned bytes, is the one read), the
/// number of dimensions, each dimension in four bytes from the highest, and the elements, the last
/// dimension innermost.
public struct IDXFile: Sendable, Equatable {
  /// The path that errors name.
  public let path: String
  /// The sizes, outermost first: images, rows and columns, or labels alone.
  public let dimensions: [Int]
  /// The elements.
  public let bytes: [UInt8]

  /// Reads a file; the limits are of one image, and of the bytes of the whole file unpacked.
  public init(_ path: String, limits: ImageLimits = ImageLimits()) throws(ImageError) {
    let content = try FileBytes.read(path, limits: limits)
    try self.init(content, name: path, limits: limits)
  }

  /// Decodes a file in memory; `name` is what errors call it.
  public init(
    _ content: [UInt8], name: String, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) {
    guard !content.isEmpty else { throw .empty(file: name) }
    var content = content
    if content.starts(with: GzipDecoder.signature) {
      content = try GzipDecoder.unpack(content, file: name, atMost: limits.byteCount)
    }
    (path, dimensions) = (name, try Self.dimensions(content, name, limits))
    let header = 4 + 4 * dimensions.count
    let expected = header + dimensions.reduce(1, *)
    guard content.count >= expected else {
      throw .truncated(
        file: name, found: content.count,
        missing: "\(expected) for \(Self.text(dimensions)) elements")
    }
    guard content.count == expected else {
      throw .damaged(
        file: name, found: "\(content.count) bytes",
        expected: "\(expected) for \(Self.text(dimensions)) elements")
    }
    bytes = Array(content[header...])
  }

  /// The images of a file of three dimensions.
  ///
  /// The shades are as stored; MNIST's digits are light (255) on dark (0): see
  /// ``GrayImage/inverted``.
  public func images() throws(ImageError) -> [GrayImage] {
    guard dimensions.count == 3 else { throw unexpected("3 (images, rows, columns)") }
    let (height, width) = (dimensions[1], dimensions[2])
    return (0..<dimensions[0]).map { index in
      let start = index * width * height
      return GrayImage(
        width: width, height: height, pixels: Array(bytes[start..<(start + width * height)]))
    }
  }

  /// The labels of a file of one dimension.
  public func labels() throws(ImageError) -> [UInt8] {
    guard dimensions.count == 1 else { throw unexpected("1 (labels)") }
    return bytes
  }

  private func unexpected(_ expected: String) -> ImageError {
    .unsupported(
      file: path, found: "\(dimensions.count) dimensions (\(Self.text(dimensions)))",
      expected: expected)
  }

  private static func dimensions(
    _ content: [UInt8], _ name: String, _ limits: ImageLimits
  ) throws(ImageError) -> [Int] {
    guard content.count >= 4 else {
      throw .truncated(file: name, found: content.count, missing: "the 4 bytes of a header")
    }
    guard content[0] == 0, content[1] == 0 else {
      throw .unknownFormat(
        file: name, found: ImageSignature.appearance(content),
        expected: "an IDX file, which starts with two zero bytes")
    }
    guard content[2] == 8, (1...8).contains(content[3]) else {
      throw .unsupported(
        file: name, found: "elements of type \(content[2]) in \(content[3]) dimensions",
        expected: "type 8 (unsigned bytes) in 1 to 8")
    }
    let count = Int(content[3])
    guard content.count >= 4 + 4 * count else {
      throw .truncated(
        file: name, found: content.count, missing: "the \(4 + 4 * count) bytes of a header")
    }
    let sizes = (0..<count).map { index in
      content[(4 + 4 * index)..<(8 + 4 * index)].reduce(0) { $0 << 8 | Int($1) }
    }
    try check(sizes, name, limits)
    return sizes
  }

  private static func check(
    _ sizes: [Int], _ name: String, _ limits: ImageLimits
  ) throws(ImageError) {
    if sizes.count == 3 { try limits.check(width: sizes[2], height: sizes[1], file: name) }
    var product = 1
    for size in sizes {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      guard !overflows, next <= limits.byteCount else {
        throw .tooLarge(
          file: name, found: "\(text(sizes)) elements", limit: "\(limits.byteCount) bytes")
      }
      product = next
    }
  }

  private static func text(_ sizes: [Int]) -> String {
    sizes.map(String.init).joined(separator: " × ")
  }
}
