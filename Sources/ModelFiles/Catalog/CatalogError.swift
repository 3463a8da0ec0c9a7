/// Why a model was not found.
public enum CatalogError: Error, Equatable, CustomStringConvertible {
  /// No folder of the search path holds a model of this name.
  case unknownModel(name: String, suggestion: String?, known: [String], searched: [String])

  /// One line naming the models that are there, the nearest of them, and the folders searched.
  public var description: String {
    switch self {
    case .unknownModel(let name, let suggestion, let known, let searched):
      "no model is called '\(name)'"
        + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        + (known.isEmpty
          ? "; none is installed" : "; there are: \(known.joined(separator: ", "))")
        + (searched.isEmpty
          ? "; no folder of models was found, set SCRIBE_MODELS to one"
          : "; searched \(searched.joined(separator: ", "))")
        + "; give the path of a .safetensors file to use another"
    }
  }
}
