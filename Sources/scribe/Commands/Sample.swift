import ArgumentParser
import ModelFiles
import Sequences

/// `scribe sample`: text from a recurrent language model.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Let a language model write text, or measure how well it foretells one.",
    discussion: """
      The model is one of 'scribe train' with the task languageModelling. The same seed writes the \
      same text. With --measure nothing is written: the perplexity of a token and the bits of a \
      character are printed for each text file.

      EXAMPLES:
        scribe sample --model letters.safetensors --prompt "A man in" --length 200 --seed 7
        scribe sample --model letters.safetensors --temperature 0.7 --top-p 0.9
        scribe sample --model letters.safetensors --measure held-back.txt
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(help: ArgumentHelp("What the text begins with.", valueName: "text"))
  var prompt = ""

  @Option(help: ArgumentHelp("Characters or words to write behind the prompt.", valueName: "n"))
  var length = 200

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Below 1 for what is likely, above 1 for what is rare; 0 always takes the most probable.",
      valueName: "number"))
  var temperature: Float = 1

  @Option(
    help: ArgumentHelp("Choose among the n most probable tokens only.", valueName: "n"))
  var topK: Int?

  @Option(
    help: ArgumentHelp(
      "Choose among the most probable tokens that have this probability together.",
      valueName: "number"))
  var topP: Float = 1

  @Option(help: ArgumentHelp("Drawn anew and told if it is not given.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("A text file to measure instead of writing.", valueName: "file"),
    completion: .file())
  var measure: [String] = []

  @Flag(help: "With --measure, print a line of JSON for each file.")
  var json = false

  @OptionGroup var arithmetic: PrecisionOptions

  @OptionGroup var threads: ThreadOptions

  private var options: SamplingOptions {
    var options = SamplingOptions()
    (options.temperature, options.topK, options.topP) = (temperature, topK, topP)
    return options
  }

  func validate() throws {
    guard length > 0 else { throw ValidationError("--length is \(length), expected 1 or more.") }
    do {
      try options.validate()
    } catch {
      throw ValidationError("\(error)")
    }
    if json, measure.isEmpty { throw ValidationError("--json needs --measure.") }
  }

  func run() throws {
    threads.apply()
    let path = try ModelCatalog().path(of: model)
    var model = try RecurrentLanguageModel(ModelFile(reading: path))
    model.network.setPrecision(arithmetic.precision)
    guard measure.isEmpty else { return try report(model) }
    let seed = seed ?? UInt64.random(in: 0...0xFFFF_FFFF)
    if self.seed == nil { Console.note("--seed \(seed)") }
    var sampler = TextSampler(model, prompt: prompt, options: options, seed: seed)
    let text = sampler.text(length: length)
    let unit = model.vocabulary.unit
    try Console.write(
      prompt.isEmpty || unit == .character ? prompt + text + "\n" : "\(prompt) \(text)\n")
  }

  private func report(_ model: RecurrentLanguageModel) throws {
    for path in measure {
      let stream = TokenStream(try TokenStream.lines(of: path), vocabulary: model.vocabulary)
      let score = model.score(stream)
      if json {
        try Console.write(JSON.line(ScoreRow(path, score)))
      } else {
        try Console.write(
          """
          \(path)
            \((model.vocabulary.unit.rawValue + "s").padded(22))\(score.tokenCount)
            unknown               \(score.unknownCount)
            perplexity            \(score.perplexity.fixed(3))
            bits per character    \(score.bitsPerCharacter.fixed(3))

          """)
      }
    }
  }
}

/// What was measured, as JSON.
private struct ScoreRow: Encodable {
  var file: String
  var tokens, unknown, characters: Int
  var perplexity, bitsPerCharacter: Double

  init(_ file: String, _ score: TextScore) {
    self.file = file
    (tokens, unknown) = (score.tokenCount, score.unknownCount)
    characters = score.characterCount
    (perplexity, bitsPerCharacter) = (score.perplexity, score.bitsPerCharacter)
  }
}
