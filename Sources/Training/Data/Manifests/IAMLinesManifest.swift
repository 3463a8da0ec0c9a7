import Ink

/// `lines.txt` of the IAM handwriting database, and the pictures that lie around it.
///
/// A picture of line `a01-000u-00` is looked for as `a01/a01-000u/a01-000u-00.png` and as
/// `a01-000u-00.png`: beside `lines.txt`, in `lines/` there, and in `lines/` one folder up. Where there is
/// none, the line is cut from the form `a01-000u.png` beside it or in `forms/` by the rectangle of its row.
/// `forms.txt`, if it lies beside, tells who wrote. Lines marked `err` are kept: the mark tells of the
/// cutting into words, the transcript of the line is right.
enum IAMLinesManifest {
  /// Whether this is a row of `lines.txt`.
  static func isRow(_ line: String) -> Bool {
    guard let rows = try? IAMLinesFile.read(text: line, name: "") else { return false }
    return rows.count == 1
  }

  static func read(_ path: String, _ body: (Sample) -> Void) throws(ManifestError) {
    let folder = FileTree.folder(of: path)
    let writers = try writers(folder + "/forms.txt")
    var reader = try LineReader(path: path)
    while let row = try reader.next() {
      let lines: [IAMLine]
      do throws(DocumentError) {
        lines = try IAMLinesFile.read(text: row, name: path)
      } catch {
        guard case .invalid(_, _, let found, let expected) = error else { throw .document(error) }
        throw reader.error(found: found, expected: expected)
      }
      guard let line = lines.first else { continue }
      let form = line.id.split(separator: "-").dropLast().joined(separator: "-")
      body(
        Sample(
          id: line.id, source: .image(clip(of: line, form: form, in: folder)), text: line.text,
          speaker: writers[form], origin: reader.origin))
    }
  }

  private static func clip(of line: IAMLine, form: String, in folder: String) -> ImageClip {
    let bare = line.id + ".png"
    let pictures = ["", "lines/", "../lines/"].flatMap { [$0 + line.imagePath, $0 + bare] }
    if let name = pictures.first(where: { exists(folder + "/" + $0) }) {
      return ImageClip(path: folder + "/" + name)
    }
    if let box = line.box {
      let forms = ["", "forms/", "../forms/"].map { folder + "/\($0)\(form).png" }
      if let page = forms.first(where: exists) {
        return ImageClip(path: page, polygon: box.corners)
      }
    }
    // The audit names it as missing, under the name that it should have.
    return ImageClip(path: folder + "/" + line.imagePath)
  }

  private static func exists(_ path: String) -> Bool {
    if case .file = FileTree.kind(of: path) { true } else { false }
  }

  /// The writer of each form: the first two words of the rows of `forms.txt`.
  private static func writers(_ path: String) throws(ManifestError) -> [String: String] {
    guard exists(path) else { return [:] }
    var writers: [String: String] = [:]
    var reader = try LineReader(path: path)
    while let row = try reader.next() {
      guard !row.hasPrefix("#") else { continue }
      let words = row.split(maxSplits: 2, whereSeparator: \.isWhitespace)
      if words.count > 1 { writers[String(words[0])] = String(words[1]) }
    }
    return writers
  }
}
