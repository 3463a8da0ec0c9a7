import Files
import Tensors

/// What can be wrong with a model file, in words that name the file and what to do.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The system refused to open, read or write a file.
  case file(FileError)
  /// The first bytes are not those of a safetensors file.
  case notSafetensors(path: String, found: String)
  /// The header is not what the format demands.
  case malformedHeader(path: String, offset: Int, found: String, expected: String)
  /// The entry of one tensor contradicts itself, its neighbours or the file.
  case invalidTensor(path: String, name: String, found: String, expected: String)
  /// The file is shorter or longer than its header says.
  case wrongSize(path: String, found: Int, expected: Int)
  /// The contents do not have the checksum that was stored with them.
  case damaged(path: String, found: String, expected: String)
  /// An entry that every model file has is not there.
  case missingEntry(path: String, key: String)
  /// An entry cannot be understood.
  case invalidEntry(path: String, key: String, found: String, expected: String)
  /// A weight would become infinite as a 16-bit float.
  case tooLarge(path: String, name: String, value: Float)
  /// A weight is not a number that can be rounded to an integer.
  case notFinite(path: String, name: String, value: Float)
  /// The weights of the file are 8-bit integers already.
  case alreadyQuantized(path: String)
  /// No weight that could be rounded has a name of this pattern.
  case noSuchWeight(path: String, pattern: String, weights: [String])
  /// The file was written in another version of the format.
  case unsupportedVersion(path: String, found: String, expected: String)
  /// The file holds another kind of model.
  case wrongKind(path: String, found: String, expected: String)
  /// The tensors are not those of the model.
  case doesNotFit(path: String, model: String, differences: [Difference])

  /// How a tensor of a file differs from the parameter of a model.
  public enum Difference: Error, Equatable, Sendable, CustomStringConvertible {
    /// Both have it, in different shapes.
    case shape(name: String, found: Shape, expected: Shape)
    /// The model has it, the file has not.
    case missing(name: String, expected: Shape)
    /// The file has it, the model has not.
    case superfluous(name: String, found: Shape)

    /// For example `layers.0.weight is [1024, 256] in the file, expected [1024, 128]`.
    public var description: String {
      switch self {
      case .shape(let name, let found, let expected):
        "\(name) is \(found) in the file, expected \(expected)"
      case .missing(let name, let expected):
        "\(name) \(expected) is missing in the file"
      case .superfluous(let name, let found):
        "\(name) \(found) is not part of the model"
      }
    }
  }

  /// One line naming the file, what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .file(let error):
      error.description
    case .notSafetensors(let path, let found):
      "\(path): not a model: \(found); expected a .safetensors file written by scribe train"
    case .malformedHeader(let path, let offset, let found, let expected):
      "\(path): broken header: found \(found) at byte \(offset), expected \(expected); \(Self.again)"
    case .invalidTensor(let path, let name, let found, let expected):
      "\(path): tensor '\(name)' has \(found), expected \(expected); \(Self.again)"
    case .wrongSize(let path, let found, let expected):
      "\(path): \(found < expected ? "cut short" : "bytes after the end"): "
        + "\(found) bytes, its header says \(expected); \(Self.again)"
    case .damaged(let path, let found, let expected):
      "\(path): damaged: its contents have the checksum \(found), \(expected) was stored with them;"
        + " \(Self.again)"
    case .missingEntry(let path, let key):
      "\(path): no '\(key)' in its metadata; expected a model written by scribe train"
    case .invalidEntry(let path, let key, let found, let expected):
      "\(path): '\(key)' in its metadata is \(found), expected \(expected)"
    case .tooLarge(let path, let name, let value):
      "\(path): not written, for '\(name)' holds \(value), expected at most 65504 in float16; "
        + "store the model with 32-bit weights"
    case .notFinite(let path, let name, let value):
      "\(path): '\(name)' holds \(value), expected finite weights; train the model again"
    case .alreadyQuantized(let path):
      "\(path): its weights are 8-bit integers already, expected 16 or 32-bit floats; "
        + "choose the model that it was made from"
    case .noSuchWeight(let path, let pattern, let weights):
      "\(path): no weight is named '\(pattern)', expected "
        + "\(weights.isEmpty ? "a model with weights" : weights.joined(separator: ", ")), "
        + "or a pattern with * for any characters"
    case .unsupportedVersion(let path, let found, let expected):
      "\(path): format version \(found), this program reads \(expected); "
        + "update the program or train the model again"
    case .wrongKind(let path, let found, let expected):
      "\(path): a model of kind '\(found)', expected '\(expected)'; choose another model"
    case .doesNotFit(let path, let model, let differences):
      "\(path) does not fit \(model): "
        + differences.map(\.description).joined(separator: "; ")
        + "; use the configuration that the model was trained with"
    }
  }

  private static let again = "copy or download the file again"
}
