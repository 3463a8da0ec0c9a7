import ArgumentParser

/// The program: parses, runs, and leaves with the exit code of what went wrong.
@main
enum Program {
  /// The version that `--version` prints.
  static let version = "0.1.0"

  static func main() {
    Stopwatch.startUp = Stopwatch.processorTime()
    do {
      var command = try Scribe.parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }
}

/// The command that holds all others.
struct Scribe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scribe",
    abstract: "Turn recordings and handwriting into text, and train the networks that do it.",
    discussion: """
      EXAMPLES:
        scribe transcribe recording.flac
        scribe transcribe *.wav --format json -o transcripts
        scribe recognize letter.png
        arecord -f S16_LE -r 16000 | scribe transcribe -
        scribe train configs/digits-en.yaml

      EXIT CODES:
        0   every input succeeded          70   internal error
        64  wrong usage                    73   output cannot be created
        65  bad data                       74   reading or writing failed
        66  an input is missing            130  interrupted

      'scribe SUBCOMMAND --help' tells more of each. Shell completions are written by \
      'scribe --generate-completion-script bash' (or zsh, or fish).
      """,
    version: Program.version,
    subcommands: [
      Transcribe.self, Recognize.self, Translate.self, Align.self, Evaluate.self,
      Score.self, Inspect.self, Classify.self, Models.self, Compose.self, Train.self,
      Tune.self, LanguageModel.self, Convert.self, Quantize.self, Average.self,
      ForecastCommand.self, SampleCommand.self,
    ])
}
