/// A folder, or a tree, of recordings or of pictures of lines, each beside a text file of the same name.
///
/// Lines of a text file are joined by spaces. A recording or picture without a text file becomes a
/// sample with empty text, so that the audit lists it.
enum TextBesideManifest {
  /// Recordings, each beside a `.txt` file.
  static func readRecordings(_ folder: String, _ body: (Sample) -> Void) throws(ManifestError) {
    try read(folder, FileTree.isAudio, [".txt"], body) { .audio(AudioClip(path: $0)) }
  }

  /// Pictures of lines, each beside a `.gt.txt` file, or else a `.txt` file.
  static func readPictures(_ folder: String, _ body: (Sample) -> Void) throws(ManifestError) {
    try read(folder, FileTree.isImage, [".gt.txt", ".txt"], body) { .image(ImageClip(path: $0)) }
  }

  private static func read(
    _ folder: String, _ isSignal: (String) -> Bool, _ endings: [String],
    _ body: (Sample) -> Void, source: (String) -> Sample.Source
  ) throws(ManifestError) {
    let files = try FileTree.files(under: folder)
    let names = Set(files)
    for file in files where isSignal(file) {
      let textFile = endings.map { FileTree.stem(file) + $0 }.first(where: names.contains)
      let text = try textFile.map { name throws(ManifestError) in
        try lines(of: folder + "/" + name).joined(separator: " ")
      }
      body(
        Sample(
          id: file, source: source(folder + "/" + file), text: text ?? "",
          origin: Sample.Origin(file: folder + "/" + (textFile ?? file))))
    }
  }

  /// The lines of a text file that are not blank, without white space at their ends.
  static func lines(of path: String) throws(ManifestError) -> [String] {
    var lines: [String] = []
    var reader = try LineReader(path: path)
    while let line = try reader.next() {
      let text = line[...].trimmed
      if !text.isEmpty { lines.append(text) }
    }
    return lines
  }
}
