import Configuration
import Foundation
import ModelFiles
import Sequences
import Tensors
import Testing
import Training

/// Classification and labelling of sequences, and language modelling, through the trainer.
@Suite struct SequenceTaskTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// Texts of a, b and c; the class is the first of a and b.
  private func classes(_ count: Int, seed: UInt64) -> String {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
      let text = (0..<random.integer(in: 2...8)).map { _ in
        ["a", "b", "c"][random.integer(in: 0...2)]
      }
      return "\(text.first { $0 != "c" } == "b" ? "B" : "A")\t\(text.joined())\n"
    }.joined()
  }

  private func rules(_ task: TaskKind, epochs: Int) -> String {
    """
    task: \(task.rawValue)
    epochs: \(epochs)
    batching: {size: 8, sortedFirstEpoch: false}
    optimizer: {kind: adam, learningRate: 0.02}
    checkpointSteps: 3

    """
  }

  private func classification(_ extra: String = "", epochs: Int = 8) throws -> SequenceRecipe {
    try folder.write("train.tsv", classes(64, seed: 1))
    try folder.write("held.tsv", classes(40, seed: 2))
    return try ConfigurationFile.decode(
      yaml: rules(.sequenceClassification, epochs: epochs) + """
        data: {train: [\(path("train.tsv"))], validation: [\(path("held.tsv"))]}
        model:
          embeddingSize: 8
          recurrent: {cell: gru, hiddenSize: 12, direction: bidirectional, dropout: 0.1}
          pooling: attention
        \(extra)
        """, file: "recipe.yaml")
  }

  private func language(
    _ extra: String = "", cell: String = "lstm", epochs: Int = 3
  ) throws -> LanguageRecipe {
    try folder.write("text.txt", String(repeating: "abcd\nab cd\n", count: 20))
    try folder.write("text.held.txt", "ab cd\nabcd\nab cd\n")
    return try ConfigurationFile.decode(
      yaml: rules(.languageModelling, epochs: epochs) + """
        data: {train: [\(path("text.txt"))], validation: [\(path("text.held.txt"))]}
        model: {embeddingSize: 8, recurrent: {cell: \(cell), hiddenSize: 16, dropout: 0.1}}
        stepLength: 7
        \(extra)
        """, file: "recipe.yaml")
  }

  private func run<Task: TrainingTask>(
    _ task: Task.Type, _ recipe: Task.Recipe, _ name: String, resume: Bool = false,
    initialModel: String? = nil, stop: StopFlag = StopFlag()
  ) throws -> TrainingOutcome {
    var options = TrainerOptions(outputFolder: path(name))
    (options.resume, options.initialModel) = (resume, initialModel)
    let output = ProgressReporter.Output(isTerminal: false) { _ in }
    return try Trainer<Task>(
      recipe, options: options, stop: stop, reporter: ProgressReporter(output: output)
    ).run()
  }

  private func best(_ outcome: TrainingOutcome) throws -> [Measure: Double] {
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      return [:]
    }
    return best.measures
  }

  /// Stops after every step and goes on, and expects the files of a training in one go.
  private func expectSameBitsInPieces<Task: TrainingTask>(
    _ task: Task.Type, _ recipe: Task.Recipe, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let threads = WorkerPool.threadCount
    defer { WorkerPool.threadCount = threads }
    let whole = try run(task, recipe, "whole")
    let raised = StopFlag()
    raised.raise()
    WorkerPool.threadCount = 1
    var outcome = try run(task, recipe, "pieces", stop: raised)
    var stops = 0
    while case .interrupted = outcome, stops < 200 {
      stops += 1
      outcome = try run(task, recipe, "pieces", resume: true, stop: raised)
    }
    #expect(stops > 10 && outcome == whole, sourceLocation: sourceLocation)
    for file in ["last", "best"] {
      let files = try ["whole", "pieces"].map {
        try Data(contentsOf: URL(filePath: path("\($0)/\(file).safetensors")))
      }
      #expect(files[0] == files[1], "\(file)", sourceLocation: sourceLocation)
    }
  }

  @Test func aClassifierIsTrained() throws {
    let found = try best(run(SequenceTask.self, classification(), "out"))
    #expect(try #require(found[.errorRate]) < 0.15, "\(found)")
    let classifier = try SequenceClassifier(ModelFile(reading: path("out/best.safetensors")))
    #expect(try classifier.classify("cca").label == "A")
    #expect(try classifier.classify("cbaa").label == "B")
  }

  @Test func aClassifierTrainedInPiecesHasTheSameBits() throws {
    try expectSameBitsInPieces(
      SequenceTask.self, classification("balanced: true\nlabelSmoothing: 0.1", epochs: 2))
  }

  @Test func aLabellerOfNumbersIsTrained() throws {
    var random = RandomSource(seed: 3)
    var rows = "sequence,label,x\n"
    for sequence in 0..<40 {
      var sum: Float = 0
      for _ in 0..<random.integer(in: 1...6) {
        let x = random.uniform(in: -1...1)
        sum += x
        rows += "\(sequence),\(sum > 0 ? "above" : "below"),\(x)\n"
      }
    }
    try folder.write("rows.csv", rows)
    let recipe: SequenceRecipe = try ConfigurationFile.decode(
      yaml: rules(.sequenceLabelling, epochs: 25) + """
        data: {form: numbers, train: [\(path("rows.csv"))], validation: [\(path("rows.csv"))]}
        model: {recurrent: {cell: rnn, hiddenSize: 12}}
        """, file: "recipe.yaml")
    let found = try best(run(SequenceTask.self, recipe, "out"))
    #expect(try #require(found[.errorRate]) < 0.12, "\(found)")
    let labeller = try SequenceLabeller(ModelFile(reading: path("out/best.safetensors")))
    #expect(try labeller.label(.rows([[1], [-0.2], [-2]])) == ["above", "above", "below"])
  }

  @Test func aLanguageModelIsTrained() throws {
    let found = try best(run(LanguageTask.self, language(epochs: 12), "out"))
    // Only after ab and after a line's end there is a choice between two.
    #expect(try #require(found[.perplexity]) < 1.6, "\(found)")
    let file = try ModelFile(reading: path("out/best.safetensors"))
    #expect(file.group("carried").isEmpty, "states belong to the training")
    _ = try RecurrentLanguageModel(file)
  }

  @Test(arguments: ["rnn", "lstm", "gru"], ["fp32", "bf16"])
  func aLanguageModelTrainedInPiecesHasTheSameBits(cell: String, precision: String) throws {
    try expectSameBitsInPieces(
      LanguageTask.self, language("precision: \(precision)", cell: cell))
  }

  @Test func trainingBeginsWithAModel() throws {
    let recipe = try classification(epochs: 2)
    _ = try run(SequenceTask.self, recipe, "first")
    let file = path("first/best.safetensors")
    _ = try run(SequenceTask.self, recipe, "second", initialModel: file)
    var other = recipe
    other.model.embeddingSize = 9
    let error = try #require(throws: TrainerError.self) {
      try run(SequenceTask.self, other, "third", initialModel: file)
    }
    #expect("\(error)".contains("another network"), "\(error)")
  }

  @Test func unfitDataIsRefusedByName() throws {
    let recipe = try classification()
    func error() throws -> String {
      "\(try #require(throws: TrainerError.self) { try run(SequenceTask.self, recipe, "out") })"
    }
    try folder.write("held.tsv", "A\ta\nC\tb\n")
    #expect(try error().contains("labelled 'C', expected one of 'A', 'B'"))
    try folder.write("held.tsv", "A\ta\nb\n")
    #expect(try error().contains("held.tsv:2: found 'b' without a tab"))
    try folder.write("train.tsv", "A\ta\n")
    try folder.write("held.tsv", "A\ta\n")
    #expect(try error().contains("the labels are 'A', expected two or more"))
    var scarce = try classification()
    scarce.input.minimumCount = 10_000
    #expect(throws: TrainerError.self) { try run(SequenceTask.self, scarce, "scarce") }
    var short = try language()
    short.data.heldBackLines = 40
    let held = try #require(throws: TrainerError.self) {
      try run(LanguageTask.self, short, "short")
    }
    #expect("\(held)".contains("40 lines, expected more than the 40"), "\(held)")
  }

  @Test func recipesAreStrict() throws {
    let text = try ConfigurationFile.yaml(of: language())
    #expect(try ConfigurationFile.decode(yaml: text, file: "x") == language())
    for (yaml, key) in [
      ("data: {train: []}", "data.train"), ("data: {train: [a]}\nstepLength: 0", "stepLength"),
      ("data: {train: [a]}\nsteps: 3", "steps"),
    ] {
      let error = try #require(throws: ConfigurationError.self) {
        try ConfigurationFile.decode(
          LanguageRecipe.self, yaml: "task: languageModelling\n" + yaml, file: "x")
      }
      #expect(error.key == key, "\(error)")
    }
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(
        SequenceRecipe.self,
        yaml: "task: sequenceLabelling\ndata: {train: [a]}\nlabelSmoothing: 1", file: "x")
    }
    #expect(error.key == "labelSmoothing")
    let task = try #require(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(
        SequenceRecipe.self, yaml: "task: languageModelling\ndata: {train: [a]}", file: "x")
    }
    #expect(task.key == "task")
  }
}
