import Foundation

/// The root of the package, found from where this file was compiled.
let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A Swift file under `Sources`, cut into lines.
struct SourceFile: CustomStringConvertible {
  /// The path from the package's root, such as `Sources/Tensors/Shape.swift`.
  let path: String
  let lines: [Substring]

  var description: String { path }

  /// The folder under `Sources`, which is the name of the target.
  var target: String { String(path.split(separator: "/")[1]) }

  /// The lines that are not comments as a whole, with their numbers.
  var code: [(number: Int, text: Substring)] {
    lines.enumerated()
      .map { (number: $0.offset + 1, text: $0.element) }
      .filter { !$0.text.drop(while: \.isWhitespace).hasPrefix("//") }
  }

  /// The modules that this file imports, with the line of each import.
  var imports: [(line: Int, module: String)] {
    code.compactMap { line in importedModule(line.text).map { (line: line.number, module: $0) } }
  }

  /// Every Swift file under `Sources`, in the order of their paths.
  static func all() throws -> [SourceFile] {
    let sources = packageRoot.appending(path: "Sources").path(percentEncoded: false)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources)
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let text = try String(contentsOfFile: sources + "/" + path, encoding: .utf8)
      return SourceFile(
        path: "Sources/" + path,
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }
}

/// Returns the module that a line imports, or nil if it is not an import.
///
/// Attributes, access levels and the kind of an imported declaration are passed over, and of a
/// submodule only the module counts.
func importedModule(_ line: Substring) -> String? {
  let declaration =
    /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?(\w+)/
  return line.firstMatch(of: declaration).map { String($0.output.1) }
}
