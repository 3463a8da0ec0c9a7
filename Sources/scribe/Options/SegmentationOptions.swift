import ArgumentParser
import Configuration
import Recognition

/// Whether something is done.
enum Switch: String, CaseIterable, ExpressibleByArgument {
  case on, off
}

/// How long recordings become utterances.
struct SegmentationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whether pauses are found, which cut long recordings into utterances and keep noise from "
        + "being read; on by default.", valueName: "on|off"))
  var vad = Switch.on

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The longest piece that is listened to at once; shorter recordings are not cut.",
      valueName: "seconds"))
  var maxSegment = SegmentationConfiguration().maximumDuration

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The shortest pause that ends an utterance.", valueName: "seconds"))
  var minPause = SegmentationConfiguration().minimumPause

  func validate() throws {
    do {
      try configuration.validate()
    } catch let error {
      let names = [("'maximumDuration'", "--max-segment"), ("'minimumPause'", "--min-pause")]
      throw ValidationError(
        names.reduce("\(error).") { text, name in text.replacing(name.0, with: name.1) })
    }
  }

  /// The options as the library takes them.
  var configuration: SegmentationConfiguration {
    var configuration = SegmentationConfiguration()
    configuration.detectsSpeech = vad == .on
    configuration.maximumDuration = maxSegment
    configuration.minimumPause = minPause
    return configuration
  }
}
