import Ink

/// One JSON object per line: `text` and what it is the text of. That is NeMo's `audio_filepath`, with
/// `duration` and `offset` in seconds if there; or `image_filepath`, the picture of a line; or
/// `strokes`, a list of strokes that are lists of points `[x, y, milliseconds, pressure]`, y growing
/// downwards, the last two optional. `speaker` or `writer` say whose it is. Other keys are left alone.
enum JSONLinesManifest {
  static func read(_ path: String, _ body: (Sample) -> Void) throws(ManifestError) {
    let folder = FileTree.folder(of: path)
    var reader = try LineReader(path: path)
    while let line = try reader.next() {
      if line.allSatisfy(\.isWhitespace) { continue }
      let row = try Row(line: line, origin: reader.origin)
      body(try row.sample(folder: folder))
    }
  }

  private struct Row {
    let members: [String: JSONValue]
    let origin: Sample.Origin

    init(line: String, origin: Sample.Origin) throws(ManifestError) {
      self.origin = origin
      let value: JSONValue
      do {
        value = try JSONValue(parsing: line)
      } catch {
        throw Self.error(
          origin, found: "\(error.found) in column \(error.column)", expected: error.expected)
      }
      guard case .object(let members) = value else {
        throw Self.error(origin, found: value.kind, expected: "a JSON object")
      }
      self.members = members
    }

    func sample(folder: String) throws(ManifestError) -> Sample {
      if members["image_filepath"] != nil { return try imageSample(folder: folder) }
      if let strokes = members["strokes"] { return try strokesSample(strokes) }
      return try audioSample(folder: folder)
    }

    private func imageSample(folder: String) throws(ManifestError) -> Sample {
      let path = try path("image_filepath", "the path of a picture")
      return Sample(
        id: path, source: .image(ImageClip(path: FileTree.resolve(path, from: folder))),
        text: try string("text", "the transcript"), speaker: try speaker(), origin: origin)
    }

    private func strokesSample(_ value: JSONValue) throws(ManifestError) -> Sample {
      let recording: PenRecording
      do throws(StrokeRowError) {
        recording = try PenRecording(manifestValue: value)
      } catch {
        throw self.error(found: error.found, expected: error.expected)
      }
      return Sample(
        id: try optionalString("id") ?? "line \(origin.line ?? 0)", source: .strokes(recording),
        text: try string("text", "the transcript"), speaker: try speaker(), origin: origin)
    }

    private func audioSample(folder: String) throws(ManifestError) -> Sample {
      let path = try path("audio_filepath", "the path of a recording")
      let duration = try seconds("duration")
      let offset = try seconds("offset")
      if let duration, duration == 0 {
        throw error(found: "'duration' 0", expected: "a length in seconds above 0")
      }
      let end = offset.flatMap { start in duration.map { start + $0 } }
      guard end ?? .infinity > offset ?? 0 else {
        throw error(
          found: "'offset' \(offset ?? 0) with 'duration' \(duration ?? 0)",
          expected: "a part that ends after its start")
      }
      let clip = AudioClip(
        path: FileTree.resolve(path, from: folder), start: offset ?? 0, end: end)
      return Sample(
        id: path, source: .audio(clip), text: try string("text", "the transcript"),
        duration: duration, speaker: try speaker(), origin: origin)
    }

    private func path(_ key: String, _ meaning: String) throws(ManifestError) -> String {
      let path = try string(key, meaning)
      guard !path.isEmpty, !path.contains("\0") else {
        throw error(found: "'\(key)' \"\"", expected: meaning)
      }
      return path
    }

    private func optionalString(_ key: String) throws(ManifestError) -> String? {
      members[key] == nil ? nil : try string(key, "a name")
    }

    private func string(_ key: String, _ meaning: String) throws(ManifestError) -> String {
      switch members[key] {
      case .string(let value): return value
      case nil:
        let keys = members.keys.sorted().prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        throw error(
          found: keys.isEmpty ? "an empty object" : "the keys \(keys)",
          expected: "'\(key)', \(meaning)")
      case .some(let other):
        throw error(found: "'\(key)' = \(other.kind)", expected: "\(meaning) as a string")
      }
    }

    private func seconds(_ key: String) throws(ManifestError) -> Double? {
      switch members[key] {
      case nil, .null: return nil
      case .number(let value) where value >= 0: return value
      case .some(let other):
        throw error(found: "'\(key)' = \(other.kind)", expected: "seconds, 0 or more")
      }
    }

    private func speaker() throws(ManifestError) -> String? {
      let key = members["speaker"] == nil ? "writer" : "speaker"
      switch members[key] {
      case nil, .null: return nil
      case .string(let name): return name
      case .number(let number): return Int(exactly: number).map { "\($0)" } ?? "\(number)"
      case .some(let other):
        throw error(found: "'\(key)' = \(other.kind)", expected: "a name or a number")
      }
    }

    private func error(found: String, expected: String) -> ManifestError {
      Self.error(origin, found: found, expected: expected)
    }

    private static func error(
      _ origin: Sample.Origin, found: String, expected: String
    ) -> ManifestError {
      .row(file: origin.file, line: origin.line ?? 0, found: found, expected: expected)
    }
  }
}
