import Tensors

/// Composes the header of a file, with its checksum.
enum SafetensorsWriter {
  private static let alignment = 64

  /// The 8 bytes of the length and the padded header for tensors that are already sorted.
  static func header(
    metadata: [String: String], tensors: [(name: String, tensor: Tensor)]
  ) -> [UInt8] {
    check(metadata, tensors)
    let blank = String(repeating: "0", count: SafetensorsHeader.checksumDigits)
    let draft = compose(metadata, tensors, checksum: SafetensorsHeader.checksumPrefix + blank)
    var hash = XXHash64()
    hash.update(draft)
    for (_, tensor) in tensors {
      tensor.withUnsafeBufferPointer { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return compose(metadata, tensors, checksum: SafetensorsFile.checksum(hash))
  }

  private static func check(
    _ metadata: [String: String], _ tensors: [(name: String, tensor: Tensor)]
  ) {
    precondition(
      metadata[SafetensorsHeader.checksumKey] == nil,
      "SafetensorsFile: '\(SafetensorsHeader.checksumKey)' in the metadata is written by the file")
    var names: Set<String> = ["__metadata__"]
    for (name, _) in tensors {
      precondition(
        names.insert(name).inserted, "SafetensorsFile: '\(name)' is taken, expected distinct names")
    }
  }

  private static func compose(
    _ metadata: [String: String], _ tensors: [(name: String, tensor: Tensor)], checksum: String
  ) -> [UInt8] {
    var entries = metadata
    entries[SafetensorsHeader.checksumKey] = checksum
    let pairs =
      entries
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { $0.key.jsonQuoted + ":" + $0.value.jsonQuoted }
    var text = "{\"__metadata__\":{" + pairs.joined(separator: ",") + "}"
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.count * MemoryLayout<Float>.size
      let shape = tensor.shape.extents.map(String.init).joined(separator: ",")
      text += ",\(name.jsonQuoted):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
      text += "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    text += "}"
    let used = 8 + text.utf8.count
    text += String(repeating: " ", count: (alignment - used % alignment) % alignment)
    let length = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) }
    return length + Array(text.utf8)
  }
}
