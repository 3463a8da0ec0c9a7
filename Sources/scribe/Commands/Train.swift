import ArgumentParser
import Configuration
import ModelFiles
import Recognition
import Training

/// `scribe train`: a model from a recipe.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model by a recipe.",
    discussion: """
      Writes last.safetensors (to go on from), best.safetensors (the model), metrics.jsonl and \
      curve.png into the output folder. Ctrl-C saves and leaves with 130; a second Ctrl-C leaves \
      at once. However often a training was interrupted, it ends with the same weights. A training \
      from a model of 'scribe quantize' begins with its rounded weights, as 32-bit numbers.

      EXAMPLES:
        scribe train configs/digits-en.yaml
        scribe train configs/digits-en.yaml --set optimizer.learningRate=0.0005
        scribe train configs/digits-en.yaml --resume
        scribe transcribe --model runs/digits-en/best.safetensors recording.wav
      """)

  @Argument(
    help: ArgumentHelp("The recipe, a YAML file.", valueName: "config"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where everything is written; runs/NAME of the recipe by default.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Go on from the checkpoint in the output folder.")
  var resume = false

  @Flag(help: "End before the first step if a single sample is unfit.")
  var strict = false

  @Flag(help: "Tell after each epoch what the time of a step goes into.")
  var profile = false

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Replace a value of the recipe; may be given several times.", valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Begin with the weights of this model instead of random ones.", valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var initialModel: String?

  @Option(
    help: ArgumentHelp(
      "With --init: keep the model's characters and leave out samples with others, learn the new "
        + "ones of the data too (union), or only those of the data (new).",
      valueName: "keep|union|new"))
  var alphabet: AlphabetPolicy?

  @OptionGroup var threads: ThreadOptions

  @Flag(name: [.short, .long], help: "Print the whole recipe as it is used.")
  var verbose = false

  func validate() throws {
    if resume, initialModel != nil {
      throw ValidationError("--resume goes on with its own weights; leave out --init.")
    }
    if alphabet != nil, initialModel == nil {
      throw ValidationError(
        "--alphabet says what becomes of the characters of --init, which is missing.")
    }
  }

  func run() throws {
    threads.apply()
    try train(TaskKind(ofRecipe: config, overrides: overrides).type)
  }

  private func train<Task: TrainingTask>(_ task: Task.Type) throws {
    let recipe = try ConfigurationFile.load(Task.Recipe.self, path: config, overrides: overrides)
    if verbose { try Console.write(ConfigurationFile.yaml(of: recipe)) }
    var options = TrainerOptions(outputFolder: output ?? "runs/\(recipeName)")
    options.resume = resume
    options.strict = strict
    options.profile = profile
    options.recipeName = config
    options.initialModel = try initialModel.map { name in try ModelCatalog().path(of: name) }
    if let alphabet { options.alphabet = alphabet }
    let interruption = Interruption()
    let trainer = try Trainer<Task>(recipe, options: options, stop: interruption.flag)
    switch try trainer.run() {
    case .finished(let best): Console.note("finished: \(Self.words(best)); \(options.model)")
    case .interrupted(let epoch, let step):
      Console.note(
        "interrupted in epoch \(epoch) after \(step) steps; "
          + "everything is saved in \(options.outputFolder), go on with --resume")
      throw ExitCode.interrupted
    }
  }

  /// The name of the recipe's file without its extension.
  private var recipeName: String {
    let name = config.split(separator: "/").last ?? "training"
    return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
  }

  private static func words(_ best: TrainingRecord) -> String {
    let figures = Measure.allCases.compactMap { measure in
      best.measures[measure].map(measure.words)
    }
    return (["best epoch \(best.epoch)"] + figures).joined(separator: ", ")
  }
}

extension AlphabetPolicy: ExpressibleByArgument {}

extension TrainerOptions {
  /// The file of the best model.
  fileprivate var model: String { outputFolder + "/best.safetensors" }
}
