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
      "What writes the text: ctc, which alone works with language models, lexicons and hot words; "
        + "attention, the attentive decoder of a model that has one; or joint, both together. Without "
        + "it, what the model is made for. Or a file with the weights and limits of the search by ctc, "
        + "as 'scribe tune' writes them.", valueName: "ctc|attention|joint|yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var decoder: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The weight of ctc in the joint decoder, from 0 to 1; attention has the rest.",
      valueName: "share"))
  var ctcWeight: Float?

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
    if let ctcWeight, !(0...1).contains(ctcWeight) {
      throw ValidationError("--ctc-weight is \(ctcWeight), expected 0 to 1.")
    }
    if ctcWeight != nil, let method, method != .joint {
      throw ValidationError("--ctc-weight is for --decoder joint, not \(method.rawValue).")
    }
    if let method, method != .ctc, greedy || asksForCTC {
      throw ValidationError(
        "--decoder \(method.rawValue) works without language models, lexicons, hot words, --set and "
          + "--greedy; they are for --decoder ctc.")
    }
    if ctcWeight != nil, greedy || asksForCTC {
      throw ValidationError(
        "--ctc-weight is for the joint decoder, which works without language models, lexicons, hot "
          + "words, --set and --greedy.")
    }
    if greedy, asksForSearch {
      throw ValidationError(
        "--greedy uses neither a beam nor words; leave it out, or the other options of the search.")
    }
  }

  /// What ``decoder`` names, unless it is a file.
  private var method: SpellingSearchConfiguration.Decoder? {
    decoder.flatMap { SpellingSearchConfiguration.Decoder(rawValue: $0) }
  }

  /// The file with the weights of the search by CTC.
  private var file: String? { method == nil ? decoder : nil }

  /// Whether an option only makes sense for a beam search by CTC.
  private var asksForCTC: Bool {
    !lm.isEmpty || lexicon != nil || !hotWord.isEmpty || hotWords != nil || file != nil
      || !overrides.isEmpty
  }

  /// Whether an option only makes sense for a beam search.
  private var asksForSearch: Bool {
    asksForCTC || beamWidth != nil || readingCount != nil
  }

  /// The search with attention that is to follow a recogniser, if one is.
  ///
  /// - Throws: `UsageError` if the model cannot do what is asked for.
  private func spelling(for recognizer: Recognizer) throws -> SpellingSearchConfiguration? {
    let asked = method ?? (ctcWeight == nil ? nil : .joint)
    guard let speller = recognizer.configuration.attention else {
      guard let asked, asked != .ctc else { return nil }
      throw UsageError(
        "--decoder \(asked.rawValue): the model has no attentive decoder, expected one that was "
          + "trained with 'attention' in its recipe; choose another, or --decoder ctc")
    }
    var search = speller.search
    search.decoder = asked ?? (greedy || asksForCTC ? .ctc : search.decoder)
    guard speller.trains(search.decoder) else {
      throw UsageError(
        "the model was trained with ctcWeight \(speller.ctcWeight), which leaves nothing to decode by "
          + "\(search.decoder.rawValue); use --decoder \(speller.search.decoder.rawValue) without "
          + "options of another decoder")
    }
    if let ctcWeight { search.ctcWeight = ctcWeight }
    if let beamWidth { search.beamWidth = min(beamWidth, 1000) }
    return search.decoder == .ctc ? nil : search
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
    if let spelling = try spelling(for: recognizer),
      let decoder = recognizer.spellingDecoder(spelling)
    {
      recognizer.givesStates = true
      recognizer.alternativeCount = readingCount ?? 0
      return decoder
    }
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
    if let spelling = try? spelling(for: recognizer) {
      let share =
        spelling.decoder == .joint ? ", ctc with \(Double(spelling.ctcWeight).fixed(2))" : ""
      return "\(spelling.decoder.rawValue), beam of \(spelling.beamWidth)\(share)"
    }
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
