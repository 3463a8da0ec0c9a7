#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How files of pages name their images.
enum ImageReference {
  /// Where the image `name` of the file `document` is.
  ///
  /// A relative name starts from the file's folder. Where nothing is there, as when the name comes
  /// from another computer, an image of the same last name beside the file is taken.
  static func path(_ name: String, in document: String) -> String {
    let name = name.hasPrefix("file://") ? String(name.dropFirst(7)) : name
    let named = name.hasPrefix("/") ? name : sibling(name, of: document)
    if access(named, F_OK) == 0 { return named }
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
    let beside = sibling(last ?? name, of: document)
    return access(beside, F_OK) == 0 ? beside : named
  }

  /// The path of `name` in the folder of `document`.
  static func sibling(_ name: String, of document: String) -> String {
    guard let slash = document.lastIndex(of: "/") else { return name }
    return document[...slash] + name
  }
}
