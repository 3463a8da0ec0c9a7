import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder with a folder of PNG pictures for each class.
enum PictureFolder {
  /// The pictures, sorted by class and name, and the class of each.
  static func files(
    in folder: String
  ) throws(ClassificationError) -> (paths: [String], classes: [String]) {
    guard try isFolder(folder) else { throw .folder(.notAFolder(path: folder)) }
    var (paths, classes): ([String], [String]) = ([], [])
    for name in FolderListing.names(in: folder) where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      guard try isFolder(path) else { continue }
      let files = FolderListing.names(in: path).filter {
        $0.lowercased().hasSuffix(".png") && !$0.hasPrefix(".")
      }
      guard !files.isEmpty else { throw .noPictures(folder: path) }
      paths += files.map { "\(path)/\($0)" }
      classes += files.map { _ in name }
    }
    guard !paths.isEmpty else { throw .noClasses(folder: folder) }
    return (paths, classes)
  }

  private static func isFolder(_ path: String) throws(ClassificationError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .folder(FileError(errno, path: path, action: "read"))
    }
    return status.st_mode & S_IFMT == S_IFDIR
  }
}
