import Configuration

/// What a recipe's model learns to do; the key `task` of the recipe.
public enum TaskKind: String, Codable, Sendable, CaseIterable {
  /// Recordings to text.
  case transcription
  /// Pictures of written lines to text.
  case handwriting
  /// Pen strokes to text.
  case strokes
  /// The past of time series to their future.
  case forecasting
  /// Sentences to sentences of another language.
  case translation
  /// Tables and pictures to classes or numbers.
  case classification
  /// Which class a sequence belongs to.
  case sequenceClassification
  /// A label for each step of a sequence.
  case sequenceLabelling
  /// The next character or word of a text.
  case languageModelling

  /// The type that says how.
  public var type: any TrainingTask.Type {
    switch self {
    case .transcription, .handwriting, .strokes: RecognitionTask.self
    case .forecasting: ForecastingTask.self
    case .translation: TranslationTask.self
    case .classification: ClassificationTask.self
    case .sequenceClassification, .sequenceLabelling: SequenceTask.self
    case .languageModelling: LanguageTask.self
    }
  }

  /// The task of a recipe file; without the key it is one of reading or listening.
  ///
  /// - Parameter overrides: As for ``ConfigurationFile``.
  public init(ofRecipe path: String, overrides: [String] = []) throws(ConfigurationError) {
    self = try ConfigurationFile.load(Header.self, path: path, overrides: overrides).task
  }

  /// The key that decides what the other keys mean.
  private struct Header: Configuration {
    var task = TaskKind.transcription

    enum CodingKeys: String, CodingKey, CaseIterable { case task }

    init() {}

    init(from decoder: any Decoder) throws {
      self.init()
      let container = try StrictContainer(decoder, keyedBy: CodingKeys.self, beside: nil)
      try container.read(.task, into: &task)
    }

    func validate() throws(ConfigurationError) {}
  }
}
