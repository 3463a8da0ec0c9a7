import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that are meant by the arguments of a command: files, folders, and patterns.
struct InputList {
  /// The files in the order of the arguments, those of a folder or a pattern sorted.
  private(set) var files: [String] = []
  /// Arguments that stand for no file, with what is wrong.
  private(set) var problems: [InputListError] = []

  /// - Parameter accepts: Which names of a folder are taken.
  init(_ arguments: [String], accepts: (String) -> Bool) {
    for argument in arguments {
      switch Self.kind(of: argument) {
      case .folder: addFolder(argument, accepts)
      case .file: files.append(argument)
      case .missing where argument.contains(where: { "*?[".contains($0) }): addPattern(argument)
      // Reading it will say what the system says.
      case .missing: files.append(argument)
      }
    }
  }

  private enum Kind { case file, folder, missing }

  private static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  private mutating func addFolder(_ folder: String, _ accepts: (String) -> Bool) {
    let names = FolderListing.names(in: folder).filter { !$0.hasPrefix(".") && accepts($0) }
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let found = names.map { "\(base)/\($0)" }.filter { Self.kind(of: $0) == .file }
    if found.isEmpty { problems.append(.emptyFolder(folder)) }
    files += found
  }

  private mutating func addPattern(_ pattern: String) {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_MARK, nil, &result) == 0 else {
      problems.append(.noMatch(pattern))
      return
    }
    for index in 0..<Int(result.gl_pathc) {
      guard let name = result.gl_pathv[index] else { continue }
      let path = String(cString: name)
      if !path.hasSuffix("/") { files.append(path) }
    }
  }
}

/// An argument that stands for no file.
enum InputListError: Error, CustomStringConvertible {
  /// The folder holds nothing that can be read.
  case emptyFolder(String)
  /// The pattern matches no file.
  case noMatch(String)

  var description: String {
    switch self {
    case .emptyFolder(let path):
      "\(path): the folder holds no picture and no file of pen strokes; name the files themselves"
    case .noMatch(let pattern): "\(pattern): no file matches this pattern; check the path"
    }
  }
}
