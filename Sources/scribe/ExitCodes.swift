import Files
import Forecasting
import ArgumentParser
import Audio
import Captions
import Classification
import Configuration
import Decoding
import Files
import Ink
import ModelFiles
import NGrams
import Pictures
import Recognition
import Tables
import Sequences
import Training
import Translation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Failure {
  /// The exit code of every error that the libraries and the program throw; nil for the parser's.
  static func code(of error: any Error) -> ExitCode? {
    switch error {
    case is UsageError: .usage
    case is OutputError: .inputOutput
    case is OutputFolderError, is ScoringPageError: .cannotCreate
    case let error as AudioError: code(error)
    case let error as StreamingError: code(error)
    case let error as ImageError: code(error)
    case let error as StrokeError: code(error)
    case let error as DocumentError: code(error)
    case let error as CheckpointError: code(error)
    case let error as NGramError: code(error)
    case let error as ScoringError: code(error)
    case let error as CaptionError: code(error)
    case let error as FileError: code(error)
    case is CatalogError, is InputListError, is MissingLanguageModel: .missingInput
    case let error as DecodingError: code(error)
    case let error as AlignError: code(error)
    case let error as ConfigurationError: code(error)
    case let error as ManifestError: code(error)
    case let error as SampleProblem: code(error)
    case let error as ReportingError: code(error)
    case let error as TrainerError: code(error)
    case let error as SeriesError: code(error)
    case let error as TranslationError: code(error)
    case let error as ClassificationError: code(error)
    case let error as TableError: code(error)
    case let error as SequencesError: code(error)
    case is PictureError: .inputOutput
    case is EnsembleError, is InspectionError, is AuditError, is CompositionError, is AlphabetError:
      .badData
    default: nil
    }
  }

  private static func code(_ error: AudioError) -> ExitCode {
    if case .unwritable = error { return .inputOutput }
    return switch error.category {
    case .badData: .badData
    case .missingInput: .missingInput
    case .inputOutput: .inputOutput
    }
  }

  private static func code(_ error: StreamingError) -> ExitCode {
    if case .notFinite = error { .badData } else { .usage }
  }

  private static func code(_ error: ImageError) -> ExitCode {
    switch error.category {
    case .badData: .badData
    case .missingInput: .missingInput
    case .inputOutput: .inputOutput
    }
  }

  private static func code(_ error: StrokeError) -> ExitCode {
    switch error.category {
    case .badData: .badData
    case .missingInput: .missingInput
    case .inputOutput: .inputOutput
    }
  }

  private static func code(_ error: DocumentError) -> ExitCode {
    switch error {
    case .markup(.file(let error)): code(error)
    case .unreadable(let file, _): codeOfUnreadable(file)
    case .markup, .wrongKind, .invalid, .unit, .tooManyLines, .polygon: .badData
    }
  }

  private static func code(_ error: InputError) -> ExitCode {
    switch error {
    case .audio(let error): code(error)
    case .image(let error): code(error)
    case .document(let error): code(error)
    case .strokes(let error): code(error)
    }
  }

  private static func code(_ error: CheckpointError) -> ExitCode {
    if case .file(let error) = error { return code(error) }
    return .badData
  }

  private static func code(_ error: NGramError) -> ExitCode {
    switch error {
    case .file(let error): code(error)
    case .option: .usage
    case .arpa, .damaged, .text, .noText, .tooLarge: .badData
    }
  }

  private static func code(_ error: DecodingError) -> ExitCode {
    switch error {
    case .hotWord, .emptyHotWord, .boost, .twoModels, .noVocabulary, .directionOfModel: .usage
    case .lexiconWord, .notOneWord, .emptyLexicon, .foreignVocabulary, .malformed: .badData
    case .unreadable(let file, _): codeOfUnreadable(file)
    case .configuration(let error): code(error)
    }
  }

  private static func code(_ error: ScoringError) -> ExitCode {
    if case .unreadable(let file, _) = error { return codeOfUnreadable(file) }
    return .badData
  }

  private static func code(_ error: CaptionError) -> ExitCode {
    if case .unreadable(let file, _) = error { return codeOfUnreadable(file) }
    return .badData
  }

  private static func code(_ error: AlignError) -> ExitCode {
    switch error {
    case .unreadable(let file, _): codeOfUnreadable(file)
    case .text, .alignment: .badData
    }
  }

  private static func code(_ error: FileError) -> ExitCode {
    switch error {
    case .notFound, .isFolder, .notAFolder, .notARegularFile: .missingInput
    case .permissionDenied(_, let action):
      // What may not be read is an input, what may not be written an output.
      action == "read" || action == "open" ? .missingInput : .cannotCreate
    case .readOnly: .cannotCreate
    case .noSpace, .tooLarge, .other: .inputOutput
    }
  }

  private static func code(_ error: ConfigurationError) -> ExitCode {
    switch error {
    case .malformedOverride: .usage
    case .inFile(let name, let inner):
      name.hasPrefix(overrideName) ? .usage : inner.key == nil ? code(inner) : .badData
    case .unreadable(let file, _):
      file.hasPrefix(overrideName) ? .usage : codeOfUnreadable(file)
    case .unknownKey, .wrongType, .invalid: .badData
    }
  }

  /// How errors call what `--set` brought in.
  private static let overrideName = "override '"

  private static func code(_ error: ManifestError) -> ExitCode {
    switch error {
    case .unreadable(let path, _): codeOfUnreadable(path)
    case .unwritable: .inputOutput
    case .document(let error): code(error)
    case .notUTF8, .row, .unrecognized, .empty: .badData
    }
  }

  private static func code(_ error: SampleProblem) -> ExitCode {
    switch error.reason {
    case .missing(let error), .unreadable(let error), .notFinite(let error): code(error)
    case .notOutlined, .wrongSize, .tooLong, .tooManyFrames, .wrongInput, .emptyTranscript,
      .unknownCharacters, .tooShort:
      .badData
    }
  }

  private static func code(_ error: ReportingError) -> ExitCode {
    switch error {
    case .unreadable: .missingInput
    case .unwritable: .inputOutput
    case .damaged: .badData
    }
  }

  private static func code(_ error: SeriesError) -> ExitCode {
    if case .table(.file(let error)) = error { return code(error) }
    return .badData
  }

  private static func code(_ error: TranslationError) -> ExitCode {
    if case .file(let error) = error { return code(error) }
    return .badData
  }

  private static func code(_ error: ClassificationError) -> ExitCode {
    switch error {
    case .table(let error): code(error)
    case .image(let error): code(error)
    case .folder(let error): code(error)
    case .differentCounts, .wrongSize, .noClasses, .noPictures, .noExamples, .oneClass,
      .unknownClass, .heldBackTooMany, .wrongInput:
      .badData
    }
  }

  private static func code(_ error: TableError) -> ExitCode {
    if case .file(let error) = error { return code(error) }
    return .badData
  }

  private static func code(_ error: SequencesError) -> ExitCode {
    if case .unreadable(let file, _) = error { return codeOfUnreadable(file) }
    return .badData
  }

  private static func code(_ error: TrainerError) -> ExitCode {
    switch error {
    case .translation(let error): code(error)
    case .noExamples: .badData
    case .folderInUse, .folder: .cannotCreate
    case .nothingToResume: .missingInput
    case .recipeChanged, .otherAlphabet, .optimizer, .diverged, .composition, .audit,
      .nothingLearned:
      .badData
    case .manifest(let error): code(error)
    case .audio(let error): code(error)
    case .sample(let error): code(error)
    case .classification(let error): code(error)
    case .series(let error): code(error)
    case .sequences(let error): code(error)
    case .configuration(let error): code(error)
    case .checkpoint(let error): code(error)
    case .reporting(let error): code(error)
    case .picture: .inputOutput
    }
  }

  /// Bad data if the text file can be opened, else a missing input.
  ///
  /// - Parameter place: A path, perhaps with `:` and a line.
  private static func codeOfUnreadable(_ place: String) -> ExitCode {
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    let withoutLine =
      Int(parts.last ?? "") == nil ? place : parts.dropLast().joined(separator: ":")
    for path in [place, withoutLine] {
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      return isFolder || access(path, R_OK) != 0 ? .missingInput : .badData
    }
    return .missingInput
  }
}
