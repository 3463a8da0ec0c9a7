/// LibriSpeech's tree: each folder holds a `*.trans.txt` whose lines are a name and a transcript;
/// the recording of that name lies beside it. The speaker is the first part of the name.
enum LibriSpeechManifest {
  static let suffix = ".trans.txt"

  static func read(_ folder: String, _ body: (Sample) -> Void) throws(ManifestError) {
    let files = try FileTree.files(under: folder)
    let names = Set(files)
    for file in files where file.hasSuffix(suffix) {
      var reader = try LineReader(path: folder + "/" + file)
      let prefix = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
      while let line = try reader.next() {
        let fields = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let name = fields.first.map(String.init) else { continue }
        guard name.contains("-") else {
          throw reader.error(
            found: "'\(name.prefix(40))'", expected: "a name such as 1272-128104-0000")
        }
        // Missing recordings are left to the audit under the name that they should have.
        let kind = FileTree.audioExtensions.first { names.contains("\(prefix)\(name).\($0)") }
        let path = "\(folder)/\(prefix)\(name).\(kind ?? "flac")"
        body(
          Sample(
            id: name, source: .audio(AudioClip(path: path)),
            text: fields.count == 2 ? fields[1].trimmed : "",
            speaker: name.split(separator: "-").first.map(String.init), origin: reader.origin))
      }
    }
  }
}
