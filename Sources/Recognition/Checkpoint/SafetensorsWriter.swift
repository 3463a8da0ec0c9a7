import Files
import Tensors

/// Composes the header of a file, with its checksum, and the bytes of its tensors.
struct SafetensorsWriter {
  private static let alignment = 64

  /// The tensors in the order of the file.
  let tensors: [(name: String, tensor: Tensor)]
  /// How their elements are stored.
  let type: SafetensorsHeader.ElementType

  /// A writer of tensors that are already sorted.
  init(tensors: [(name: String, tensor: Tensor)], type: SafetensorsHeader.ElementType) {
    precondition(type != .bfloat16, "SafetensorsWriter: bfloat16 is read, not written")
    (self.tensors, self.type) = (tensors, type)
  }

  /// A value that would become infinite, if there is one.
  var tooLarge: (name: String, value: Float)? {
    guard type == .float16 else { return nil }
    for (name, tensor) in tensors {
      let value = tensor.withUnsafeBufferPointer { scalars in
        scalars.first { $0.isFinite && abs($0) >= Float.float16Overflow }
      }
      if let value { return (name, value) }
    }
    return nil
  }

  /// Calls `body` with the stored bytes of each tensor.
  func forEachTensor<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    for (_, tensor) in tensors {
      try tensor.withUnsafeBufferPointer { (scalars) throws(Failure) in
        guard type == .float16 else { return try body(UnsafeRawBufferPointer(scalars)) }
        let halves = scalars.map(\.float16Bits)
        try halves.withUnsafeBufferPointer { (halves) throws(Failure) in
          try body(UnsafeRawBufferPointer(halves))
        }
      }
    }
  }

  /// The 8 bytes of the length and the padded header.
  func header(metadata: [String: String]) -> [UInt8] {
    Self.check(metadata, tensors)
    let blank = String(repeating: "0", count: SafetensorsHeader.checksumDigits)
    let draft = compose(metadata, checksum: SafetensorsHeader.checksumPrefix + blank)
    var hash = XXHash64()
    hash.update(draft)
    forEachTensor { hash.update($0) }
    return compose(metadata, checksum: SafetensorsFile.checksum(hash))
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

  private func compose(_ metadata: [String: String], checksum: String) -> [UInt8] {
    var entries = metadata
    entries[SafetensorsHeader.checksumKey] = checksum
    let pairs =
      entries
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { $0.key.jsonQuoted + ":" + $0.value.jsonQuoted }
    var text = "{\"__metadata__\":{" + pairs.joined(separator: ",") + "}"
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.count * type.size
      let shape = tensor.shape.extents.map(String.init).joined(separator: ",")
      text += ",\(name.jsonQuoted):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],"
      text += "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    text += "}"
    let used = 8 + text.utf8.count
    text += String(
      repeating: " ", count: (Self.alignment - used % Self.alignment) % Self.alignment)
    let length = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) }
    return length + Array(text.utf8)
  }
}
