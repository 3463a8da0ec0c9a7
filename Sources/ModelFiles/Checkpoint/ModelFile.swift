import Tensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model in one file: what it is, how it was made, and its tensors.
///
/// The file is a safetensors file with a checksum. Tensors named by a parameter's path, such as
/// `layers.0.weight`, are the model; those of a group, such as `optimizer/layers.0.weight`, belong to
/// a training that goes on and are absent from finished models.
public struct ModelFile: Sendable {
  /// The version that this program writes, and the only one that it reads.
  public static let formatVersion = "1"

  /// The entries of the metadata that have a meaning of their own.
  public enum Key: String, CaseIterable, Sendable {
    /// The version of this list.
    case formatVersion
    /// Which model the configuration describes, for example `deepSpeech2`.
    case kind
    /// The configuration of the model, as JSON.
    case configuration
    /// The characters that it writes, as JSON.
    case alphabet
    /// The tokens that it takes in and puts out, as JSON.
    case vocabulary
    /// How inputs become labels or numbers, such as a vocabulary, as JSON.
    case inputs
    /// The names of the classes that it tells apart, as JSON.
    case labels
    /// Mean and deviation of the features over the training set, as JSON.
    case statistics
    /// How the model was trained and what error was measured, as JSON.
    case trainingRecord
    /// The errors that were measured, a list of ``MeasuredError`` as JSON.
    case measuredErrors
    /// What a training needs besides the tensors to go on exactly where it stopped, as JSON.
    case trainingState
    /// How its log-probabilities are best turned into text, a ``DecoderRecord`` as JSON.
    case decoder
    /// How weights became 8-bit integers, a ``Quantization`` as JSON.
    case quantization
    /// The languages that it understands, separated by commas, for example `en`.
    case languages
    /// The recipe that it was trained with, for example `configs/digits-en.yaml`.
    case recipe
    /// What a user should know about it, in a sentence.
    case summary
  }

  /// All entries; the kind and the version are among them.
  public var metadata: [String: String]
  /// The parameters by their paths, and tensors of groups.
  public var tensors: [(name: String, tensor: Tensor)] = []
  /// The forms of weights that are stored as 8-bit integers, by their names. One counts as long as
  /// `tensors` holds its value, not a new one.
  public internal(set) var quantized: [String: QuantizedTensor] = [:]
  /// How other weights are stored when the file is written; a file that is read and written again keeps
  /// its own.
  public var elementType = SafetensorsHeader.ElementType.float32
  /// The file that this was read from; errors name it.
  public private(set) var path: String?

  /// An empty model of a kind.
  public init(kind: String) {
    metadata = [
      Key.formatVersion.rawValue: Self.formatVersion, Key.kind.rawValue: kind,
    ]
  }

  /// Reads and verifies a file.
  ///
  /// - Throws: `CheckpointError` if the file cannot be read, is damaged, is not a model, or was
  ///   written in another version of the format.
  public init(reading path: String) throws(CheckpointError) {
    let file = try SafetensorsFile(reading: path, checksum: .required)
    try Self.checkVersion(file.metadata, path: path)
    (self.path, metadata, tensors) = (path, file.metadata, file.tensors)
    (elementType, quantized) = (file.elementType, file.quantized)
  }

  /// Writes the file, the old one staying in place until the new one is complete.
  ///
  /// - Throws: `CheckpointError.file` with the reason of the system.
  public func write(to path: String) throws(CheckpointError) {
    var file = SafetensorsFile(metadata: metadata, tensors: tensors)
    (file.elementType, file.quantized) = (elementType, quantized)
    try file.write(to: path)
  }

  /// Which model the configuration describes.
  public var kind: String { metadata[Key.kind.rawValue] ?? "" }

  /// An entry as text; nil removes it.
  public subscript(key: Key) -> String? {
    get { metadata[key.rawValue] }
    set { metadata[key.rawValue] = newValue }
  }

  /// Demands a kind.
  ///
  /// - Throws: `CheckpointError.wrongKind`.
  public func expect(kind expected: String) throws(CheckpointError) {
    guard kind == expected else {
      throw .wrongKind(path: location, found: kind, expected: expected)
    }
  }

  /// An entry as text.
  ///
  /// - Throws: `CheckpointError.missingEntry`.
  public func required(_ key: Key) throws(CheckpointError) -> String {
    guard let text = self[key] else {
      throw .missingEntry(path: location, key: key.rawValue)
    }
    return text
  }

  /// An entry decoded from JSON.
  ///
  /// - Throws: `CheckpointError.missingEntry`, or `CheckpointError.invalidEntry` with the reason.
  public func decode<Value: Decodable>(
    _ type: Value.Type, from key: Key
  ) throws(CheckpointError) -> Value {
    let text = try required(key)
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw .invalidEntry(
        path: location, key: key.rawValue, found: "not readable (\(Self.words(error)))",
        expected: "a \(type) as this version of the program writes it")
    }
  }

  /// Stores a value as JSON with sorted keys.
  ///
  /// - Throws: `CheckpointError.invalidEntry` if the value has no form in JSON, such as NaN.
  public mutating func encode(_ value: some Encodable, as key: Key) throws(CheckpointError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      metadata[key.rawValue] = String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .invalidEntry(
        path: location, key: key.rawValue, found: "not writable (\(Self.words(error)))",
        expected: "values that JSON knows")
    }
  }

  var location: String { path ?? "the model in memory" }

  static func checkVersion(
    _ metadata: [String: String], path: String
  ) throws(CheckpointError) {
    for key in [Key.formatVersion, .kind] where metadata[key.rawValue] == nil {
      throw .missingEntry(path: path, key: key.rawValue)
    }
    let version = metadata[Key.formatVersion.rawValue] ?? ""
    guard version == formatVersion else {
      throw .unsupportedVersion(path: path, found: version, expected: formatVersion)
    }
  }

  /// The place and the reason of a coding error, without the noise of its types.
  private static func words(_ error: any Error) -> String {
    func place(_ context: [any CodingKey], _ reason: String) -> String {
      let path = context.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? reason : "'\(path)': \(reason)"
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context):
      place(context.codingPath + [key], "missing")
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      place(context.codingPath, context.debugDescription)
    case EncodingError.invalidValue(let value, let context):
      place(context.codingPath, "\(value)")
    default: "\(error)"
    }
  }
}
