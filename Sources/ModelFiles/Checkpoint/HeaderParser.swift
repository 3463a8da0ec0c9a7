import Tensors

/// Turns the bytes of a header into entries that are known to be sound.
enum HeaderParser {
  private typealias Failure = JSONScanner.Failure

  static func parse(
    _ bytes: [UInt8], path: String, fileSize: Int
  ) throws(CheckpointError) -> (header: SafetensorsHeader, checksumDigits: Range<Int>?) {
    var header = SafetensorsHeader(fileSize: fileSize)
    var digits: Range<Int>?
    do throws(Failure) {
      try scan(bytes, into: &header, checksumDigits: &digits)
    } catch {
      throw .malformedHeader(
        path: path, offset: 8 + error.offset, found: error.found, expected: error.expected)
    }
    header.entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkLayout(header, path: path, dataStart: 8 + bytes.count)
    try checkScales(header, path: path)
    return (header, digits)
  }

  private static func scan(
    _ bytes: [UInt8], into header: inout SafetensorsHeader, checksumDigits: inout Range<Int>?
  ) throws(Failure) {
    var scanner = JSONScanner(bytes)
    var names: Set<String> = []
    try scanner.object { (scanner, name, offset) throws(Failure) in
      guard names.insert(name).inserted else {
        throw Failure(offset: offset, found: "'\(name)' again", expected: "every name once")
      }
      if name == "__metadata__" {
        try scanMetadata(&scanner, into: &header, checksumDigits: &checksumDigits)
      } else {
        header.entries.append(try scanEntry(&scanner, name: name, offset: offset))
      }
    }
    try scanner.end()
  }

  private static func scanMetadata(
    _ scanner: inout JSONScanner, into header: inout SafetensorsHeader,
    checksumDigits: inout Range<Int>?
  ) throws(Failure) {
    try scanner.object { (scanner, key, offset) throws(Failure) in
      let isChecksum = key == SafetensorsHeader.checksumKey
      guard header.metadata[key] == nil, !isChecksum || checksumDigits == nil else {
        throw Failure(offset: offset, found: "'\(key)' again", expected: "every key once")
      }
      let (value, range) = try scanner.string()
      guard isChecksum else {
        header.metadata[key] = value
        return
      }
      let prefix = SafetensorsHeader.checksumPrefix
      let width = prefix.utf8.count + SafetensorsHeader.checksumDigits
      guard value.hasPrefix(prefix), value.utf8.count == width, range.count == width else {
        throw Failure(
          offset: range.lowerBound, found: "the checksum '\(value)'",
          expected: "'\(prefix)' and \(SafetensorsHeader.checksumDigits) hexadecimal digits")
      }
      header.checksum = value
      checksumDigits = (range.lowerBound + prefix.utf8.count)..<range.upperBound
    }
  }

  private static func scanEntry(
    _ scanner: inout JSONScanner, name: String, offset: Int
  ) throws(Failure) -> SafetensorsHeader.Entry {
    var type: SafetensorsHeader.ElementType?
    var extents: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key, offset) throws(Failure) in
      switch key {
      case "dtype" where type == nil: type = try scanType(&scanner, name: name)
      case "shape" where extents == nil: extents = try scanIntegers(&scanner)
      case "data_offsets" where offsets == nil: offsets = try scanIntegers(&scanner)
      default:
        throw Failure(
          offset: offset, found: "'\(key)' in '\(name)'",
          expected: "dtype, shape and data_offsets, each once")
      }
    }
    guard let type, let extents, let offsets else {
      throw Failure(
        offset: offset, found: "'\(name)' incomplete", expected: "dtype, shape and data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw Failure(
        offset: offset, found: "the offsets \(offsets) of '\(name)'",
        expected: "a start and an end")
    }
    guard let size = byteCount(extents, type), size == offsets[1] - offsets[0] else {
      throw Failure(
        offset: offset, found: "'\(name)' of shape \(extents) in \(offsets[1] - offsets[0]) bytes",
        expected: byteCount(extents, type).map { "\($0) bytes" } ?? "a shape that memory can hold")
    }
    return SafetensorsHeader.Entry(
      name: name, type: type, shape: Shape(extents), range: offsets[0]..<offsets[1])
  }

  private static func scanType(
    _ scanner: inout JSONScanner, name: String
  ) throws(Failure) -> SafetensorsHeader.ElementType {
    let (text, range) = try scanner.string()
    guard let type = SafetensorsHeader.ElementType(rawValue: text) else {
      let known = SafetensorsHeader.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        offset: range.lowerBound, found: "elements of type '\(text)' in '\(name)'",
        expected: "one of \(known)")
    }
    return type
  }

  private static func scanIntegers(_ scanner: inout JSONScanner) throws(Failure) -> [Int] {
    var list: [Int] = []
    try scanner.array { (scanner) throws(Failure) in list.append(try scanner.integer()) }
    return list
  }

  /// Nil if the product of the extents, zeros left out, or the size in bytes is no `Int`.
  private static func byteCount(_ extents: [Int], _ type: SafetensorsHeader.ElementType) -> Int? {
    var product = type.size
    for extent in extents where extent != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return extents.contains(0) ? 0 : product
  }

  /// Demands that the tensors follow one another without gap or overlap up to the end of the file.
  private static func checkLayout(
    _ header: SafetensorsHeader, path: String, dataStart: Int
  ) throws(CheckpointError) {
    var end = 0
    for entry in header.entries {
      guard entry.range.lowerBound == end else {
        throw .invalidTensor(
          path: path, name: entry.name, found: "data from byte \(entry.range.lowerBound)",
          expected: "data from byte \(end), right after the tensor before it")
      }
      end = entry.range.upperBound
    }
    let (expected, overflow) = dataStart.addingReportingOverflow(end)
    guard !overflow, expected == header.fileSize else {
      throw .wrongSize(
        path: path, found: header.fileSize, expected: overflow ? Int.max : expected)
    }
  }

  /// Demands that 8-bit integers have rows, and a scale for each row.
  private static func checkScales(
    _ header: SafetensorsHeader, path: String
  ) throws(CheckpointError) {
    let integers = header.entries.filter { $0.type == .int8 }
    guard !integers.isEmpty else { return }
    let entries = Dictionary(header.entries.map { ($0.name, $0) }) { first, _ in first }
    for entry in integers {
      guard entry.shape.rank >= 2 else {
        throw .invalidTensor(
          path: path, name: entry.name, found: "8-bit integers of shape \(entry.shape)",
          expected: "two or more axes")
      }
      let name = SafetensorsHeader.scales(of: entry.name)
      let expected: Shape = [entry.shape[0]]
      guard let scales = entries[name] else {
        throw .invalidTensor(
          path: path, name: entry.name, found: "8-bit integers without scales",
          expected: "a tensor '\(name)' of type F32 and shape \(expected)")
      }
      guard scales.type == .float32, scales.shape == expected else {
        throw .invalidTensor(
          path: path, name: name, found: "type \(scales.type.rawValue) and shape \(scales.shape)",
          expected: "type F32 and shape \(expected), a scale for each row of '\(entry.name)'")
      }
    }
  }
}
