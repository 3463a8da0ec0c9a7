import ArgumentParser
import Audio
import Configuration
import Training

/// How recordings are strung together.
struct CompositionOptions: ParsableArguments {
  @Option(
    name: .customLong("min"), parsing: .unconditional,
    help: ArgumentHelp("The fewest recordings in a string.", valueName: "n"))
  var minimum = 3

  @Option(
    name: .customLong("max"), parsing: .unconditional,
    help: ArgumentHelp("The most recordings in a string.", valueName: "n"))
  var maximum = 7

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The shortest pause between two recordings.", valueName: "seconds"))
  var minPause = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest pause between two recordings.", valueName: "seconds"))
  var maxPause = 0.5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The shortest silence at both ends.", valueName: "seconds"))
  var minEdge = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest silence at both ends.", valueName: "seconds"))
  var maxEdge = 0.3

  @Option(
    help: ArgumentHelp("What is written between two recordings' texts.", valueName: "text"))
  var separator = " "

  @Flag(help: "Let a string have recordings of different speakers.")
  var mixSpeakers = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The rate to write; that of the first recording by default.", valueName: "hz"))
  var sampleRate: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What all choices are drawn from.", valueName: "n"))
  var seed: UInt64 = 1

  func validate() throws {
    if let sampleRate, !AudioFile.sampleRates.contains(sampleRate) {
      throw ValidationError(
        "--sample-rate is \(sampleRate), expected \(AudioFile.sampleRates.lowerBound) to "
          + "\(AudioFile.sampleRates.upperBound) Hz.")
    }
    do {
      try configuration.validate()
    } catch let error {
      throw ValidationError(Self.inOptionWords("\(error)."))
    }
  }

  /// The options as the library takes them.
  var configuration: CompositionConfiguration {
    var configuration = CompositionConfiguration()
    configuration.minimumItems = minimum
    configuration.maximumItems = maximum
    configuration.separator = separator
    configuration.minimumPause = minPause
    configuration.maximumPause = maxPause
    configuration.minimumEdgeSilence = minEdge
    configuration.maximumEdgeSilence = maxEdge
    configuration.sameSpeakerProbability = mixSpeakers ? 0 : 1
    return configuration
  }

  /// A message of the library about its keys, about the options that set them.
  private static func inOptionWords(_ message: String) -> String {
    let names = [
      ("'minimumItems'", "--min"), ("'maximumItems'", "--max"), ("'minimumPause'", "--min-pause"),
      ("'maximumPause'", "--max-pause"), ("'minimumEdgeSilence'", "--min-edge"),
      ("'maximumEdgeSilence'", "--max-edge"),
    ]
    return names.reduce(message) { text, name in text.replacing(name.0, with: name.1) }
  }
}
