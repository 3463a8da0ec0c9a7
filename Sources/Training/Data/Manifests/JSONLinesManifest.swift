import Ink

/// One JSON object per line: `text` and what it is the text of.
///
/// - `audio_filepath`, as NeMo writes it, with `duration` and `offset` in seconds if there;
/// - `image_filepath`, the picture of a line, or of a page with `box`, `[x, y, width, height]`, or
///   `polygon`, `[[x, y], ...]`, in pixels from the upper left corner;
/// - `strokes_filepath`, a file of strokes, all of whose recordings together are one sample; without
///   `text` its own is taken;
/// - `strokes`, a list of strokes that are lists of points `[x, y, milliseconds, pressure]`, y growing
///   downwards, the last two optional.
///
/// `speaker` or `writer` say whose it is; of a recording, `words` may say where each word is, as
/// `{"word": "one", "start": 0.2, "end": 0.6}` in seconds from its start. Other keys are left alone.
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
      if members["strokes_filepath"] != nil { return try strokeFileSample(folder: folder) }
      return try audioSample(folder: folder)
    }

    private func imageSample(folder: String) throws(ManifestError) -> Sample {
      let path = try path("image_filepath", "the path of a picture")
      let file = FileTree.resolve(path, from: folder)
      let clip = try outline().map { ImageClip(path: file, polygon: $0) } ?? ImageClip(path: file)
      return Sample(
        id: try optionalString("id") ?? path, source: .image(clip),
        text: try string("text", "the transcript"), speaker: try speaker(), origin: origin)
    }

    private func strokeFileSample(folder: String) throws(ManifestError) -> Sample {
      let path = try path("strokes_filepath", "the path of a file of strokes")
      var read: [StrokeSample] = []
      var defect: SampleProblem.Reason?
      do throws(StrokeError) {
        read = try StrokeFile.read(FileTree.resolve(path, from: folder))
      } catch {
        defect = SampleProblem.Reason(error)
      }
      let inside = read.compactMap(\.text)
      let isTold = members["text"] != nil || (inside.isEmpty && defect == nil)
      return Sample(
        id: try optionalString("id") ?? path,
        source: .strokes(PenRecording(joining: read.map(\.recording))),
        text: isTold ? try string("text", "the transcript") : inside.joined(separator: " "),
        speaker: try speaker() ?? read.first?.writer, origin: origin, defect: defect)
    }

    /// The corners that `box` or `polygon` give; nil without either.
    private func outline() throws(ManifestError) -> [PagePoint]? {
      switch (members["box"], members["polygon"]) {
      case (nil, nil): return nil
      case (let box?, nil):
        guard let sides = coordinates(box), sides.count == 4, sides[2] > 0, sides[3] > 0 else {
          throw error(
            found: "'box' = \(box.kind)", expected: "[x, y, width, height] in pixels, both above 0")
        }
        let (right, bottom) = (sides[0] + sides[2] - 1, sides[1] + sides[3] - 1)
        return [(sides[0], sides[1]), (right, sides[1]), (right, bottom), (sides[0], bottom)].map {
          PagePoint(x: $0.0, y: $0.1)
        }
      case (nil, let polygon?):
        guard case .array(let points) = polygon, points.count >= 3 else {
          throw error(
            found: "'polygon' = \(polygon.kind)", expected: "three points or more, [x, y]")
        }
        return try points.map { point throws(ManifestError) in
          guard let place = coordinates(point), place.count == 2 else {
            throw error(found: "\(point.kind) in 'polygon'", expected: "a point [x, y] in pixels")
          }
          return PagePoint(x: place[0], y: place[1])
        }
      case (_?, _?): throw error(found: "'box' and 'polygon'", expected: "one of them")
      }
    }

    /// The numbers of a list, if it has nothing else and they are on a page.
    private func coordinates(_ value: JSONValue) -> [Double]? {
      guard case .array(let members) = value else { return nil }
      let numbers = members.compactMap { member -> Double? in
        guard case .number(let number) = member, abs(number) <= PagePoint.limit else { return nil }
        return number
      }
      return numbers.count == members.count ? numbers : nil
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
      var sample = Sample(
        id: path, source: .audio(clip), text: try string("text", "the transcript"),
        duration: duration, speaker: try speaker(), origin: origin)
      do {
        sample.cuts = try KnownCut.list(members["words"])
      } catch {
        throw self.error(
          found: "'\(error.word)' in 'words'", expected: "'start' and 'end' in seconds, in order")
      }
      return sample
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
          expected: "'\(key)', \(meaning)\(Self.alternatives(to: key))")
      case .some(let other):
        throw error(found: "'\(key)' = \(other.kind)", expected: "\(meaning) as a string")
      }
    }

    /// What may stand in place of a missing key.
    private static func alternatives(to key: String) -> String {
      key == "audio_filepath" ? ", or 'image_filepath', 'strokes_filepath' or 'strokes'" : ""
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
