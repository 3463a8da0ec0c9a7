import ArgumentParser
import Configuration
import Decoding
import NGrams
import Recognition

/// How log-probabilities become text.
struct DecoderOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Take the best character of each frame, without any model of the language, even if the model "
        + "was tuned with one."))
  var greedy = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Search among so many beginnings of a text at once; 100 unless the model was tuned otherwise.",
      valueName: "n"))
  var beamWidth: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A language model of 'scribe lm', or an ARPA file; one of words and one of characters may be "
        + "given.", valueName: "file"),
    completion: .file(extensions: ["lm", "arpa"]))
  var lm: [String] = []

  @Option(
    help: ArgumentHelp("Write only the words of this file, one a line.", valueName: "file"),
    completion: .file())
  var lexicon: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A word or phrase that is to be expected; may be given several times.", valueName: "phrase"))
  var hotWord: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file of such words and phrases, one a line, a boost of its own after a tab.",
      valueName: "file"),
    completion: .file())
  var hotWords: String?

  @Option(
    name: .customLong("n-best"), parsing: .unconditional,
    help: ArgumentHelp(
      "Tell so many readings of each segment with their scores, in JSON; of recordings.",
      valueName: "n"))
  var readingCount: Int?

  @Option(
    name: .customLong("decoder"),
    help: ArgumentHelp(
      "The weights and limits of the search, as 'scribe tune' writes them.", valueName: "yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Replace a value of the search, such as languageModelWeight=0.8 or hotWordBoost=5; may be given "
        + "several times.", valueName: "key=value"))
  var overrides: [String] = []

  func validate() throws {
    if let beamWidth, !(1...100_000).contains(beamWidth) {
      throw ValidationError("--beam-width is \(beamWidth), expected 1 to 100000.")
    }
    if let readingCount, !(1...1000).contains(readingCount) {
      throw ValidationError("--n-best is \(readingCount), expected 1 to 1000.")
    }
    if greedy, asksForSearch {
      throw ValidationError(
        "--greedy uses neither a beam nor words; leave it out, or the other options of the search.")
    }
  }

  /// Whether an option only makes sense for a beam search.
  private var asksForSearch: Bool {
    beamWidth != nil || !lm.isEmpty || lexicon != nil || !hotWord.isEmpty || hotWords != nil
      || file != nil || !overrides.isEmpty || readingCount != nil
  }

  /// Whether a recogniser is to be followed by a beam search.
  func searches(_ recognizer: Recognizer) -> Bool {
    !greedy && (asksForSearch || recognizer.decoder?.decoding != nil)
  }

  /// What is to follow a recogniser: what the options say, else what the model was tuned for, else the
  /// greedy decoder. The recogniser learns which calibration and timing belong to it.
  ///
  /// - Parameter path: The model's file; the language models that it was tuned with lie beside it.
  func decoder(for recognizer: inout Recognizer, path: String) throws -> any TranscriptDecoder {
    recognizer.timing =
      recognizer.decoder?.timing ?? (recognizer.extractor.sense == .sound ? WordTiming() : nil)
    guard searches(recognizer) else {
      recognizer.calibration = recognizer.decoder?.greedyCalibration
      return recognizer.greedyDecoder
    }
    // Confidences of a search with other weights or models would need another calibration.
    if beamWidth == nil, lm.isEmpty, file == nil, overrides.isEmpty {
      recognizer.calibration = recognizer.decoder?.calibration
    }
    let models = try languageModels(for: recognizer, path: path)
    let search = try search(for: recognizer, models: models.map(\.model))
    recognizer.alternativeCount = readingCount ?? 0
    let forCalibration = recognizer.calibration == nil ? 1 : ConfidenceCalibration.hypothesisCount
    return try search.giving(max(recognizer.alternativeCount, forCalibration))
  }

  /// The beam search for a recogniser, with these language models.
  func search(for recognizer: Recognizer, models: [NGramModel]) throws -> PrefixBeamSearch {
    try PrefixBeamSearch(
      alphabet: recognizer.alphabet, configuration: configuration(for: recognizer),
      models: models, lexicon: try lexicon.map { try WordList.words(contentsOf: $0) },
      hotWords: hotWord.map { HotWord($0) }
        + (try hotWords.map { try HotWord.list(contentsOf: $0) } ?? []))
  }

  /// The weights and limits: those of the model, replaced by those of the options.
  func configuration(for recognizer: Recognizer) throws -> DecodingConfiguration {
    let base = recognizer.decoder?.decoding ?? DecodingConfiguration()
    let width = beamWidth.map { ["beamWidth=\($0)"] } ?? []
    guard file != nil || !(overrides + width).isEmpty else { return base }
    if let file {
      return try ConfigurationFile.load(path: file, overrides: overrides + width)
    }
    return try ConfigurationFile.decode(
      yaml: ConfigurationFile.yaml(of: base), file: "the decoder", overrides: overrides + width)
  }

  /// The language models and their files: those of the options, else those that the model names.
  func languageModels(
    for recognizer: Recognizer, path: String
  ) throws -> [(path: String, model: NGramModel)] {
    guard lm.isEmpty, let record = recognizer.decoder else {
      return try lm.map { ($0, try NGramModel(reading: $0)) }
    }
    return try record.languageModels.map { name in
      let file = Self.path(of: name, beside: path)
      do throws(NGramError) {
        return (file, try NGramModel(reading: file))
      } catch .file(.notFound) {
        throw MissingLanguageModel(model: path, languageModel: file)
      }
    }
  }

  /// The path of a file that lies beside another.
  static func path(of name: String, beside other: String) -> String {
    (other.lastIndex(of: "/").map { String(other[...$0]) } ?? "") + name
  }

  /// What decodes, in a line.
  func summary(for recognizer: Recognizer) -> String {
    guard searches(recognizer), let search = try? configuration(for: recognizer) else {
      return "greedy"
    }
    let models = lm.isEmpty ? recognizer.decoder?.languageModels ?? [] : lm
    let with = models.isEmpty ? "" : " with " + models.joined(separator: " and ")
    return "beam of \(search.beamWidth)\(with)"
  }
}

extension PrefixBeamSearch {
  /// The same search with at least so many readings.
  func giving(_ hypothesisCount: Int) throws(ConfigurationError) -> PrefixBeamSearch {
    var configuration = configuration
    configuration.hypothesisCount = max(configuration.hypothesisCount, hypothesisCount)
    return try with(configuration)
  }
}

/// A model was tuned with a language model that is not beside it.
struct MissingLanguageModel: Error, CustomStringConvertible {
  let model: String
  let languageModel: String

  var description: String {
    "\(languageModel): not found; \(model) was tuned with this language model: put it there, give one "
      + "with --lm, or decode with --greedy"
  }
}
