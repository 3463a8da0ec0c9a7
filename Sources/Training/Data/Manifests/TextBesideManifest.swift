/// A folder, or a tree, of recordings, each beside a text file of the same name.
///
/// Lines of a text file are joined by spaces. A recording without a text file becomes a sample with
/// empty text, so that the audit lists it.
enum TextBesideManifest {
  static func read(_ folder: String, _ body: (Sample) -> Void) throws(ManifestError) {
    let files = try FileTree.files(under: folder)
    let names = Set(files)
    for file in files where FileTree.isAudio(file) {
      let textFile = FileTree.stem(file) + ".txt"
      let hasText = names.contains(textFile)
      let source = Sample.Source.audio(AudioClip(path: folder + "/" + file))
      let origin = folder + "/" + (hasText ? textFile : file)
      body(
        Sample(
          id: file, source: source, text: hasText ? try transcript(folder + "/" + textFile) : "",
          origin: Sample.Origin(file: origin)))
    }
  }

  private static func transcript(_ path: String) throws(ManifestError) -> String {
    var lines: [String] = []
    var reader = try LineReader(path: path)
    while let line = try reader.next() {
      let text = line[...].trimmed
      if !text.isEmpty { lines.append(text) }
    }
    return lines.joined(separator: " ")
  }
}
