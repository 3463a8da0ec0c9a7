/// The segments of a JPEG file before its first frame (ITU-T T.81, Annex B).
struct JPEGHeader {
  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  private(set) var width = 0
  private(set) var height = 0
  private(set) var bitDepth = 0
  private(set) var isProgressive = false
  private(set) var componentCount = 0
  /// Exif's orientation, 1 to 8.
  private(set) var orientation = 1

  /// Reads the segments; `bytes` may be only the beginning of the file.
  init(_ bytes: [UInt8], file: String) throws(ImageError) {
    var position = 2
    while true {
      let marker = try Self.marker(bytes, &position, file)
      guard position + 2 <= bytes.count else { throw Self.ends(bytes, file) }
      let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
      guard length >= 2, position + length <= bytes.count else { throw Self.ends(bytes, file) }
      let content = bytes[(position + 2)..<(position + length)]
      if marker == 0xE1 { orientation = ExifOrientation.value(in: content) ?? orientation }
      if Self.frames.contains(marker) {
        try readFrame(marker, content, file)
        return
      }
      position += length
    }
  }

  /// What is known of the image.
  var information: ImageInformation {
    let isTurned = orientation > 4
    return ImageInformation(
      format: .jpeg, width: isTurned ? height : width, height: isTurned ? width : height,
      bitDepth: bitDepth,
      colorType: componentCount == 1 ? .gray : componentCount == 4 ? .cmyk : .rgb,
      isInterlaced: isProgressive)
  }

  /// SOF0 to SOF15 without DHT, JPG and DAC, which lie between them.
  private static let frames: Set<UInt8> = Set(0xC0...0xCF).subtracting([0xC4, 0xC8, 0xCC])

  private mutating func readFrame(
    _ marker: UInt8, _ content: ArraySlice<UInt8>, _ file: String
  ) throws(ImageError) {
    let content = Array(content)
    guard content.count >= 6 else {
      throw .damaged(
        file: file, found: "a frame header of \(content.count) bytes", expected: "at least 6")
    }
    bitDepth = Int(content[0])
    height = Int(content[1]) << 8 | Int(content[2])
    width = Int(content[3]) << 8 | Int(content[4])
    componentCount = Int(content[5])
    isProgressive = marker & 3 == 2
    // 0 and 1 are sequential, 2 progressive; the same plus 8 with arithmetic coding.
    guard [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(marker), bitDepth == 8 else {
      throw .unsupported(
        file: file,
        found: "a JPEG frame of type \(marker & 15) with \(bitDepth) bits a sample",
        expected: "a sequential or progressive one with 8")
    }
    guard [1, 3, 4].contains(componentCount) else {
      throw .damaged(
        file: file, found: "\(componentCount) components", expected: "1, 3 or 4")
    }
  }

  /// The next marker; fill bytes may precede it.
  private static func marker(
    _ bytes: [UInt8], _ position: inout Int, _ file: String
  ) throws(ImageError) -> UInt8 {
    guard position < bytes.count else { throw ends(bytes, file) }
    guard bytes[position] == 0xFF else {
      throw .damaged(
        file: file, found: "byte \(bytes[position]) at \(position)", expected: "a marker (255)")
    }
    while position < bytes.count, bytes[position] == 0xFF { position += 1 }
    guard position < bytes.count else { throw ends(bytes, file) }
    position += 1
    let marker = bytes[position - 1]
    guard marker >= 0xC0, !(0xD0...0xDA).contains(marker) else {
      throw .damaged(
        file: file, found: "marker \(marker) at byte \(position - 1)",
        expected: "a frame header before it")
    }
    return marker
  }

  private static func ends(_ bytes: [UInt8], _ file: String) -> ImageError {
    .truncated(file: file, found: bytes.count, missing: "a frame header")
  }
}
