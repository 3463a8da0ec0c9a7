import Ink

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a file of handwriting holds.
enum HandwritingFile {
  case picture
  case strokes

  private static let pictureExtensions = ["png", "jpg", "jpeg"]
  private static let strokeExtensions = ["inkml", "unp", "unipen", "xml", "json", "jsonl"]

  /// Whether a name in a folder is that of a picture or of strokes.
  static func isReadable(_ name: String) -> Bool {
    let type = suffix(name)
    return pictureExtensions.contains(type) || strokeExtensions.contains(type)
  }

  /// By the name, or else by the first byte: strokes are text.
  init(_ path: String) {
    let type = Self.suffix(path)
    if Self.pictureExtensions.contains(type) {
      self = .picture
    } else if Self.strokeExtensions.contains(type) {
      self = .strokes
    } else {
      self = Self.beginsAsText(path) ? .strokes : .picture
    }
  }

  private static func suffix(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return "" }
    return path[path.index(after: dot)...].lowercased()
  }

  private static func beginsAsText(_ path: String) -> Bool {
    guard let file = fopen(path, "rb") else { return false }
    defer { fclose(file) }
    var byte = fgetc(file)
    while [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains(byte) { byte = fgetc(file) }
    return [UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: ".")].contains { Int32($0) == byte }
  }
}
