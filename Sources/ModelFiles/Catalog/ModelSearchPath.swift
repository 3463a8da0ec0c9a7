#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where models are looked for.
enum ModelSearchPath {
  private static let levelsAbove = 5

  /// The folders that exist, in order, each once:
  ///
  /// 1. those of `SCRIBE_MODELS`, separated by colons;
  /// 2. `models` beside the executable or up to five folders above it, which is how a build folder
  ///    inside a clone finds the clone's models;
  /// 3. `share/scribe/models` beside the `bin` folder of an installation;
  /// 4. `models` in the working folder.
  static func folders(variable: String?, executable: String?, workingFolder: String) -> [String] {
    var candidates = (variable ?? "").split(separator: ":").map(String.init)
    if let executable {
      var folder = parent(executable)
      let installation = parent(folder)
      for _ in 0...levelsAbove {
        candidates.append(join(folder, "models"))
        if folder == "/" { break }
        folder = parent(folder)
      }
      candidates.append(join(installation, "share/scribe/models"))
    }
    candidates.append(join(workingFolder, "models"))
    var seen: Set<String> = []
    return candidates.filter { isFolder($0) && seen.insert(canonical($0)).inserted }
  }

  /// The real path of the running program.
  static func executable() -> String? {
    #if canImport(Darwin)
      var size: UInt32 = 0
      _ = _NSGetExecutablePath(nil, &size)
      var bytes = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&bytes, &size) == 0 else { return nil }
      return resolved(String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    #else
      return resolved("/proc/self/exe")
    #endif
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  static func isRegularFile(_ path: String) -> Bool { type(of: path) == S_IFREG }

  private static func isFolder(_ path: String) -> Bool { type(of: path) == S_IFDIR }

  private static func type(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func canonical(_ path: String) -> String { resolved(path) ?? path }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
