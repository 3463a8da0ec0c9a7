import Files
import Tensors

extension SafetensorsFile {
  /// The tensors of a file, once all of its bytes are found to be sound.
  struct Contents {
    private var floats: [String: Tensor] = [:]
    private var integers: [String: [Int8]] = [:]

    /// Reads the bytes of all tensors, in the order of the file.
    init(
      _ header: SafetensorsHeader, from file: borrowing InputFile, hash: inout XXHash64
    ) throws(CheckpointError) {
      for entry in header.entries {
        if entry.type == .int8 {
          integers[entry.name] = try Self.integers(entry, header, from: file, hash: &hash)
        } else {
          floats[entry.name] = try Self.tensor(entry, header, from: file, hash: &hash)
        }
      }
    }

    /// A tensor of floats.
    func tensor(_ name: String) -> Tensor? { floats[name] }

    /// The 8-bit form of a tensor and what it stands for; nil for a tensor of floats.
    func quantized(
      _ entry: SafetensorsHeader.Entry, path: String
    ) throws(CheckpointError) -> QuantizedTensor? {
      let scaleName = SafetensorsHeader.scales(of: entry.name)
      guard let values = integers[entry.name], let scales = floats[scaleName]?.scalars else {
        return nil
      }
      if let index = scales.firstIndex(where: { !QuantizedMatrix.isScale($0) }) {
        throw .invalidTensor(
          path: path, name: scaleName, found: "the scale \(scales[index]) of row \(index)",
          expected: "scales that are 0 or more and leave all weights finite")
      }
      if let index = values.firstIndex(of: .min) {
        throw .invalidTensor(
          path: path, name: entry.name, found: "the value -128 at place \(index)",
          expected: "values from -127 to 127")
      }
      let matrix = QuantizedMatrix(
        values: values, scales: scales,
        columns: entry.shape.extents.dropFirst().reduce(1, *))
      return QuantizedTensor(matrix, shape: entry.shape)
    }

    private static func integers(
      _ entry: SafetensorsHeader.Entry, _ header: SafetensorsHeader,
      from file: borrowing InputFile, hash: inout XXHash64
    ) throws(CheckpointError) -> [Int8] {
      var values = [Int8](repeating: 0, count: entry.shape.count)
      try values.withUnsafeMutableBufferPointer { (values) throws(CheckpointError) in
        let bytes = UnsafeMutableRawBufferPointer(values)
        try fill(bytes, with: entry, header, from: file, hash: &hash)
      }
      return values
    }

    private static func tensor(
      _ entry: SafetensorsHeader.Entry, _ header: SafetensorsHeader,
      from file: borrowing InputFile, hash: inout XXHash64
    ) throws(CheckpointError) -> Tensor {
      var tensor = Tensor(uninitialized: entry.shape)
      // Half precision is read into the upper half of the storage and widened from the front.
      let skipped = tensor.count * (4 - entry.type.size)
      try tensor.withUnsafeMutableBufferPointer { (scalars) throws(CheckpointError) in
        let bytes = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(scalars)[skipped...])
        try fill(bytes, with: entry, header, from: file, hash: &hash)
        widen(bytes, as: entry.type, into: scalars)
      }
      return tensor
    }

    private static func fill(
      _ bytes: UnsafeMutableRawBufferPointer, with entry: SafetensorsHeader.Entry,
      _ header: SafetensorsHeader, from file: borrowing InputFile, hash: inout XXHash64
    ) throws(CheckpointError) {
      let found: Int
      do { found = try file.read(into: bytes) } catch { throw .file(error) }
      hash.update(UnsafeRawBufferPointer(bytes))
      guard found == bytes.count else {
        let dataStart = header.fileSize - (header.entries.last?.range.upperBound ?? 0)
        throw .wrongSize(
          path: file.path, found: dataStart + entry.range.upperBound - (bytes.count - found),
          expected: header.fileSize)
      }
    }

    /// Element `i` is written at `4 i`, which lies at or before `2 n + 2 i`, where it is read.
    private static func widen(
      _ bytes: UnsafeMutableRawBufferPointer, as type: SafetensorsHeader.ElementType,
      into scalars: UnsafeMutableBufferPointer<Float>
    ) {
      guard type != .float32 else { return }
      for index in scalars.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        scalars[index] = type == .float16 ? Float(float16: bits) : Float(bfloat16: bits)
      }
    }
  }
}
