import ArgumentParser
import ModelFiles
import Pictures
import Tensors
import Translation

/// `scribe translate`: sentences of one language into another.
struct Translate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Translate text, a sentence a line.",
    discussion: """
      Reads files, or standard input without any, and writes a line for each line; an empty line stays \
      empty. Several models of the same vocabularies decide together. With --n-best each translation \
      is on a line of its own: the number of the sentence from 1, the score and the text, separated by \
      tabs.

      EXAMPLES:
        echo "A man rides a bicycle." | scribe translate
        scribe translate --model en-de captions.en > captions.de
        scribe translate --model runs/a/best.safetensors --model runs/b/best.safetensors captions.en
        scribe translate --n-best 3 --beam-width 10 captions.en
        echo "Two dogs play." | scribe translate --attention picture.png
        scribe translate --model en-de test.en --reference test.de
      """)

  private static let defaultModel = "en-de"

  @Argument(
    help: ArgumentHelp("Text files in UTF-8; - is standard input.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The model, en-de by default: a name of 'scribe models', or the path of a .safetensors file. "
        + "May be given several times: the probabilities of all are averaged.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: [String] = []

  @OptionGroup var search: TranslationSearchOptions

  @Option(
    name: .customLong("n-best"), parsing: .unconditional,
    help: ArgumentHelp("Write so many translations of each sentence.", valueName: "n"))
  var alternatives: Int?

  @Flag(help: "Print a JSON object for each sentence, with tokens and attention.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Print BLEU and chrF beside this file's translations instead of the text.",
      valueName: "file"),
    completion: .file())
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "With --reference, store BLEU inside the model file, under this name of the data, for "
        + "'scribe models'.", valueName: "name"))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "For a model of whole words: translations of words that it lacks, a word, a tab and its "
        + "translation on each line; others are copied.", valueName: "file"),
    completion: .file())
  var dictionary: String?

  @Option(
    help: ArgumentHelp(
      "Draw into this PNG file what each token of the first translation attended to.",
      valueName: "picture.png"),
    completion: .file(extensions: ["png"]))
  var attention: String?

  @OptionGroup var arithmetic: PrecisionOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if let alternatives, alternatives < 1 {
      throw ValidationError("--n-best is \(alternatives), expected 1 or more.")
    }
    if reference != nil, files.count != 1 || files == ["-"] {
      throw ValidationError("--reference belongs to one file; give one.")
    }
    if record != nil, reference == nil || model.count > 1 {
      throw ValidationError("--record stores what --reference shows of one model.")
    }
  }

  func run() throws {
    threads.apply()
    var group = try TranslatorGroup(
      TranslatorGroup.read(
        model.isEmpty ? [Self.defaultModel] : model, precision: arithmetic.precision))
    try search.apply(to: &group.search)
    if let alternatives { group.search.beamWidth = max(group.search.beamWidth, alternatives) }
    group.dictionary = try dictionary.map { path throws(TranslationError) in
      try TranslationDictionary(reading: path)
    }
    if let reference { return try compare(group, with: reference) }
    var number = 0
    for file in files.isEmpty ? ["-"] : files {
      var lines = try TextLines(file, groupSize: 256)
      while let sentences = try lines.next() {
        var output = ""
        for (sentence, found) in zip(sentences, group.translate(sentences)) {
          number += 1
          if number == 1, let attention, let best = found.first, !best.tokens.isEmpty {
            try best.picture.write(to: attention)
          }
          output += try text(of: found, sentence: sentence, number: number)
        }
        try Console.write(output)
      }
    }
  }

  private func compare(_ group: TranslatorGroup, with reference: String) throws {
    let corpus = try ParallelCorpus(source: files[0], target: reference)
    let translations = group.translate(corpus.source).map { $0.first?.text ?? "" }
    let references = corpus.target.map { [$0] }
    let bleu = BLEU().score(translations, references: references)
    let chrF = ChrF().score(translations, references: references)
    try Console.write(
      """
      BLEU \(bleu.score.fixed(2)), chrF \(chrF.score.fixed(2)) on \(corpus.count) sentences
      \(bleu.signature)
      \(chrF.signature)

      """)
    guard let record else { return }
    let path = try ModelCatalog().path(of: model.first ?? Self.defaultModel)
    var file = try ModelFile(reading: path)
    try file.add(MeasuredError(data: record, bleu: bleu.score, count: corpus.count))
    try file.write(to: path)
  }

  private func text(
    of found: [Translation], sentence: String, number: Int
  ) throws -> String {
    let kept = found.prefix(alternatives ?? 1)
    if json {
      return try JSON.line(
        TranslationLine(sentence: sentence, number: number, translations: Array(kept)))
    }
    guard alternatives != nil else { return (kept.first?.text ?? "") + "\n" }
    return kept.map { "\(number)\t\(Double($0.score).fixed(4))\t\($0.text)\n" }.joined()
  }
}

extension TranslatorGroup {
  /// Reads translators that are to decide together.
  static func read(_ names: [String], precision: Precision) throws -> [Translator] {
    var translators: [Translator] = []
    for name in names {
      var translator = try Translator(reading: ModelCatalog().path(of: name))
      translator.network.setPrecision(precision)
      if let first = translators.first, !translator.hasVocabularies(of: first) {
        throw EnsembleError(name: name, first: names[0])
      }
      translators.append(translator)
    }
    return translators
  }
}

extension Translation {
  /// What each token written attended to.
  fileprivate var picture: AttentionPicture {
    AttentionPicture(
      title: text, weights: attention, outputs: tokens, positions: .labels(sourceTokens))
  }
}

/// Two models cannot decide together.
struct EnsembleError: Error, CustomStringConvertible {
  let name: String
  let first: String

  var description: String {
    "\(name): has another vocabulary than \(first); expected models of the same vocabularies, such as "
      + "trainings of one recipe with different seeds"
  }
}

/// How translations are looked for.
struct TranslationSearchOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Partial translations followed at once; that of the model by default.", valueName: "n"))
  var beamWidth: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much long translations are favoured: 0 not at all, 1 by about their length.",
      valueName: "α"))
  var lengthPenalty: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much translations are favoured that attend to all words; 0 is not at all.",
      valueName: "β"))
  var coveragePenalty: Float?

  /// Replaces what was given.
  func apply(to configuration: inout TranslationSearchConfiguration) throws {
    if let beamWidth { configuration.beamWidth = beamWidth }
    if let lengthPenalty { configuration.lengthPenalty = lengthPenalty }
    if let coveragePenalty { configuration.coveragePenalty = coveragePenalty }
    try configuration.validate()
  }
}

/// A sentence and its translations for other programs.
private struct TranslationLine: Encodable {
  struct Entry: Encodable {
    var text: String
    var score: Float
    var logProbability: Float
    var tokens: [String]
    var sourceTokens: [String]
    var attention: [[Float]]
    var isComplete: Bool
  }

  var number: Int
  var source: String
  var translations: [Entry]

  init(sentence: String, number: Int, translations: [Translation]) {
    self.number = number
    source = sentence
    self.translations = translations.map {
      Entry(
        text: $0.text, score: $0.score, logProbability: $0.logProbability, tokens: $0.tokens,
        sourceTokens: $0.sourceTokens, attention: $0.attention, isComplete: $0.isComplete)
    }
  }
}
