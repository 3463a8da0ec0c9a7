/// PNG files written out by hand, whole or wrong, from the specification alone.
struct PNGBuilder {
  static let signature: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]

  var bytes = signature

  /// The signature and a header.
  init(width: Int, height: Int, depth: UInt8 = 8, type: UInt8 = 0) {
    add("IHDR", number(width) + number(height) + [depth, type, 0, 0, 0])
  }

  /// A chunk with a right length and checksum.
  mutating func add(_ name: String, _ data: [UInt8]) {
    let body = Array(name.utf8) + data
    bytes += number(data.count) + body + number(Int(checksum(body)))
  }

  /// The rows, none of them filtered, in blocks that are stored and not compressed; then the end.
  mutating func finish(rows: [[UInt8]]) {
    add("IDAT", zlibStream(rows.flatMap { [0] + $0 }))
    add("IEND", [])
  }

  /// A whole image of one row.
  static func row(
    _ data: [UInt8], width: Int, depth: UInt8 = 8, type: UInt8 = 0,
    chunks: [(String, [UInt8])] = []
  ) -> [UInt8] {
    var builder = PNGBuilder(width: width, height: 1, depth: depth, type: type)
    for (name, data) in chunks { builder.add(name, data) }
    builder.finish(rows: [data])
    return builder.bytes
  }

  /// The file with the right checksums in all chunks that can still be found.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard position + 12 + length <= bytes.count else { break }
      let end = position + 8 + length
      bytes.replaceSubrange(
        end..<(end + 4), with: number(Int(checksum(bytes[(position + 4)..<end]))))
      position = end + 4
    }
    return bytes
  }
}

/// Four bytes, the highest first.
func number(_ value: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// A zlib stream (RFC 1950) of stored blocks.
func zlibStream(_ data: [UInt8]) -> [UInt8] {
  var (low, high) = (1, 0)
  for byte in data {
    low = (low + Int(byte)) % 65521
    high = (high + low) % 65521
  }
  return [0x78, 0x01] + storedBlocks(data) + number(high << 16 | low)
}

/// Deflate's blocks without compression (RFC 1951).
func storedBlocks(_ data: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var rest = data[...]
  repeat {
    let block = rest.prefix(65535)
    rest = rest.dropFirst(65535)
    let (low, high) = (UInt8(block.count & 255), UInt8(block.count >> 8))
    result += [rest.isEmpty ? 1 : 0, low, high, ~low, ~high] + block
  } while !rest.isEmpty
  return result
}
