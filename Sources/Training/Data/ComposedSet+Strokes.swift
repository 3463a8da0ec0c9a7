import Files
import Ink

extension ComposedSet {
  /// Composes strings of the pen recordings of a manifest and writes them as the rows of a manifest.
  ///
  /// - Returns: The samples that were written.
  static func writeStrokes(
    _ recordings: [Sample], to folder: String, count: Int, configuration: CompositionConfiguration,
    seed: UInt64
  ) throws -> [Sample] {
    var recordings = recordings
    // Only the composer of a training needs the number of frames.
    for index in recordings.indices { recordings[index].frameCount = 1 }
    let composer = try Composer(recordings, configuration: configuration, seed: seed)
    let manifest = "\(folder)/manifest.jsonl"
    var bytes: [UInt8] = []
    var written: [Sample] = []
    for index in 0..<count {
      var sample = composer.sample(epoch: 0, index: index)
      guard case .strokeComposition(let composition) = sample.source else {
        throw CompositionError.notARecording(sample.origin)
      }
      let recording = composition.assemble()
      bytes +=
        StrokeFile.json(
          StrokeSample(recording: recording, text: sample.text, writer: sample.speaker)) + [0x0A]
      sample.source = .strokes(recording)
      sample.origin = Sample.Origin(file: manifest, line: index + 1)
      written.append(sample)
    }
    do throws(FileError) {
      try AtomicFile.write(bytes, to: manifest)
    } catch {
      throw ManifestError.unwritable(path: manifest, reason: error.reason)
    }
    return written
  }
}
