import Configuration
import Sequences

/// All that makes a language model.
public struct LanguageRecipe: TrainingRecipe {
  /// How long, how fast, in what steps; the batch size is the number of columns that the text is cut
  /// into.
  public var rules = TrainingRules()
  /// Text files to learn from and to measure on; their form is that of plain text.
  public var data = Texts()
  /// What texts are cut into.
  public var input = TextInputConfiguration()
  /// The network.
  public var model = LanguageModelConfiguration()
  /// The time steps of a training step, over which gradients go back.
  public var stepLength = 64

  /// The defaults.
  public init() { rules.task = .languageModelling }

  /// Text files.
  public struct Texts: Configuration {
    /// Files to learn from, relative to the working folder.
    public var train: [String] = []
    /// Files to measure on after each epoch.
    public var validation: [String] = []
    /// Lines of each file to learn from that are held back at its end to measure on.
    public var heldBackLines = 0

    /// None.
    public init() {}

    /// The keys that a recipe may use.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case train, validation, heldBackLines
    }

    /// Reads the keys that are present.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.train, into: &train)
      try container.read(.validation, into: &validation)
      try container.read(.heldBackLines, into: &heldBackLines)
    }

    /// Demands something to learn from.
    public func validate() throws(ConfigurationError) {
      guard !train.isEmpty else {
        throw .invalid(key: "train", found: "empty", expected: "one file or more")
      }
      guard heldBackLines >= 0 else {
        throw .invalid(key: "heldBackLines", found: "\(heldBackLines)", expected: "0 or more")
      }
    }

    /// The lines to learn from and those to measure on.
    ///
    /// - Throws: `SequencesError` if a file cannot be read, or nothing of it is left to learn from.
    func lines() throws(SequencesError) -> (train: [String], validation: [String]) {
      var (learned, held): ([String], [String]) = ([], [])
      for path in train {
        let lines = try TokenStream.lines(of: path)
        guard lines.count > heldBackLines else {
          throw .input(
            found: "\(path), which has \(lines.count) lines",
            expected: "more than the \(heldBackLines) that are held back")
        }
        learned += lines.dropLast(heldBackLines)
        held += lines.suffix(heldBackLines)
      }
      for path in validation { held += try TokenStream.lines(of: path) }
      return (learned, held)
    }
  }

  /// The keys that a recipe may use, besides those of the rules.
  public enum CodingKeys: String, CodingKey, CaseIterable { case data, input, model, stepLength }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self, beside: TrainingRules.CodingKeys.self)
    try container.read(.data, into: &data)
    try container.read(.input, into: &input)
    try container.read(.model, into: &model)
    try container.read(.stepLength, into: &stepLength)
    rules = try TrainingRules(from: decoder, beside: CodingKeys.self)
  }

  /// Writes the rules and the rest as one mapping.
  public func encode(to encoder: any Encoder) throws {
    try rules.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(data, forKey: .data)
    try container.encode(input, forKey: .input)
    try container.encode(model, forKey: .model)
    try container.encode(stepLength, forKey: .stepLength)
  }

  /// Checks every part against its range.
  public func validate() throws(ConfigurationError) {
    try rules.validate()
    guard rules.task == .languageModelling else {
      throw .invalid(
        key: "task", found: rules.task.rawValue, expected: TaskKind.languageModelling.rawValue)
    }
    try data.validate(under: "data")
    try input.validate(under: "input")
    try model.validate(under: "model")
    guard (1...10_000).contains(stepLength) else {
      throw .invalid(key: "stepLength", found: "\(stepLength)", expected: "1 to 10000")
    }
  }
}
