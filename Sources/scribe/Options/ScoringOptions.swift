import ArgumentParser
import Decoding
import Training

extension AlignmentMethod: ExpressibleByArgument {}

/// What the tables of a scoring count.
enum ScoringUnit: String, Encodable { case words, characters }

/// A part of a scoring that is printed if it is asked for.
enum ScoringPart: String, CaseIterable, ExpressibleByArgument {
  /// sclite's table of the speakers, in percent.
  case speakers
  /// The same table in numbers.
  case counts
  /// What is taken for what.
  case confusions
  /// What is added, left out and replaced.
  case edits
  /// Every utterance, aligned.
  case alignments
  /// All of them.
  case all
}

/// How hypotheses are compared with references, and what is told of it.
struct ScoringOptions: ParsableArguments {
  @Flag(help: "Take capitals and small letters for the same.")
  var ignoreCase = false

  @Flag(help: "Take punctuation off; apostrophes and hyphens within words stay.")
  var ignorePunctuation = false

  @Flag(help: "Take 'well-known' for two words.")
  var splitHyphens = false

  @Flag(help: "Words in parentheses, as (%hesitation), may be left out.")
  var optionalWords = false

  @Flag(help: "A fragment, as 'wor-', matches every word that begins so.")
  var fragments = false

  @Flag(help: "References may leave a choice: { a b / c / @ }, where @ is nothing.")
  var alternatives = false

  @Flag(
    help: "Score as sclite does: no case, optional words, fragments, alternatives, its alignment.")
  var nist = false

  @Option(
    help: ArgumentHelp(
      "Replace words first by the rules of this file: 'words => words' in each line, ';;' begins a "
        + "comment.", valueName: "file"),
    completion: .file())
  var rules: String?

  @Option(
    help: ArgumentHelp(
      "levenshtein: the fewest errors; sclite: the least sum of 4 for a substitution and 3 for an "
        + "insertion or a deletion.", valueName: "method"))
  var alignment: AlignmentMethod?

  @Flag(help: "Count characters instead of words in what is shown.")
  var characters = false

  @Option(
    help: ArgumentHelp(
      "Show more: speakers, counts, confusions, edits, alignments or all; may be given often.",
      valueName: "part"))
  var show: [ScoringPart] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show so many rows of a list of words.", valueName: "n"))
  var top = 20

  @Option(
    help: ArgumentHelp(
      "Write a page with the figures and the worst samples (20 unless --worst says another number), "
        + "each beside its picture.", valueName: "page.html"),
    completion: .file(extensions: ["html"]))
  var html: String?

  func validate() throws {
    guard top >= 0 else { throw ValidationError("--top is \(top), expected 0 or more.") }
  }

  /// The scorer that the options ask for.
  func scorer() throws(ScoringError) -> Scorer {
    var normalization = nist ? ScoringNormalization.nist : ScoringNormalization()
    normalization.ignoreCase = normalization.ignoreCase || ignoreCase
    normalization.ignorePunctuation = ignorePunctuation
    normalization.splitHyphens = splitHyphens
    normalization.optionalWords = normalization.optionalWords || optionalWords
    normalization.fragments = normalization.fragments || fragments
    normalization.alternatives = normalization.alternatives || alternatives
    if let rules { normalization.rules = try ScoringRule.list(contentsOf: rules) }
    return try Scorer(normalization, method: alignment ?? (nist ? .sclite : .levenshtein))
  }

  /// Checks what samples should read, before a long run.
  func check(_ samples: [Sample], _ scorer: Scorer) throws(ScoringError) {
    for sample in samples {
      do {
        _ = try scorer(reference: sample.text, hypothesis: "")
      } catch {
        throw error.at("\(sample.origin)")
      }
    }
  }

  /// What tables count.
  var unit: ScoringUnit { characters ? .characters : .words }

  /// Whether a part is asked for.
  func shows(_ part: ScoringPart) -> Bool { show.contains(part) || show.contains(.all) }
}
