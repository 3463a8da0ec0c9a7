import Configuration
import Decoding
import Foundation
import NGrams
import Tensors
import Testing
import Training

/// Looking for the weights of a decoder.
@Suite struct DecoderTuningTests {
  private let folder: TemporaryFolder
  private let alphabet: Alphabet

  init() throws {
    folder = try TemporaryFolder()
    alphabet = try Alphabet(" abc")
  }

  /// A text whose letters the network hears, except that it takes `misheard` of them for another.
  private func line(_ text: String, misheard: [Int: (as: Character, share: Float)]) throws
    -> EmissionSet.Line
  {
    let labels = try alphabet.encode(text)
    let count = alphabet.labelCount
    let rows = try labels.enumerated().flatMap { index, label in
      var row = [Float](repeating: 0.004, count: count)
      if let (other, share) = misheard[index] {
        let wrong = try #require(alphabet.label(of: other))
        (row[wrong], row[label]) = (share, 1 - share)
      } else {
        row[label] = 0.98
      }
      var blank = [Float](repeating: 0.001, count: count)
      blank[Alphabet.blank] = 0.99
      return [row, blank].joined().map { log($0) }
    }
    let sample = Sample(
      id: text, source: .audio(AudioClip(path: "none")), text: text,
      origin: Sample.Origin(file: "none"))
    return EmissionSet.Line(
      sample: sample, reference: text,
      logProbabilities: Tensor(rows, shape: [rows.count / count, count]))
  }

  /// Words of the model that were heard as words that it does not know.
  private func set() throws -> EmissionSet {
    try EmissionSet(lines: [
      line("abc cab", misheard: [1: ("c", 0.9)]), line("cab abc", misheard: [4: ("b", 0.8)]),
      line("bca abc", misheard: [0: ("a", 0.6)]), line("abc", misheard: [:]),
    ])
  }

  private func search(unit: NGramUnit) throws -> PrefixBeamSearch {
    let text = try folder.write("text", "abc cab\ncab abc\nbca abc\nabc\nabc abc cab\n")
    var estimator = NGramEstimator()
    (estimator.order, estimator.unit) = (2, unit)
    var configuration = DecodingConfiguration()
    (configuration.languageModelWeight, configuration.characterModelWeight) = (0, 0)
    configuration.beamWidth = 20
    configuration.unknownWordOffset = 0
    return try PrefixBeamSearch(
      alphabet: alphabet, configuration: configuration,
      models: [estimator.estimate([text]).model])
  }

  @Test(arguments: NGramUnit.allCases)
  func theBestWeightsRepairWhatWasMisheard(unit: NGramUnit) throws {
    var tuning = DecoderTuning(
      hasWordModel: unit == .word, hasCharacterModel: unit == .character)
    tuning.criterion = .cer
    let (search, set) = (try search(unit: unit), try set())
    let greedy = set.errors(of: GreedyDecoder(labelCount: 5), alphabet: alphabet)
    #expect(greedy.words.errors == 3 && greedy.characters.errors == 3)
    var told = 0
    let trials = try tuning.run(search, on: set, alphabet: alphabet) { _ in told += 1 }
    let best = try #require(tuning.best(trials))
    #expect(best.characters.errors == 0, "\(best)")
    #expect(trials[0].configuration == search.configuration, "the given weights are tried first")
    #expect(trials[0].characters.errors == 3)
    #expect(told == trials.count)
    #expect(trials.allSatisfy { best.characters.errors <= $0.characters.errors })
    let again = try tuning.run(search, on: set, alphabet: alphabet)
    #expect(again == trials)
  }

  @Test func noTrialIsMadeTwiceAndOnlyItsKeysMove() throws {
    var tuning = DecoderTuning(hasWordModel: true, hasCharacterModel: false)
    tuning.halvings = 3
    let search = try search(unit: .word)
    let trials = try tuning.run(search, on: set(), alphabet: alphabet)
    for (index, trial) in trials.enumerated() {
      #expect(!trials[..<index].contains { $0.configuration == trial.configuration })
      var same = trial.configuration
      same.languageModelWeight = search.configuration.languageModelWeight
      same.wordBonus = search.configuration.wordBonus
      #expect(same == search.configuration)
      #expect(throws: Never.self) { try trial.configuration.validate() }
    }
    #expect(tuning.keys == ["languageModelWeight", "wordBonus"])
    tuning.halvings = 0
    let coarse = try tuning.run(search, on: set(), alphabet: alphabet)
    #expect(coarse.count < trials.count && coarse == Array(trials[..<coarse.count]))
  }

  @Test func errorsAreThoseOfTheTexts() throws {
    let set = try set()
    let errors = set.errors(of: GreedyDecoder(labelCount: 5), alphabet: alphabet)
    #expect(errors.words.referenceCount == 7 && errors.characters.referenceCount == 24)
    let nothing = EmissionSet().errors(of: GreedyDecoder(labelCount: 5), alphabet: alphabet)
    #expect(nothing.words.errors == 0 && nothing.words.referenceCount == 0)
  }
}
