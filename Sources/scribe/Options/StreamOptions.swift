import ArgumentParser
import Configuration
import Recognition

/// How sound is transcribed while it is still coming.
struct StreamOptions: ParsableArguments {
  @Flag(
    help: """
      Transcribe the recording (- as a rule) while it arrives: a WAV file, or samples without a header \
      as --raw-rate and --raw-encoding say, by default 16 bits at the model's rate. Every line is \
      printed as soon as it has ended; Ctrl-C or the end of the input ends the last. Needs a model \
      that reads forward, such as digits-en-streaming.
      """)
  var stream = false

  @Flag(
    help: """
      Print the text of the line so far as well, each time that it changes, after "~ ", or as \
      {"partial": ...}. Without it a terminal shows it in place.
      """)
  var partials = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The pause after which a line ends.", valueName: "seconds"))
  var pause = EndpointConfiguration().pauseAfterSpeech

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest line.", valueName: "seconds"))
  var maxLine = EndpointConfiguration().maximumDuration

  /// The rules of where lines end.
  var endpoints: EndpointConfiguration {
    var endpoints = EndpointConfiguration()
    (endpoints.pauseAfterSpeech, endpoints.maximumDuration) = (pause, maxLine)
    return endpoints
  }

  func validate() throws {
    let plain = EndpointConfiguration()
    let isPlain = pause == plain.pauseAfterSpeech && maxLine == plain.maximumDuration
    guard stream || (!partials && isPlain) else {
      throw ValidationError("--partials, --pause and --max-line belong to --stream; give it too.")
    }
    do {
      try endpoints.validate()
    } catch {
      throw ValidationError(Self.message(of: error))
    }
  }

  /// The error in the names of the options.
  private static func message(of error: ConfigurationError) -> String {
    guard case .invalid(let key, let found, let expected) = error else { return "\(error)" }
    let option = key == "pauseAfterSpeech" ? "--pause" : "--max-line"
    return "\(option) is \(found), expected \(expected)."
  }

  /// Checks what else was asked for.
  func check(files: [String], format: FormatChoice, writesFiles: Bool) throws {
    guard stream else { return }
    guard files.count == 1 else {
      throw ValidationError("--stream hears one recording; \(files.count) were given.")
    }
    guard !writesFiles else {
      throw ValidationError("--stream prints lines as they end; leave -o and --names away.")
    }
    guard format == .one(.txt) || format == .one(.json) else {
      throw ValidationError(
        "--stream prints txt or json, not \(format.defaultValueDescription).")
    }
  }
}
