import Audio
import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fixed set of strings of recordings, written as WAV files or pen strokes with a manifest.
public enum ComposedSet {
  /// Composes strings of the recordings of a manifest and writes them into a folder.
  ///
  /// The strings are those of a ``Composer`` with the same seed, and the same seed writes the same
  /// bytes. Files are called `string-0001.wav` and so on; `manifest.jsonl` lists them, with the times
  /// of each recording as its `words`, silence inside the recording included. Of pen strokes the
  /// manifest holds all.
  ///
  /// - Parameters:
  ///   - manifest: Any manifest that ``Manifest`` reads.
  ///   - folder: Where to write; it is made if it is not there.
  ///   - count: The number of strings.
  ///   - configuration: How recordings are strung together; `probability` and `itemsPerEpoch` are
  ///     not used.
  ///   - sampleRate: The rate to write, in Hz; nil takes that of the first recording.
  /// - Returns: The samples that were written, as ``Manifest`` reads them back.
  /// - Throws: `ManifestError`, `ConfigurationError`, `CompositionError`, `SampleProblem` for a
  ///   recording that cannot be read, or `AudioError` for one that cannot be written.
  @discardableResult
  public static func write(
    manifest: String, to folder: String, count: Int, configuration: CompositionConfiguration,
    seed: UInt64, sampleRate: Int? = nil
  ) throws -> [Sample] {
    precondition(count > 0, "ComposedSet.write: got \(count) strings, expected at least 1")
    try configuration.validate()
    var recordings = try Manifest.read(manifest)
    var settings = configuration
    settings.probability = 1
    if case .strokes = recordings[0].source {
      try makeFolder(folder)
      return try writeStrokes(
        recordings, to: folder, count: count, configuration: settings, seed: seed)
    }
    let signals = SignalCache(sampleRate: try sampleRate ?? rate(of: recordings[0]))
    for index in recordings.indices {
      let signal = try load(recordings[index], signals)
      recordings[index].duration = Double(signal.count) / Double(signals.sampleRate)
    }
    let composer = try Composer(recordings, configuration: settings, seed: seed)
    try makeFolder(folder)
    let width = max(4, "\(count)".count)
    var written: [Sample] = []
    for index in 0..<count {
      let number = "\(index + 1)"
      let name = "string-" + String(repeating: "0", count: width - number.count) + number + ".wav"
      let sample = composer.sample(epoch: 0, index: index)
      let signal = try load(sample, signals)
      try AudioFile.write(
        Waveform(samples: signal, sampleRate: signals.sampleRate), to: "\(folder)/\(name)")
      var row = Sample(
        id: name, source: .audio(AudioClip(path: "\(folder)/\(name)")), text: sample.text,
        duration: Double(signal.count) / Double(signals.sampleRate), speaker: sample.speaker,
        origin: Sample.Origin(file: "\(folder)/manifest.jsonl", line: index + 1))
      row.cuts = sample.cuts.map(\.rounded)
      written.append(row)
    }
    let manifest = "\(folder)/manifest.jsonl"
    do throws(FileError) {
      try AtomicFile.write(Array(written.map(row).joined().utf8), to: manifest)
    } catch {
      throw ManifestError.unwritable(path: manifest, reason: error.reason)
    }
    return written
  }

  private static func row(_ sample: Sample) -> String {
    var fields = [("audio_filepath", JSONValue.quoted(sample.id))]
    if let duration = sample.duration { fields.append(("duration", "\(duration)")) }
    fields.append(("text", JSONValue.quoted(sample.text)))
    if let speaker = sample.speaker { fields.append(("speaker", JSONValue.quoted(speaker))) }
    if !sample.cuts.isEmpty { fields.append(("words", KnownCut.json(sample.cuts))) }
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}\n"
  }

  private static func load(
    _ sample: Sample, _ signals: SignalCache
  ) throws(SampleProblem) -> [Float] {
    do {
      return try signals.signal(of: sample)
    } catch {
      throw SampleProblem(sample: sample, reason: .init(error))
    }
  }

  private static func rate(of sample: Sample) throws(SampleProblem) -> Int {
    do {
      return try AudioFile.info(sample.clips[0].path).sampleRate
    } catch {
      throw SampleProblem(sample: sample, reason: .init(error))
    }
  }

  private static func makeFolder(_ folder: String) throws(ManifestError) {
    guard mkdir(folder, 0o777) != 0 else { return }
    if errno == EEXIST, case .folder = FileTree.kind(of: folder) { return }
    throw .unwritable(path: folder, reason: systemReason())
  }
}
