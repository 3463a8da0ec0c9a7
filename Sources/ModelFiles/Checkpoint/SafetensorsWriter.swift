import Files
import Tensors

/// Composes the header of a file, with its checksum, and the bytes of its tensors.
struct SafetensorsWriter {
  private static let alignment = 64

  /// A tensor as it stands in the file.
  private struct Item {
    enum Content {
      case floats(Tensor)
      case integers(QuantizedMatrix)
    }

    var name: String
    var type: SafetensorsHeader.ElementType
    var shape: Shape
    var content: Content
  }

  private let items: [Item]

  /// A writer of tensors in any order.
  ///
  /// - Parameters:
  ///   - quantized: The forms of tensors that are stored as 8-bit integers.
  ///   - type: How the elements of the others are stored.
  init(
    tensors: [(name: String, tensor: Tensor)], quantized: [String: QuantizedTensor],
    type: SafetensorsHeader.ElementType
  ) {
    precondition(
      type == .float32 || type == .float16,
      "SafetensorsWriter: elements of type \(type), expected float32 or float16")
    items = tensors.flatMap { name, tensor in
      if let form = quantized[name], form.value.isIdentical(to: tensor) {
        return Self.items(name, form)
      }
      return [Item(name: name, type: type, shape: tensor.shape, content: .floats(tensor))]
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func items(_ name: String, _ form: QuantizedTensor) -> [Item] {
    let scales = form.matrix.withUnsafeScales { Tensor(Array($0)) }
    return [
      Item(name: name, type: .int8, shape: form.value.shape, content: .integers(form.matrix)),
      Item(
        name: SafetensorsHeader.scales(of: name), type: .float32, shape: scales.shape,
        content: .floats(scales)),
    ]
  }

  /// A value that would become infinite, if there is one.
  var tooLarge: (name: String, value: Float)? {
    for item in items where item.type == .float16 {
      guard case .floats(let tensor) = item.content else { continue }
      let value = tensor.withUnsafeBufferPointer { scalars in
        scalars.first { $0.isFinite && abs($0) >= Float.float16Overflow }
      }
      if let value { return (item.name, value) }
    }
    return nil
  }

  /// Calls `body` with the stored bytes of each tensor.
  func forEachTensor<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    for item in items {
      switch item.content {
      case .integers(let matrix):
        try matrix.withUnsafeValues { (values) throws(Failure) in
          try body(UnsafeRawBufferPointer(values))
        }
      case .floats(let tensor):
        try tensor.withUnsafeBufferPointer { (scalars) throws(Failure) in
          guard item.type == .float16 else { return try body(UnsafeRawBufferPointer(scalars)) }
          let halves = scalars.map(\.float16Bits)
          try halves.withUnsafeBufferPointer { (halves) throws(Failure) in
            try body(UnsafeRawBufferPointer(halves))
          }
        }
      }
    }
  }

  /// The 8 bytes of the length and the padded header.
  func header(metadata: [String: String]) -> [UInt8] {
    check(metadata)
    let blank = String(repeating: "0", count: SafetensorsHeader.checksumDigits)
    let draft = compose(metadata, checksum: SafetensorsHeader.checksumPrefix + blank)
    var hash = XXHash64()
    hash.update(draft)
    forEachTensor { hash.update($0) }
    return compose(metadata, checksum: SafetensorsFile.checksum(hash))
  }

  private func check(_ metadata: [String: String]) {
    precondition(
      metadata[SafetensorsHeader.checksumKey] == nil,
      "SafetensorsFile: '\(SafetensorsHeader.checksumKey)' in the metadata is written by the file")
    var names: Set<String> = ["__metadata__"]
    for item in items {
      precondition(
        names.insert(item.name).inserted,
        "SafetensorsFile: '\(item.name)' is taken, expected distinct names")
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
    for item in items {
      let end = offset + item.shape.count * item.type.size
      let shape = item.shape.extents.map(String.init).joined(separator: ",")
      text += ",\(item.name.jsonQuoted):{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(shape)],"
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
