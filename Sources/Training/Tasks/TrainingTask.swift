import Autograd
import Layers
import ModelFiles
import Tensors

/// Examples that make one step.
public protocol TrainingBatch: Sendable {
  /// The number of examples; an empty batch makes no step.
  var exampleCount: Int { get }
  /// What speed is told in: frames, words, rows.
  var frameCount: Int { get }
  /// Examples of the plan that could not be made, in words.
  var dropped: [String] { get }
}

/// Where a training stands, for what changes on its way.
public struct TrainingProgress: Sendable, Equatable {
  /// The epoch under way, from 0.
  public var epoch: Int
  /// The steps done.
  public var step: Int
  /// The steps of the whole training.
  public var totalSteps: Int

  /// A place in a training.
  public init(epoch: Int, step: Int, totalSteps: Int) {
    (self.epoch, self.step, self.totalSteps) = (epoch, step, totalSteps)
  }
}

/// What a training begins with besides its recipe.
public struct TrainingStart: Sendable {
  /// Whether a single unfit example ends the training before it begins.
  public var strict = false
  /// A model or checkpoint whose weights are taken, and what belongs to them.
  public var file: ModelFile?
  /// Whether the file is this training's own checkpoint.
  public var resumes = false
  /// What becomes of the characters of the file.
  public var alphabet = AlphabetPolicy.keep

  /// A fresh start.
  public init() {}
}

/// One kind of thing to learn: how examples become tensors, what a step costs, and how the result is
/// judged. The ``Trainer`` does the rest, for all of them.
///
/// As a module, a task shows the parameters of its network.
public protocol TrainingTask: Module {
  /// The recipe, whose keys besides those of ``TrainingRules`` are the task's own.
  associatedtype Recipe: TrainingRecipe
  /// What a step takes.
  associatedtype Batch: TrainingBatch

  /// The measure by which the best model is chosen; nil chooses by the loss.
  static var criterion: Measure? { get }
  /// What ``TrainingBatch/frameCount`` counts, in the plural.
  static var unit: String { get }

  /// Reads and checks the data, and makes the network or takes that of the file.
  ///
  /// - Parameter note: Tells the user something, a line at a time.
  init(_ recipe: Recipe, start: TrainingStart, note: (String) -> Void) throws(TrainerError)

  /// The number of batches of an epoch, from 0.
  func batchCount(epoch: Int) -> Int

  /// The batches of an epoch from one of them on, prepared ahead. They depend on the seed, the epoch
  /// and their place alone.
  func batches(epoch: Int, startingAt start: Int) -> BatchLoader<Batch>

  /// The mean loss over the examples of a batch, a scalar; random decisions come from the tape.
  func loss(of batch: Batch, at progress: TrainingProgress, on tape: Tape) -> Variable

  /// Judges the network after an epoch; nil where nothing is held back.
  func score() throws(TrainerError) -> TaskScore?

  /// Whether there is nothing left to learn after an epoch of this mean loss.
  func isComplete(afterLoss loss: Double, score: TaskScore?) -> Bool

  /// What to tell the user when the training is over, a line at a time.
  ///
  /// - Parameter epochs: How many were done.
  func conclusion(epochs: Int) -> [String]

  /// The network with all that one needs to use it.
  func modelFile() throws(CheckpointError) -> ModelFile
}

extension TrainingTask {
  /// By default one can always learn more.
  public func isComplete(afterLoss loss: Double, score: TaskScore?) -> Bool { false }
  /// By default nothing.
  public func conclusion(epochs: Int) -> [String] { [] }
  /// Frames of a sequence.
  public static var unit: String { "frames" }
}
