import ArgumentParser
import Training

/// `scribe compose`: strings of recordings as a fixed set.
struct Compose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "String recordings together at random and write them with a manifest.",
    discussion: """
      Makes a fixed test set of connected words out of recordings of single words. The same seed \
      writes the same files.

      EXAMPLES:
        scribe compose test.jsonl -o strings --count 200 --min 3 --max 7 --seed 1
        scribe evaluate --model digits-en strings/manifest.jsonl
        scribe compose pen.jsonl -o pen-strings --count 200 --min 5 --max 5 --separator ""
      """)

  @Argument(
    help: ArgumentHelp("The recordings with their transcripts.", valueName: "manifest"),
    completion: .file())
  var manifest: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where the recordings and manifest.jsonl go; made if missing.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many strings to write.", valueName: "n"))
  var count: Int

  @OptionGroup var composition: CompositionOptions

  func validate() throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count is \(count), expected 1 to 1000000.")
    }
  }

  func run() throws {
    try OutputFolder.make(output)
    let written = try ComposedSet.write(
      manifest: manifest, to: output, count: count, configuration: composition.configuration,
      seed: composition.seed, sampleRate: composition.sampleRate)
    let seconds = written.reduce(0) { $0 + ($1.duration ?? 0) }
    let length = seconds > 0 ? " (\(seconds.fixed(1)) s)" : ""
    Console.note("\(output): wrote \(written.count) strings\(length) and manifest.jsonl")
  }
}
