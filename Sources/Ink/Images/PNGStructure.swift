import CPNG

/// The chunks of a PNG file, checked before its decoder sees them (PNG specification, third
/// edition, sections 5 and 11.2.1).
///
/// libpng stops at the last pixel, so damage to the end of the data, or a file that ends there,
/// would pass.
enum PNGStructure {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The signature and the IHDR chunk.
  static let headerSize = 33

  /// What the header says; `bytes` may be only the beginning of the file.
  static func information(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String
  ) throws(ImageError) -> ImageInformation {
    guard bytes.count >= headerSize else {
      throw .truncated(
        file: file, found: bytes.count, missing: "the \(headerSize) bytes of a header")
    }
    guard number(bytes, 8) == 13, name(bytes, 12) == "IHDR" else {
      throw .damaged(
        file: file, found: "a chunk \(name(bytes, 12)) of \(number(bytes, 8)) bytes at the start",
        expected: "IHDR of 13 bytes")
    }
    try checkSum(bytes, at: 8, length: 13, file: file)
    guard let color = color(bytes[25], depth: Int(bytes[24])) else {
      throw .damaged(
        file: file, found: "colour type \(bytes[25]) with \(bytes[24]) bits",
        expected: "a combination that PNG defines")
    }
    guard bytes[26] == 0, bytes[27] == 0, bytes[28] <= 1 else {
      throw .damaged(
        file: file,
        found: "compression \(bytes[26]), filter method \(bytes[27]), interlace \(bytes[28])",
        expected: "0, 0, and 0 or 1")
    }
    return ImageInformation(
      format: .png, width: number(bytes, 16), height: number(bytes, 20), bitDepth: Int(bytes[24]),
      colorType: color, isInterlaced: bytes[28] == 1)
  }

  /// Checks that every chunk is whole, up to the last.
  static func check(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(ImageError) {
    var position = signature.count
    while true {
      guard bytes.count - position >= 12 else {
        throw .truncated(file: file, found: bytes.count, missing: "an IEND chunk at the end")
      }
      let length = number(bytes, position)
      let name = name(bytes, position + 4)
      guard length <= bytes.count - position - 12 else {
        throw .truncated(
          file: file, found: bytes.count,
          missing: "\(length + 12) bytes of the chunk \(name) that starts at byte \(position)")
      }
      try checkSum(bytes, at: position, length: length, file: file)
      if name == "IEND" { return }
      position += length + 12
    }
  }

  private static func color(_ type: UInt8, depth: Int) -> ImageInformation.ColorType? {
    switch (type, depth) {
    case (0, 1), (0, 2), (0, 4), (0, 8), (0, 16): .gray
    case (2, 8), (2, 16): .rgb
    case (3, 1), (3, 2), (3, 4), (3, 8): .palette
    case (4, 8), (4, 16): .grayAlpha
    case (6, 8), (6, 16): .rgbAlpha
    default: nil
    }
  }

  private static func checkSum(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: Int, length: Int, file: String
  ) throws(ImageError) {
    guard let base = bytes.baseAddress else { return }
    let computed = Int(crc32_z(0, base + position + 4, length + 4))
    let stored = number(bytes, position + 8 + length)
    guard computed == stored else {
      throw .damaged(
        file: file,
        found: "the checksum \(hexadecimal(computed)) in the chunk "
          + "\(name(bytes, position + 4)) at byte \(position)",
        expected: hexadecimal(stored))
    }
  }

  private static func hexadecimal(_ value: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    (0..<4).reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
  }

  /// The four letters of a chunk's name, dots in place of what is no letter.
  private static func name(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> String {
    String(
      decoding: (0..<4).map { index -> UInt8 in
        let byte = bytes[position + index]
        return (65...90).contains(byte) || (97...122).contains(byte) ? byte : 46
      }, as: UTF8.self)
  }
}
