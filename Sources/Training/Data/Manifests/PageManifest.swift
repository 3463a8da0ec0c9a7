import Ink

/// PAGE XML and ALTO: one file, or all of a folder, each with the outlines and texts of a page's lines.
///
/// A line without a text has an empty one, and a line without a usable outline a defect; the audit lists
/// both. The picture is looked for where the file says, beside the file, and one folder up, as in an
/// export whose files lie in `page/`.
enum PageManifest {
  /// Reads a file, or the files of a folder that are pages.
  static func read(_ path: String, _ body: (Sample) -> Void) throws(ManifestError) {
    guard case .folder = FileTree.kind(of: path) else {
      return try readFile(path, name: FileTree.name(of: path), body)
    }
    for file in try FileTree.files(under: path) where FileTree.hasExtension(file, ["xml"]) {
      let name = path + "/" + file
      // Other XML, such as a list of files, may lie between them.
      if try XMLKind(of: name)?.isPage ?? false { try readFile(name, name: file, body) }
    }
  }

  private static func readFile(
    _ path: String, name: String, _ body: (Sample) -> Void
  ) throws(ManifestError) {
    let isALTO = try XMLKind(of: path) == .alto
    let page: GroundTruthPage
    do throws(DocumentError) {
      page = isALTO ? try ALTOFile.read(path) : try PageXMLFile.read(path)
    } catch {
      throw .document(error)
    }
    let image = imagePath(of: page, path)
    let defect = sizeDefect(of: page, image)
    for line in page.lines {
      body(
        Sample(
          id: "\(name):\(line.id)",
          source: .image(ImageClip(path: image, polygon: line.polygon)), text: line.text ?? "",
          origin: Sample.Origin(file: path), defect: defect))
    }
    // A bad baseline is noted as well, of a line that is good.
    let outlined = Set(page.lines.map(\.id))
    for problem in page.problems where !outlined.contains(problem.id) {
      body(
        Sample(
          id: "\(name):\(problem.id)", source: .image(ImageClip(path: image)), text: "",
          origin: Sample.Origin(file: path, line: problem.line), defect: .notOutlined(problem)))
    }
  }

  private static func imagePath(of page: GroundTruthPage, _ path: String) -> String {
    let name = FileTree.name(of: page.imagePath)
    let above = FileTree.folder(of: path) + "/../" + name
    for candidate in [page.imagePath, above] {
      if case .file = FileTree.kind(of: candidate) { return candidate }
    }
    return page.imagePath
  }

  /// Outlines for a picture that was scaled since would cut out something else. What cannot be read is
  /// left to the loading of the lines.
  private static func sizeDefect(
    of page: GroundTruthPage, _ image: String
  ) -> SampleProblem.Reason? {
    guard let width = page.width, let height = page.height,
      let found = try? ImageFile.information(image), (found.width, found.height) != (width, height)
    else { return nil }
    return .wrongSize(
      found: "\(found.width) × \(found.height)", expected: "\(width) × \(height)")
  }
}
