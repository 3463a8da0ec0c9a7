import Configuration
import Decoding

/// Looks for the weights of a beam search that make the fewest errors on a set.
///
/// A coarse grid over the weight and the bonus of each language model, then a pattern search
/// (Hooke and Jeeves 1961) from the best point, with steps that are halved when no neighbour is better.
/// Of equally good points the first one found wins, so that the result does not depend on anything but
/// the set.
public struct DecoderTuning: Sendable {
  /// What is to be small.
  public enum Criterion: String, CaseIterable, Sendable {
    /// The word error rate.
    case wer
    /// The character error rate.
    case cer
  }

  /// One set of weights and what it makes of the set.
  public struct Trial: Sendable, Equatable {
    /// The weights and limits.
    public var configuration: DecodingConfiguration
    /// The word edits of all lines.
    public var words: EditCounts
    /// The character edits of all lines.
    public var characters: EditCounts
  }

  /// A number of the configuration that is looked for.
  struct Axis: Sendable {
    let key: WritableKeyPath<DecodingConfiguration, Float> & Sendable
    /// The values of the grid, ascending.
    let grid: [Float]
    let range: ClosedRange<Float>
    /// The first step of the refinement.
    var step: Float { grid.count > 1 ? (grid[1] - grid[0]) / 2 : 1 }
  }

  /// What is to be small.
  public var criterion = Criterion.wer
  /// How often the steps of the refinement are halved; 0 leaves the grid's best.
  public var halvings = 2
  /// Whether there is a model of words.
  public var hasWordModel: Bool
  /// Whether there is a model of characters.
  public var hasCharacterModel: Bool

  /// A search for the weights of these models.
  public init(hasWordModel: Bool, hasCharacterModel: Bool) {
    (self.hasWordModel, self.hasCharacterModel) = (hasWordModel, hasCharacterModel)
  }

  static let wordAxes = [
    Axis(key: \.languageModelWeight, grid: [0.3, 0.6, 0.9, 1.2, 1.5], range: 0...5),
    Axis(key: \.wordBonus, grid: [-1, 0.5, 2, 3.5], range: -10...20),
  ]
  static let characterAxes = [
    Axis(key: \.characterModelWeight, grid: [0.2, 0.5, 0.8, 1.1], range: 0...5),
    Axis(key: \.characterBonus, grid: [0, 0.5, 1, 1.5], range: -5...10),
  ]

  /// The names of the numbers that are looked for.
  public var keys: [String] {
    (hasWordModel ? ["languageModelWeight", "wordBonus"] : [])
      + (hasCharacterModel ? ["characterModelWeight", "characterBonus"] : [])
  }

  /// Runs the search.
  ///
  /// - Parameters:
  ///   - decoder: With the models, and with the limits that are to be kept.
  ///   - progress: Called after each trial.
  /// - Returns: All trials in the order in which they were made; the best comes from ``best(_:)``.
  /// - Throws: `ConfigurationError` if the decoder's configuration is not valid.
  public func run(
    _ decoder: PrefixBeamSearch, on set: EmissionSet, alphabet: Alphabet,
    progress: (Trial) -> Void = { _ in }
  ) throws(ConfigurationError) -> [Trial] {
    var trials: [Trial] = []
    func attempt(_ configuration: DecodingConfiguration) throws(ConfigurationError) -> Trial {
      if let known = trials.first(where: { $0.configuration == configuration }) { return known }
      let errors = set.errors(of: try decoder.with(configuration), alphabet: alphabet)
      let trial = Trial(
        configuration: configuration, words: errors.words, characters: errors.characters)
      trials.append(trial)
      progress(trial)
      return trial
    }
    var start = decoder.configuration
    _ = try attempt(start)
    // The models' weights are looked for one after the other and then refined together.
    for axes in groups {
      for configuration in Self.grid(axes, from: start) { _ = try attempt(configuration) }
      start = best(trials)?.configuration ?? start
    }
    try refine(from: start, attempt)
    return trials
  }

  /// The trial with the fewest errors, the first of equal ones.
  public func best(_ trials: [Trial]) -> Trial? { trials.min { errors($0) < errors($1) } }

  private func errors(_ trial: Trial) -> Int {
    criterion == .wer ? trial.words.errors : trial.characters.errors
  }

  private var groups: [[Axis]] {
    (hasWordModel ? [Self.wordAxes] : []) + (hasCharacterModel ? [Self.characterAxes] : [])
  }

  private static func grid(
    _ axes: [Axis], from start: DecodingConfiguration
  ) -> [DecodingConfiguration] {
    axes.reduce([start]) { points, axis in
      points.flatMap { point in
        axis.grid.map { value in
          var point = point
          point[keyPath: axis.key] = value
          return point
        }
      }
    }
  }

  private func refine(
    from start: DecodingConfiguration,
    _ attempt: (DecodingConfiguration) throws(ConfigurationError) -> Trial
  ) throws(ConfigurationError) {
    let axes = groups.flatMap(\.self)
    var center = try attempt(start)
    for halving in 0..<max(0, halvings) {
      var moved = true
      while moved {
        moved = false
        for axis in axes {
          for sign: Float in [-1, 1] {
            var point = center.configuration
            let value = point[keyPath: axis.key] + sign * axis.step / Float(1 << halving)
            point[keyPath: axis.key] = min(max(value, axis.range.lowerBound), axis.range.upperBound)
            let trial = try attempt(point)
            if errors(trial) < errors(center) { (center, moved) = (trial, true) }
          }
        }
      }
    }
  }
}
