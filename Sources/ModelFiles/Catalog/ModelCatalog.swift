import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The models that the program finds by name: the files `NAME.safetensors` of a few folders.
public struct ModelCatalog: Sendable {
  private static let suffix = ".safetensors"

  /// What a file tells about itself.
  public struct Entry: Sendable, Equatable {
    /// The name that selects it.
    public var name: String
    /// Where it is.
    public var path: String
    /// Its size in bytes.
    public var size: Int
    /// How most of its weights are stored.
    public var elementType: SafetensorsHeader.ElementType
    /// Which kind of model it is.
    public var kind: String
    /// The languages that it understands, such as `en`.
    public var languages: [String]
    /// The recipe that it was trained with.
    public var recipe: String?
    /// What a user should know about it.
    public var summary: String?
    /// The errors that were measured.
    public var errors: [MeasuredError]
  }

  /// A file that bears the name of a model and is none.
  public struct Unreadable: Sendable, Equatable {
    /// The name that selects it.
    public var name: String
    /// What is wrong with it.
    public var error: CheckpointError
  }

  /// The folders that are searched, in order; a name found in two is the one of the first.
  public let folders: [String]

  /// The models of `SCRIBE_MODELS`, of the folders around the program, and of the working folder.
  public init() {
    self.init(
      variable: getenv("SCRIBE_MODELS").map { String(cString: $0) },
      executable: ModelSearchPath.executable(), workingFolder: ".")
  }

  /// The catalog of a program that stands elsewhere.
  package init(variable: String?, executable: String?, workingFolder: String) {
    folders = ModelSearchPath.folders(
      variable: variable, executable: executable, workingFolder: workingFolder)
  }

  /// The path of a model; what contains `/` or ends in `.safetensors` is a path already.
  ///
  /// - Throws: `CatalogError.unknownModel`, with the names that there are and the nearest of them.
  public func path(of name: String) throws(CatalogError) -> String {
    if name.contains("/") || name.hasSuffix(Self.suffix) { return name }
    let files = files()
    if let file = files.first(where: { $0.name == name }) { return file.path }
    let known = files.map(\.name)
    throw .unknownModel(
      name: name, suggestion: NearMiss.suggestion(for: name, among: known), known: known,
      searched: folders)
  }

  /// All models by name; of each file only the header is read, so that damage in the data shows
  /// when the model is used.
  public func list() -> (models: [Entry], unreadable: [Unreadable]) {
    var models: [Entry] = []
    var unreadable: [Unreadable] = []
    for (name, path) in files() {
      do throws(CheckpointError) {
        models.append(try Self.entry(name: name, path: path))
      } catch {
        unreadable.append(Unreadable(name: name, error: error))
      }
    }
    return (models, unreadable)
  }

  private func files() -> [(name: String, path: String)] {
    var paths: [String: String] = [:]
    for folder in folders {
      for file in FolderListing.names(in: folder)
      where file.hasSuffix(Self.suffix) && !file.hasPrefix(".") {
        let name = String(file.dropLast(Self.suffix.count))
        let path = ModelSearchPath.join(folder, file)
        if paths[name] == nil, ModelSearchPath.isRegularFile(path) { paths[name] = path }
      }
    }
    return paths.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func entry(name: String, path: String) throws(CheckpointError) -> Entry {
    let header = try SafetensorsHeader(reading: path)
    try ModelFile.checkVersion(header.metadata, path: path)
    func text(_ key: ModelFile.Key) -> String? { header.metadata[key.rawValue] }
    return Entry(
      name: name, path: path, size: header.fileSize, elementType: header.mainType,
      kind: text(.kind) ?? "",
      languages: (text(.languages) ?? "").split { $0 == "," || $0 == " " }.map(String.init),
      recipe: text(.recipe), summary: text(.summary),
      errors: try errors(text(.measuredErrors), path: path))
  }

  private static func errors(
    _ json: String?, path: String
  ) throws(CheckpointError) -> [MeasuredError] {
    guard let json else { return [] }
    do {
      return try JSONDecoder().decode([MeasuredError].self, from: Data(json.utf8))
    } catch {
      throw .invalidEntry(
        path: path, key: ModelFile.Key.measuredErrors.rawValue, found: json,
        expected: "a list of measured errors")
    }
  }
}
