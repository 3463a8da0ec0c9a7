import Audio
import Classification
import Configuration
import Decoding
import Forecasting
import Layers
import ModelFiles
import Pictures
import Recognition
import Translation
import Sequences

/// Why a training cannot begin or go on.
public enum TrainerError: Error, CustomStringConvertible {
  /// The folder holds another training.
  case folderInUse(path: String)
  /// There is nothing to resume.
  case nothingToResume(path: String)
  /// The recipe is not the one that the checkpoint was made with.
  case recipeChanged(path: String, keys: [String])
  /// The labels of the model to begin with are not what the recipe's `text` asks for.
  case otherAlphabet(path: String, found: String, expected: String)
  /// A folder cannot be made.
  case folder(path: String, reason: String)
  /// A manifest of the recipe is unfit.
  case manifest(ManifestError)
  /// The samples are unfit.
  case audit(AuditError)
  /// Recordings cannot be strung together.
  case composition(CompositionError)
  /// A recording, noise or impulse response cannot be read.
  case audio(AudioError)
  /// A recording that passed the audit cannot be read any more.
  case sample(SampleProblem)
  /// Examples to classify cannot be read.
  case classification(ClassificationError)
  /// The series of a forecasting recipe are unfit.
  case series(SeriesError)
  /// Texts or rows of numbers are unfit.
  case sequences(SequencesError)
  /// The recipe is unfit.
  case configuration(ConfigurationError)
  /// A model or checkpoint cannot be read or written.
  case checkpoint(CheckpointError)
  /// The optimiser's state does not fit.
  case optimizer(OptimizerStateError)
  /// The log cannot be written.
  case reporting(ReportingError)
  /// The curve cannot be drawn.
  case picture(PictureError)
  /// Parallel texts cannot be learned from.
  case translation(TranslationError)
  /// The data hold nothing to learn.
  case noExamples(path: String)
  /// No epoch brought a model whose loss is a number.
  case nothingLearned(path: String)
  /// The training diverged.
  case diverged(TrainingDivergedError)

  /// One line naming what is wrong and what to do.
  public var description: String {
    switch self {
    case .folderInUse(let path):
      "\(path): holds a training already; go on with --resume, or give another folder with --output"
    case .nothingToResume(let path):
      "\(path): no such checkpoint, so there is nothing to resume; leave out --resume"
    case .recipeChanged(let path, let keys):
      "\(path): was made with another recipe (\(keys.joined(separator: ", "))); resume with the same "
        + "recipe, or begin anew from its weights with --init"
    case .otherAlphabet(let path, let found, let expected):
      "\(path): its labels are \(found), the recipe's text.form and text.direction ask for "
        + "\(expected); change them, or learn the characters anew with --alphabet new"
    case .folder(let path, let reason): "\(path): cannot make this folder: \(reason)"
    case .manifest(let error): "\(error)"
    case .audit(let error): "\(error)"
    case .composition(let error): "\(error)"
    case .audio(let error): "\(error)"
    case .sample(let error): "\(error)"
    case .classification(let error): "\(error)"
    case .series(let error): "\(error)"
    case .sequences(let error): "\(error)"
    case .configuration(let error): "\(error)"
    case .checkpoint(let error): "\(error)"
    case .optimizer(let error): "\(error)"
    case .reporting(let error): "\(error)"
    case .picture(let error): "\(error)"
    case .translation(let error): "\(error)"
    case .noExamples(let path):
      "\(path): no example of it fits the recipe's limits, so there is nothing to learn; see 'data'"
    case .nothingLearned(let path):
      "\(path): no epoch ended with a finite loss in training and validation, so there is no model; "
        + "metrics.jsonl counts the steps and samples that were left out"
    case .diverged(let error): "\(error)"
    }
  }
}

/// Runs `body` and turns its error into a case of `TrainerError`.
func mapping<Result: ~Copyable, Failure: Error>(
  _ make: (Failure) -> TrainerError, _ body: () throws(Failure) -> Result
) throws(TrainerError) -> Result {
  do {
    return try body()
  } catch {
    throw make(error)
  }
}
