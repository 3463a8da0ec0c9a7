import Ink

/// One labelled item of a data set: where its signal is, what it says, and whose it is.
public struct Sample: Sendable, Equatable, Identifiable {
  /// What names the sample in lists: the path as the manifest writes it, or its utterance name.
  public var id: String
  /// Where the signal comes from.
  public var source: Source
  /// The transcript, as the manifest writes it; it is normalised when it becomes labels.
  public var text: String
  /// The length in seconds, if the manifest or the audit knows it.
  public var duration: Double?
  /// The number of frames of its features, if the audit has counted them.
  public var frameCount: Int?
  /// Who speaks or writes, if the manifest says so.
  public var speaker: String?
  /// The manifest row that declares the sample.
  public var origin: Origin
  /// What is wrong with it that its manifest shows already, such as a line without an outline. It is
  /// kept so that the audit lists it.
  public var defect: SampleProblem.Reason?
  /// Where its words are, in order, if the manifest knows it.
  public var cuts: [KnownCut] = []

  /// A sample; see the properties.
  public init(
    id: String, source: Source, text: String, duration: Double? = nil, speaker: String? = nil,
    origin: Origin, defect: SampleProblem.Reason? = nil
  ) {
    self.id = id
    self.source = source
    self.text = text
    self.duration = duration
    self.speaker = speaker
    self.origin = origin
    self.defect = defect
  }

  /// Where a signal comes from.
  public enum Source: Sendable, Hashable {
    /// A recording, or a part of one.
    case audio(AudioClip)
    /// Recordings strung together with pauses; see ``Composer``.
    case composition(Composition)
    /// A picture of a line.
    case image(ImageClip)
    /// The strokes of a pen.
    case strokes(PenRecording)
    /// Pen recordings written one after another; see ``Composer``.
    case strokeComposition(StrokeComposition)

    /// What it is, in words.
    var words: String {
      switch self {
      case .audio, .composition: "a recording of sound"
      case .image: "a picture"
      case .strokes, .strokeComposition: "pen strokes"
      }
    }
  }

  /// A place in a manifest: `train.jsonl:17`.
  public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// The manifest's path.
    public var file: String
    /// The line, from 1; nil where a file name alone declares the sample.
    public var line: Int?

    /// A place in a manifest.
    public init(file: String, line: Int? = nil) {
      self.file = file
      self.line = line
    }

    /// `file:line`, as compilers print it.
    public var description: String { line.map { "\(file):\($0)" } ?? file }
  }

  /// The recordings of sound that the sample needs, in order.
  public var clips: [AudioClip] {
    switch source {
    case .audio(let clip): [clip]
    case .composition(let composition): composition.parts.map(\.clip)
    case .image, .strokes, .strokeComposition: []
    }
  }
}

/// A recording, or the part of it between two times.
public struct AudioClip: Sendable, Hashable, CustomStringConvertible {
  /// The file, absolute or relative to the current folder.
  public var path: String
  /// Where the part starts, in seconds.
  public var start: Double
  /// Where the part ends, in seconds; nil at the end of the file.
  public var end: Double?

  /// A whole recording, or the part of it between two times in seconds.
  public init(path: String, start: Double = 0, end: Double? = nil) {
    precondition(
      start >= 0 && (end ?? .infinity) > start,
      "AudioClip: got \(start)...\(end ?? .infinity) s, expected 0 <= start < end")
    self.path = path
    self.start = start
    self.end = end
  }

  /// Whether this is the file as a whole.
  public var isWholeFile: Bool { start == 0 && end == nil }

  /// The path, with the times of a part.
  public var description: String {
    isWholeFile ? path : "\(path)[\(start)...\(end.map { "\($0)" } ?? "end") s]"
  }
}
