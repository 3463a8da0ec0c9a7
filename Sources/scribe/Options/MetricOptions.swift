import ArgumentParser
import Translation

extension BLEU.Tokenizer: ExpressibleByArgument {}

/// A measure of translations.
enum MetricName: String, CaseIterable, ExpressibleByArgument {
  case bleu
  case chrf
  case chrfPlusPlus = "chrf++"
}

/// How translations are scored.
struct MetricOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Score translations, a sentence in each line: bleu, chrf or chrf++; may be given often.",
      valueName: "metric"))
  var metric: [MetricName] = []

  @Option(
    name: .customLong("reference"),
    help: ArgumentHelp(
      "Other translations that are right, line by line; may be given often.", valueName: "file"),
    completion: .file())
  var furtherReferences: [String] = []

  @Option(
    help: ArgumentHelp(
      "Tell whether the hypothesis is better than this file's translations, by paired bootstrap.",
      valueName: "file"),
    completion: .file())
  var baseline: String?

  @Option(
    help: ArgumentHelp("How BLEU cuts words: 13a, none, char or intl.", valueName: "tokenizer"))
  var tokenize = BLEU.Tokenizer.thirteenA

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw so many corpora for intervals; 0 for none.", valueName: "n"))
  var resamples = 1000

  @Option(help: ArgumentHelp("The seed of the drawing.", valueName: "n"))
  var seed: UInt64 = 12345

  func validate() throws {
    guard resamples >= 0 else {
      throw ValidationError("--resamples is \(resamples), expected 0 or more.")
    }
    guard metric.isEmpty else {
      guard baseline == nil || resamples > 0 else {
        throw ValidationError("--baseline needs --resamples of 1 or more.")
      }
      return
    }
    var given: [String] = []
    if !furtherReferences.isEmpty { given.append("--reference") }
    if baseline != nil { given.append("--baseline") }
    if tokenize != .thirteenA { given.append("--tokenize") }
    if resamples != 1000 { given.append("--resamples") }
    if seed != 12345 { given.append("--seed") }
    guard given.isEmpty else {
      throw ValidationError("\(given.joined(separator: ", ")): only with --metric.")
    }
  }

  /// The measures, each once, in the order in which they were asked for.
  func metrics(ignoreCase: Bool) -> [any TranslationMetric] {
    var names: [MetricName] = []
    for name in metric where !names.contains(name) { names.append(name) }
    return names.map { name -> any TranslationMetric in
      guard name == .bleu else {
        var metric = ChrF(wordOrder: name == .chrf ? 0 : 2)
        metric.lowercase = ignoreCase
        return metric
      }
      var metric = BLEU()
      (metric.tokenizer, metric.lowercase) = (tokenize, ignoreCase)
      return metric
    }
  }

  /// How corpora are drawn; nil if none are.
  var resampling: Resampling? {
    resamples == 0 ? nil : Resampling(samples: resamples, seed: seed)
  }
}

extension ScoringOptions {
  /// The options given that say how words are aligned and shown, which measures of translations do
  /// not do.
  var forAlignments: [String] {
    let options: [(String, Bool)] = [
      ("--ignore-punctuation", ignorePunctuation), ("--split-hyphens", splitHyphens),
      ("--optional-words", optionalWords), ("--fragments", fragments),
      ("--alternatives", alternatives), ("--nist", nist), ("--rules", rules != nil),
      ("--alignment", alignment != nil), ("--characters", characters), ("--show", !show.isEmpty),
      ("--top", top != 20), ("--html", html != nil),
    ]
    return options.filter { $0.1 }.map { $0.0 }
  }
}
