import Autograd
import Configuration
import Layers
import ModelFiles
import Sequences
import Tensors

/// Learning to predict the next token of a text, by truncated back-propagation: the text is cut into
/// columns beside each other, and the states of the layers go on from one step of training to the next.
public struct LanguageTask: TrainingTask {
  /// Less surprise is better.
  public static let criterion: Measure? = .perplexity
  /// Characters or words.
  public static let unit = "tokens"

  /// The parts of the validation text that are read beside each other.
  private static let validationColumns = 8
  private static let carriedGroup = "carried"

  private let pieces: StreamPieces
  private let validation: TokenStream?
  private var model: RecurrentLanguageModel
  private var carried: [CarriedState]

  /// Time steps of all columns.
  public struct Batch: TrainingBatch {
    let tokens: TokenBatch
    let isFirst: Bool

    /// The tokens that are predicted.
    public var exampleCount: Int { tokens.targets.count }
    /// The same.
    public var frameCount: Int { tokens.targets.count }
    /// None.
    public var dropped: [String] { [] }
  }

  /// Reads the texts and makes vocabulary and network, or takes those of the model to begin with.
  public init(
    _ recipe: LanguageRecipe, start: TrainingStart, note: (String) -> Void
  ) throws(TrainerError) {
    let lines = try mapping(TrainerError.sequences) { () throws(SequencesError) in
      try recipe.data.lines()
    }
    model = try Self.model(recipe, start, lines.train)
    model.network.setPrecision(recipe.rules.precision)
    let stream = TokenStream(lines.train, vocabulary: model.vocabulary)
    pieces = stream.pieces(columns: recipe.rules.batching.size, stepLength: recipe.stepLength)
    validation =
      lines.validation.isEmpty
      ? nil : TokenStream(lines.validation, vocabulary: model.vocabulary)
    carried = model.initialStates.map { _ in CarriedState() }
    if start.resumes, let file = start.file { restoreStates(file) }
    note(
      "\(stream.tokenCount) tokens to learn from, \(validation?.tokenCount ?? 0) held back, "
        + "\(model.vocabulary.tokens.count) different ones")
  }

  private static func model(
    _ recipe: LanguageRecipe, _ start: TrainingStart, _ lines: [String]
  ) throws(TrainerError) -> RecurrentLanguageModel {
    if let file = start.file {
      let model = try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
        try RecurrentLanguageModel(file)
      }
      guard model.configuration == recipe.model else {
        throw .configuration(
          .invalid(
            key: "model", found: "another network than that of \(file.path ?? "the model")",
            expected: "the one that training begins with"))
      }
      return model
    }
    let vocabulary = try mapping(TrainerError.sequences) { () throws(SequencesError) in
      try TokenStream.vocabulary(
        of: lines, unit: recipe.input.unit, minimumCount: recipe.input.minimumCount,
        maximumSize: recipe.input.maximumSize ?? .max)
    }
    var random = RandomSource(
      seed: UInt64(recipe.rules.seed), RandomPurpose.initialization.rawValue)
    return RecurrentLanguageModel(recipe.model, vocabulary: vocabulary, random: &random)
  }

  /// Takes the states of a checkpoint, which lie behind the parameters.
  private mutating func restoreStates(_ file: ModelFile) {
    let stored = Dictionary(file.group(Self.carriedGroup).map { ($0.name, $0.tensor) }) { a, _ in a
    }
    for index in carried.indices {
      carried[index].visitParameters { name, parameter in
        if let value = stored["\(index).\(name)"] { parameter.value = value }
      }
    }
  }

  /// Shows the parameters of the network, and the states that go on.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    model.network.visit(&visitor)
    visitor.modules(Self.carriedGroup, &carried)
  }

  /// The number of batches.
  public func batchCount(epoch: Int) -> Int { pieces.count }

  /// The batches of an epoch, in the order of the text.
  public func batches(epoch: Int, startingAt start: Int) -> BatchLoader<Batch> {
    let pieces = pieces
    return BatchLoader(count: pieces.count, startingAt: start) { index, _ in
      Batch(tokens: pieces[index], isFirst: index == 0)
    }
  }

  /// The mean cost of a batch's tokens. The states behind them are registered with the tape, as
  /// parameters that are not trained are.
  public func loss(of batch: Batch, at progress: TrainingProgress, on tape: Tape) -> Variable {
    var states = batch.isFirst ? model.initialStates : carried.map(\.state)
    let loss = model.loss(batch.tokens, states: &states, on: tape)
    for (slot, state) in zip(carried, states) { slot.update(to: state, on: tape) }
    return loss
  }

  /// The perplexity of the validation text.
  public func score() -> TaskScore? {
    guard let validation else { return nil }
    let score = model.score(validation, columns: Self.validationColumns)
    return TaskScore(
      loss: score.nats / Double(max(1, score.tokenCount)),
      measures: [.perplexity: score.perplexity])
  }

  /// The model, and the states that a training needs to go on.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    var file = try model.modelFile()
    let states = carried.enumerated().flatMap { index, state in
      state.namedParameters.map { (name: "\(index).\($0.path)", tensor: $0.parameter.value) }
    }
    file.setGroup(Self.carriedGroup, to: states)
    return file
  }
}

/// What a layer remembers between two steps of training.
private struct CarriedState: Module {
  private var cell = Parameter(Tensor(zeros: [0, 0]), isTrainable: false)
  private var hidden = Parameter(Tensor(zeros: [0, 0]), isTrainable: false)

  var state: RecurrentState {
    cell.value.count == 0
      ? RecurrentState() : RecurrentState(carried: cell.value, hidden: hidden.value)
  }

  func update(to state: RecurrentState, on tape: Tape) {
    guard let (carried, hidden) = state.stored else { return }
    tape.update(cell, to: carried)
    tape.update(self.hidden, to: hidden)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("cell", &cell)
    visitor.parameter("hidden", &hidden)
  }
}
