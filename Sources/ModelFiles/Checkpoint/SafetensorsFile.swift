import Files
import Tensors

#if _endian(big)
  #error("model files are little-endian; reading them here needs byte swaps")
#endif

/// The contents of a safetensors file: named tensors and a dictionary of strings.
///
/// Written files are a function of their contents alone: names are sorted by their UTF-8 bytes, the
/// header is padded with spaces so that the data begin at a multiple of 64 bytes, and the entry
/// `checksum` holds the xxHash64 of the whole file, taken with its own 16 digits as zeros. It thus
/// covers names, shapes, metadata, padding and data.
public struct SafetensorsFile: Sendable {
  /// Whether a file must carry a checksum; one that is there is always verified.
  public enum ChecksumPolicy: Sendable {
    /// Files of other programs are accepted.
    case ifPresent
    /// A file without checksum is refused.
    case required
  }

  /// Free entries; `checksum` is added when writing and taken away when reading.
  public var metadata: [String: String]
  /// The tensors; their order does not matter for writing.
  public var tensors: [(name: String, tensor: Tensor)]
  /// The forms of tensors that are stored as 8-bit integers, by their names. One counts as long as
  /// `tensors` holds its value, not a new one.
  public var quantized: [String: QuantizedTensor] = [:]

  /// How the elements of other tensors are stored when the file is written: as they were in the file
  /// that was read, if that was float16 throughout, otherwise as float32.
  public var elementType = SafetensorsHeader.ElementType.float32

  /// Contents to be written.
  public init(metadata: [String: String] = [:], tensors: [(name: String, tensor: Tensor)] = []) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads and verifies a file; half precision and 8-bit integers become float32, and the integers are
  /// kept beside it.
  ///
  /// - Throws: `CheckpointError` if the file cannot be read, or is not sound in every byte.
  /// - Complexity: One pass over the file; memory is asked for only after the header was found
  ///   to agree with the size of the file.
  public init(
    reading path: String, checksum: ChecksumPolicy = .ifPresent
  ) throws(CheckpointError) {
    let file: InputFile
    do { file = try InputFile(path) } catch { throw .file(error) }
    var hash = XXHash64()
    let header = try SafetensorsHeader.read(from: file, hash: &hash)
    if checksum == .required, header.checksum == nil {
      throw .missingEntry(path: path, key: SafetensorsHeader.checksumKey)
    }
    self.init(metadata: header.metadata)
    let contents = try Contents(header, from: file, hash: &hash)
    let found = Self.checksum(hash)
    if let expected = header.checksum, expected != found {
      throw .damaged(path: path, found: found, expected: expected)
    }
    let scaleNames = header.scaleNames
    let others = header.entries.filter { $0.type != .int8 && !scaleNames.contains($0.name) }
    if !others.isEmpty, others.allSatisfy({ $0.type == .float16 }) { elementType = .float16 }
    tensors.reserveCapacity(header.entries.count - scaleNames.count)
    for entry in header.entries where !scaleNames.contains(entry.name) {
      if let form = try contents.quantized(entry, path: path) {
        quantized[entry.name] = form
        tensors.append((entry.name, form.value))
      } else if let tensor = contents.tensor(entry.name) {
        tensors.append((entry.name, tensor))
      }
    }
  }

  /// Writes the file so that it is there as a whole or not at all; see ``AtomicFile``.
  ///
  /// Two tensors of one name, or an entry named `checksum`, are errors of the program.
  ///
  /// - Throws: `CheckpointError.file` with the reason of the system; `CheckpointError.tooLarge` if a
  ///   value is too large for float16.
  public func write(to path: String) throws(CheckpointError) {
    let writer = SafetensorsWriter(
      tensors: tensors, quantized: quantized, type: elementType)
    if let (name, value) = writer.tooLarge {
      throw .tooLarge(path: path, name: name, value: value)
    }
    let header = writer.header(metadata: metadata)
    do {
      try AtomicFile.write(to: path) { (output) throws(FileError) in
        try output.write(header)
        try writer.forEachTensor { (bytes) throws(FileError) in try output.write(bytes) }
      }
    } catch {
      throw .file(error)
    }
  }

  static func checksum(_ hash: XXHash64) -> String {
    let digits = String(hash.digest, radix: 16)
    return SafetensorsHeader.checksumPrefix
      + String(repeating: "0", count: SafetensorsHeader.checksumDigits - digits.count) + digits
  }
}
