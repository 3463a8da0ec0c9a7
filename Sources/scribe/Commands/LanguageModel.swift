import ArgumentParser
import ModelFiles
import NGrams
import Recognition

/// `scribe lm`: models of which words or characters follow each other.
struct LanguageModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lm",
    abstract: "Train, measure and convert n-gram language models.",
    discussion: """
      EXAMPLES:
        scribe lm train text.txt --order 3 -o english.lm
        scribe lm train text.txt --order 6 --unit character -o letters.lm
        scribe lm perplexity english.lm other.txt
        scribe lm convert english.arpa -o english.lm
      """,
    subcommands: [
      LanguageModelTrain.self, LanguageModelInfo.self, LanguageModelPerplexity.self,
      LanguageModelConvert.self,
    ])
}

extension NGramUnit: ExpressibleByArgument {}

/// How exactly a binary language model is stored.
struct LanguageModelPrecision: ParsableArguments {
  @Option(help: "Bits of a probability or back-off in the binary form: 8, 12, 16 or 32 (exact).")
  var bits = 8

  func validate() throws {
    guard NGramPrecision(rawValue: bits) != nil else {
      let known = NGramPrecision.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
      throw ValidationError("--bits: found \(bits), expected one of \(known)")
    }
  }

  var precision: NGramPrecision { NGramPrecision(rawValue: bits) ?? .exact }
}

/// `scribe lm train`: a model from text.
struct LanguageModelTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Estimate a model from text by interpolated modified Kneser-Ney smoothing.",
    discussion: """
      Every line is a sentence; words are what stands between blanks. Of a manifest (.jsonl, .csv, a \
      folder) the transcripts are taken. Nothing is changed, unless --for names the model that the \
      language model is meant for: then the text is normalised as its transcripts are, marks that it \
      does not write become blanks, and lines with letters or digits that it does not write are left \
      out. With '--unit character' the blank between words is a symbol, spelled <space> in ARPA files.

      EXAMPLES:
        scribe lm train text.txt --for english --order 3 --prune 0 0 1 -o english.lm
        scribe lm train train.jsonl --for handwriting --order 6 --unit character -o letters.lm
      """)

  @Argument(help: "Text files in UTF-8, or manifests.", completion: .file())
  var texts: [String]

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "The model whose transcripts the text is to resemble.", valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var recognizer: String?

  @Option(help: "The number of words or characters in the longest n-grams.")
  var order = 3

  @Option(help: "What the symbols are: word or character.")
  var unit = NGramUnit.word

  @Option(
    name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "LM"),
    completion: .file())
  var output: String

  @Flag(help: "Write an ARPA file instead of the binary form.")
  var arpa = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Leave out n-grams seen so often or less, by order, as 0 0 1; the last holds for all beyond.",
      valueName: "count"))
  var prune: [Int] = [0]

  @Option(help: "Keep only so many words, the most frequent ones.")
  var vocabulary: Int?

  @OptionGroup var storage: LanguageModelPrecision

  func run() throws {
    var estimator = NGramEstimator()
    estimator.order = order
    estimator.unit = unit
    estimator.pruning = prune
    estimator.vocabularyLimit = vocabulary
    try estimator.validate()
    let estimate = try withTexts { try estimator.estimate($0) }
    for (index, discounts) in estimate.discounts.enumerated() where discounts.areFallback {
      Console.note(
        "too little or too regular text for discounts of \(index + 1)-grams; "
          + "used \(discounts.one), \(discounts.two) and \(discounts.threeOrMore)")
    }
    if arpa {
      try estimate.model.writeARPA(to: output)
    } else {
      try estimate.model.write(to: output, precision: storage.precision)
    }
    try Console.write(Self.report(estimate))
  }

  /// Runs `body` with text files: the given ones, or one that is made of them.
  private func withTexts<Result>(_ body: ([String]) throws -> Result) throws -> Result {
    guard recognizer != nil || texts.contains(where: LanguageModelText.isManifest) else {
      return try body(texts)
    }
    let model = try recognizer.map { try Recognizer(reading: ModelCatalog().path(of: $0)) }
    var text = LanguageModelText(for: model)
    for path in texts { try text.add(path) }
    if text.foreignLines > 0 {
      Console.note(
        "\(text.foreignLines) lines left out, for letters or digits that '\(recognizer ?? "")' does not "
          + "write")
    }
    return try text.withFile { try body([$0]) }
  }

  private static func report(_ estimate: NGramEstimator.Estimate) -> String {
    var table = Table(
      ["ORDER", "IN THE TEXT", "KEPT", "D1", "D2", "D3+"], numeric: [0, 1, 2, 3, 4, 5])
    for (index, discounts) in estimate.discounts.enumerated() {
      table.add(
        [
          "\(index + 1)", "\(estimate.countsBeforePruning[index])",
          "\(estimate.model.counts[index])",
        ]
          + [discounts.one, discounts.two, discounts.threeOrMore].map { $0.fixed(3) })
    }
    return "\(estimate.sentenceCount) lines, \(estimate.symbolCount) "
      + "\(estimate.model.unit.rawValue)s\n\(table.text)"
  }
}

