import Files
import Tensors

/// The header of a safetensors file: which tensors it holds, where, and its metadata.
///
/// Format: <https://huggingface.co/docs/safetensors>. Everything that the file claims is checked
/// against the size it really has before any memory is asked for.
public struct SafetensorsHeader: Sendable, Equatable {
  /// How the elements of a tensor are stored; all become float32.
  ///
  /// The 8-bit integers of a tensor `w` of two or more axes stand beside a tensor `w.scales` of 32-bit
  /// floats, one for each index of the first axis.
  public enum ElementType: String, Sendable, CaseIterable {
    /// 32-bit floats.
    case float32 = "F32"
    /// 16-bit floats of IEEE 754.
    case float16 = "F16"
    /// The upper half of 32-bit floats.
    case bfloat16 = "BF16"
    /// 8-bit integers, to be multiplied by a scale.
    case int8 = "I8"

    /// Bytes per element.
    public var size: Int {
      switch self {
      case .float32: 4
      case .float16, .bfloat16: 2
      case .int8: 1
      }
    }
  }

  /// Where a tensor stands.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// How its elements are stored.
    public var type: ElementType
    /// Its shape.
    public var shape: Shape
    /// Its bytes, counted from the end of the header.
    public var range: Range<Int>
  }

  /// The entries in the order in which they stand in the file.
  public internal(set) var entries: [Entry] = []
  /// The metadata without the checksum.
  public internal(set) var metadata: [String: String] = [:]
  /// The checksum that was stored with the file, if any: `xxh64:` and 16 hexadecimal digits.
  public internal(set) var checksum: String?
  /// The size of the whole file in bytes.
  public internal(set) var fileSize: Int

  /// The largest header that is accepted, as in the reference implementation.
  static let largestHeader = 100_000_000
  static let checksumKey = "checksum"
  static let checksumPrefix = "xxh64:"
  static let checksumDigits = 16

  /// The name of the tensor that holds the scales of another one.
  public static func scales(of name: String) -> String { name + ".scales" }

  /// The names of the tensors that hold the scales of others.
  public var scaleNames: Set<String> {
    Set(entries.lazy.filter { $0.type == .int8 }.map { Self.scales(of: $0.name) })
  }

  /// How most of the elements are stored; float32 if there are none.
  public var mainType: ElementType {
    var counts: [ElementType: Int] = [:]
    for entry in entries { counts[entry.type, default: 0] += entry.shape.count }
    return ElementType.allCases.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? .float32
  }

  init(fileSize: Int) { self.fileSize = fileSize }

  /// Reads the header alone; the tensors are neither read nor verified.
  ///
  /// - Throws: `CheckpointError` if the file cannot be read or its header is broken.
  public init(reading path: String) throws(CheckpointError) {
    let file: InputFile
    do { file = try InputFile(path) } catch { throw .file(error) }
    var hash = XXHash64()
    self = try Self.read(from: file, hash: &hash)
  }

  /// Reads the header and hashes its bytes, the digits of the checksum taken as zeros.
  static func read(
    from file: borrowing InputFile, hash: inout XXHash64
  ) throws(CheckpointError) -> SafetensorsHeader {
    let path = file.path
    guard file.size > 0 else { throw .notSafetensors(path: path, found: "the file is empty") }
    guard file.size >= 8 else {
      throw .notSafetensors(path: path, found: "only \(file.size) bytes")
    }
    let lengthBytes = try file.bytes(8, end: 8)
    let length = lengthBytes.withUnsafeBytes { UInt64(littleEndian: $0.load(as: UInt64.self)) }
    guard length <= UInt64(largestHeader), length >= 2 else {
      throw .notSafetensors(
        path: path, found: "its first 8 bytes announce a header of \(length) bytes")
    }
    let count = Int(length)
    guard count <= file.size - 8 else {
      throw .wrongSize(path: path, found: file.size, expected: 8 + count)
    }
    var bytes = try file.bytes(count, end: 8 + count)
    let parsed = try HeaderParser.parse(bytes, path: path, fileSize: file.size)
    if let digits = parsed.checksumDigits {
      for index in digits { bytes[index] = UInt8(ascii: "0") }
    }
    hash.update(lengthBytes)
    hash.update(bytes)
    return parsed.header
  }
}

extension InputFile {
  /// The next `count` bytes, of which the last stands before byte `end` of the file.
  fileprivate borrowing func bytes(_ count: Int, end: Int) throws(CheckpointError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found: Int
    do {
      found = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    } catch {
      throw .file(error)
    }
    guard found == count else {
      throw .wrongSize(path: path, found: end - count + found, expected: end)
    }
    return bytes
  }
}
