/// The one tag of Exif that changes how an image is read (Exif 2.32, section 4.6).
enum ExifOrientation {
  /// The orientation in the content of an APP1 segment, 1 to 8; nil if it tells none.
  static func value(in segment: ArraySlice<UInt8>) -> Int? {
    guard segment.starts(with: Array("Exif\0\0".utf8)) else { return nil }
    let tiff = Array(segment.dropFirst(6))
    guard tiff.count >= 8 else { return nil }
    let isBig: Bool
    switch Array(tiff[..<4]) {
    case [0x49, 0x49, 0x2A, 0x00]: isBig = false
    case [0x4D, 0x4D, 0x00, 0x2A]: isBig = true
    default: return nil
    }
    /// A number of `count` bytes, 0 beyond the end.
    func number(_ position: Int, _ count: Int) -> Int {
      guard position + count <= tiff.count else { return 0 }
      let bytes = tiff[position..<(position + count)]
      return (isBig ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    let directory = number(4, 4)
    for index in 0..<number(directory, 2) {
      let entry = directory + 2 + 12 * index
      guard entry + 12 <= tiff.count else { return nil }
      // A SHORT, one of it.
      guard number(entry, 2) == 0x0112, number(entry + 2, 2) == 3 else { continue }
      let value = number(entry + 8, 2)
      return (1...8).contains(value) ? value : nil
    }
    return nil
  }
}