/// `scribe lm info`: what a model is.
struct LanguageModelInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show order, unit, size and origin of a language model.")

  @Argument(help: "A binary or ARPA file.", completion: .file())
  var model: String

  @Flag(help: "Print JSON instead of lines.")
  var json = false

  func run() throws {
    let row = LanguageModelRow(try NGramModel(reading: model))
    if json { return try Console.write(JSON.line(row)) }
    try Console.write(
      """
      order   \(row.order)
      unit    \(row.unit)
      grams   \(row.counts.map(String.init).joined(separator: " "))
      bits    \(row.bits)
      bytes   \(row.bytes)
      made    \(row.made.printable)

      """)
  }
}

/// A language model as JSON.
private struct LanguageModelRow: Encodable {
  var order: Int
  var unit: String
  var counts: [Int]
  var bits: Int
  var bytes: Int
  var made: String

  init(_ model: NGramModel) {
    (order, unit, counts) = (model.order, model.unit.rawValue, model.counts)
    (bits, bytes, made) = (model.precision.rawValue, model.byteCount, model.note)
  }
}

/// `scribe lm perplexity`: how well a model foretells a text.
struct LanguageModelPerplexity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perplexity",
    abstract: "Report how well a language model foretells text, per word or character.",
    discussion: "Ends of lines are counted; unknown words are scored as <unk>, or left out.")

  @Argument(help: "A binary or ARPA file.", completion: .file())
  var model: String

  @Argument(help: "Text files in UTF-8.", completion: .file())
  var texts: [String]

  @Flag(help: "Print JSON instead of lines.")
  var json = false

  func run() throws {
    let model = try NGramModel(reading: model)
    let result = try model.perplexity(of: texts)
    if json { return try Console.write(JSON.line(PerplexityRow(result))) }
    try Console.write(
      """
      lines                   \(result.sentenceCount)
      \((model.unit.rawValue + "s").padded(24))\(result.symbolCount)
      unknown                 \(result.unknownCount) (\(result.unknownRate.percent))
      perplexity with unknown \(result.includingUnknown.fixed(3))
      perplexity without      \(result.excludingUnknown.fixed(3))

      """)
  }
}

/// A perplexity as JSON.
private struct PerplexityRow: Encodable {
  var lines: Int
  var symbols: Int
  var unknown: Int
  var logProbability: Double
  var includingUnknown: Double
  var excludingUnknown: Double

  init(_ result: Perplexity) {
    (lines, symbols, unknown) = (result.sentenceCount, result.symbolCount, result.unknownCount)
    logProbability = result.logProbability
    (includingUnknown, excludingUnknown) = (result.includingUnknown, result.excludingUnknown)
  }
}

/// `scribe lm convert`: the other form of a model.
struct LanguageModelConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Turn an ARPA file into the binary form, or a binary model into an ARPA file.")

  @Argument(help: "A binary or ARPA file.", completion: .file())
  var model: String

  @Option(
    name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "LM"),
    completion: .file())
  var output: String

  @Flag(help: "Write an ARPA file; what a binary model becomes unless --bits is given.")
  var arpa = false

  @Option(help: "Write the binary form with so many bits: 8, 12, 16 or 32 (exact).")
  var bits: Int?

  func validate() throws {
    if let bits, NGramPrecision(rawValue: bits) == nil {
      throw ValidationError("--bits: found \(bits), expected 8, 12, 16 or 32")
    }
    if arpa, bits != nil { throw ValidationError("--arpa and --bits exclude each other") }
  }

  func run() throws {
    let isBinary = try NGramModel.isBinary(model)
    let input = try NGramModel(reading: model)
    if arpa || (isBinary && bits == nil) { return try input.writeARPA(to: output) }
    try input.write(
      to: output, precision: bits.flatMap(NGramPrecision.init(rawValue:)) ?? .bits8)
  }
}
