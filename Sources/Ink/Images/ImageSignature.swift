/// What the first bytes of a file are.
enum ImageSignature {
  static let expected = "a PNG or JPEG image"

  /// The format of an image.
  ///
  /// - Throws: ``ImageError/unknownFormat`` telling what the bytes look like instead.
  static func format(
    of bytes: [UInt8], file: String
  ) throws(ImageError) -> ImageInformation.Format {
    guard !bytes.isEmpty else { throw .empty(file: file) }
    if bytes.starts(with: PNGStructure.signature) { return .png }
    if bytes.starts(with: JPEGHeader.signature) { return .jpeg }
    let starts = [PNGStructure.signature, JPEGHeader.signature]
    if starts.contains(where: { bytes.count < $0.count && $0.starts(with: bytes) }) {
      throw .truncated(file: file, found: bytes.count, missing: "the signature of an image")
    }
    throw .unknownFormat(file: file, found: appearance(bytes), expected: expected)
  }

  private static let others: [(name: String, at: Int, bytes: [UInt8])] = [
    ("a GIF image", 0, Array("GIF8".utf8)),
    ("a TIFF image", 0, [0x49, 0x49, 0x2A, 0x00]),
    ("a TIFF image", 0, [0x4D, 0x4D, 0x00, 0x2A]),
    ("a WebP image", 8, Array("WEBP".utf8)),
    ("a recording (RIFF WAVE)", 8, Array("WAVE".utf8)),
    ("an image of the HEIF family", 4, Array("ftyp".utf8)),
    ("a BMP image", 0, Array("BM".utf8)),
    ("a PDF document", 0, Array("%PDF".utf8)),
    ("gzip-compressed data", 0, [0x1F, 0x8B]),
    ("a ZIP archive", 0, [0x50, 0x4B, 0x03, 0x04]),
    ("a JPEG 2000 image", 4, Array("jP  ".utf8)),
    ("an MNG animation", 0, [0x8A, 0x4D, 0x4E, 0x47]),
    (
      "a PNG image whose line ends were changed in transfer as text", 0,
      [0x89, 0x50, 0x4E, 0x47]
    ),
    ("a PNG image whose eighth bits were lost in transfer", 0, [0x09, 0x50, 0x4E, 0x47]),
  ]

  /// What the bytes look like, for the message.
  static func appearance(_ bytes: [UInt8]) -> String {
    for other in others where bytes.dropFirst(other.at).starts(with: other.bytes) {
      return other.name
    }
    let start = bytes.prefix(1024)
    if !start.contains(where: { $0 < 32 && ![9, 10, 12, 13].contains($0) }),
      let text = text(start)
    {
      let line = text.split(whereSeparator: \.isNewline).first ?? ""
      return "text (“\(line.prefix(24))\(line.count > 24 ? "…" : "")”)"
    }
    let digits = bytes.prefix(8).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "bytes \(digits.joined(separator: " ")), which no known format starts with"
  }

  /// UTF-8 text; the last character may be cut.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
    for cut in 0..<4 {
      if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
    }
    return nil
  }
}
