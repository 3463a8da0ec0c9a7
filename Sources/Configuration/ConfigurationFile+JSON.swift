import Foundation

extension ConfigurationFile {
  /// The configuration as one line of JSON, keys sorted, the same bytes for equal values.
  ///
  /// This is the form that is stored inside a model file.
  public static func json(of value: some Configuration) throws(ConfigurationError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch let EncodingError.invalidValue(found, context) {
      throw .invalid(
        key: context.codingPath.dottedPath, found: "\(found)", expected: "a finite number")
    } catch {
      throw .invalid(key: "", found: "\(error)", expected: "values that JSON can hold")
    }
  }

  /// Reads and checks a configuration stored as JSON; `file` is the name that errors carry.
  public static func decode<Value: Configuration>(
    _ type: Value.Type = Value.self, json: String, file: String
  ) throws(ConfigurationError) -> Value {
    do {
      let value = try JSONDecoder().decode(type, from: Data(json.utf8))
      try value.validate()
      return value
    } catch {
      throw .inFile(file, ConfigurationError(decoding: error))
    }
  }
}
