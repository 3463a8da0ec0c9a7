import Audio
import Decoding
import Ink
import ModelFiles
import Pictures
import Recognition

/// What a model with an attentive decoder looked at for each letter that it wrote.
struct AttentionInspection {
  let picture: AttentionPicture
  let text: String

  /// Reads a recording, a picture of a line, or the first recording of a file of pen strokes.
  ///
  /// - Parameter model: What the model is called.
  init(_ file: String, audio: AudioInputOptions, recognizer: Recognizer, model: String) throws {
    let signal = try Self.signal(file, audio: audio, recognizer)
    guard let speller = recognizer.speller, let spelled = recognizer.spelledText(of: signal) else {
      throw UsageError(
        "--attention: model '\(model)' has no attentive decoder, expected one that was trained with "
          + "'attention' in its recipe and a ctcWeight below 1; choose another with --model")
    }
    guard let positions = spelled.attention.first?.count, positions > 0 else {
      throw InspectionError.nothingAttended(file: file)
    }
    text = recognizer.alphabet.decode(spelled.labels)
    let step = recognizer.frameDuration * Double(speller.configuration.joinedFrames)
    let outputs = spelled.labels.map { recognizer.alphabet.decode([$0]) }
    picture = AttentionPicture(
      title: file.printable + ": " + text, weights: spelled.attention,
      // Every row but the last is a letter; a text that was cut off has no end.
      outputs: outputs + (spelled.isComplete ? ["end"] : []),
      positions: Self.positions(of: recognizer.extractor.sense, step: step))
  }

  private static func positions(of sense: Sense, step: Double) -> AttentionPicture.Positions {
    switch sense {
    case .sound: .seconds(step)
    case .line: .steps(step, title: "column of the normalised line")
    case .strokes: .steps(step, title: "point of the resampled strokes")
    }
  }

  private static func signal(
    _ file: String, audio: AudioInputOptions, _ recognizer: Recognizer
  ) throws -> InputSignal {
    let sense = recognizer.extractor.sense
    guard HandwritingFile.isReadable(file) else {
      guard let sound = recognizer.extractor.sound else {
        throw InspectionError.wrongModel(
          file: file.printable, found: sense.words, expected: Sense.sound.words)
      }
      return .sound(try Inspection.read(audio.stream(file, sampleRate: sound.sampleRate)))
    }
    switch (HandwritingFile(file), sense) {
    case (.picture, .line):
      let picture = try ImageFile.read(file)
      return .line(recognizer.extractor.line?.normalized(picture) ?? picture)
    case (.strokes, .strokes): return .strokes(try StrokeFile.read(file)[0].recording)
    case (.strokes, .line):
      let drawn = try StrokeRenderer(StrokeRenderingConfiguration())(
        StrokeFile.read(file)[0].recording)
      return .line(recognizer.extractor.line?.normalized(drawn) ?? drawn)
    case (.picture, _):
      throw InspectionError.wrongModel(
        file: file.printable, found: sense.words, expected: Sense.line.words)
    case (.strokes, _):
      throw InspectionError.wrongModel(
        file: file.printable, found: sense.words, expected: Sense.strokes.words)
    }
  }
}
