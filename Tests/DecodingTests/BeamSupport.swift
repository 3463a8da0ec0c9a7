import Decoding
import Foundation
import Tensors

/// A bigram model over a few units, its probabilities drawn at random.
struct ToyModel: LanguageModel {
  let units: [String]
  /// Row: the unit before, sentence start last but one, unknown last. Column: the unit, the sentence
  /// end last but one, unknown last.
  let table: [[Float]]
  let unigrams: [Float]

  init(_ units: [String], _ source: inout RandomSource) {
    self.units = units
    let count = units.count + 2
    func row(_ source: inout RandomSource) -> [Float] {
      let weights = (0..<count).map { _ in 0.05 + source.uniform() }
      let sum = weights.reduce(0, +)
      return weights.map { log($0 / sum) }
    }
    table = (0..<count).map { _ in row(&source) }
    unigrams = row(&source)
  }

  var vocabulary: [(text: String, token: UInt32)] {
    units.enumerated().map { ($1, UInt32($0)) }
  }
  var unknownToken: UInt32 { UInt32(units.count + 1) }
  func begin() -> LanguageModelState { state(units.count) }
  func score(_ token: UInt32, after state: inout LanguageModelState) -> Float {
    let score = table[Int(state.words[0])][Int(token)]
    state = self.state(Int(token))
    return score
  }
  func endScore(after state: LanguageModelState) -> Float {
    table[Int(state.words[0])][units.count]
  }
  func unigramScore(_ token: UInt32) -> Float { unigrams[Int(token)] }

  private func state(_ unit: Int) -> LanguageModelState {
    var state = LanguageModelState()
    state.words[0] = UInt32(unit)
    return state
  }

  /// The log-probability of a sentence and which of its units are unknown, computed from the table.
  func sentence(_ sentence: [String], ends: Bool) -> (score: Double, isUnknown: [Bool]) {
    var (score, before) = (0.0, units.count)
    var isUnknown: [Bool] = []
    for unit in sentence {
      let column = units.firstIndex(of: unit) ?? units.count + 1
      isUnknown.append(column == units.count + 1)
      score += Double(table[before][column])
      before = column
    }
    return (score + (ends ? Double(table[before][units.count]) : 0), isUnknown)
  }
}

/// The definition of the search's score, applied to every text that the frames can say.
struct Enumeration {
  var alphabet: Alphabet
  var configuration = DecodingConfiguration()
  var words: ToyModel?
  var characters: ToyModel?
  var lexicon: [String]?
  var hotWords: [HotWord] = []

  /// Everything is kept and everything is returned.
  static var wide: DecodingConfiguration {
    var configuration = DecodingConfiguration()
    configuration.beamWidth = 100_000
    configuration.hypothesisCount = 100_000
    configuration.scoreThreshold = nil
    configuration.minimumLogProbability = nil
    return configuration
  }

  /// The probability of each sequence of labels, summed over all paths.
  static func probabilities(_ matrix: Tensor) -> [[Int]: Double] {
    let (time, labelCount) = (matrix.shape[0], matrix.shape[1])
    var sums: [[Int]: Double] = [:]
    var path = [Int](repeating: 0, count: time)
    func walk(_ frame: Int, _ score: Double) {
      guard frame < time else {
        var labels: [Int] = []
        for (index, label) in path.enumerated()
        where label != 0 && (index == 0 || path[index - 1] != label) { labels.append(label) }
        sums[labels, default: 0] += exp(score)
        return
      }
      for label in 0..<labelCount {
        path[frame] = label
        walk(frame + 1, score + Double(matrix[frame, label]))
      }
    }
    walk(0, 0)
    return sums
  }

  /// The score of every text, texts with the same words taken together.
  func scores(_ matrix: Tensor) -> [String: Double] {
    var sums: [String: Double] = [:]
    for (labels, probability) in Self.probabilities(matrix) {
      let text = words(of: alphabet.decode(labels)).joined(separator: " ")
      guard let worth = worth(of: text) else { continue }
      sums[text, default: 0] += probability * exp(worth)
    }
    return sums.mapValues { log($0) }
  }

  private func words(of text: String) -> [String] {
    alphabet.wordDelimiterLabel == nil
      ? (text.isEmpty ? [] : [text]) : text.split(separator: " ").map(String.init)
  }

  /// What a text is worth besides its probability; nil if the lexicon does not have its words.
  private func worth(of text: String) -> Double? {
    let parts = self.words(of: text)
    let hotParts = hotWords.flatMap { $0.text.split(separator: " ").map(String.init) }
    if let lexicon, !parts.allSatisfy({ lexicon.contains($0) || hotParts.contains($0) }) {
      return nil
    }
    var worth = hotWorth(of: text)
    if let words {
      let (score, isUnknown) = words.sentence(parts, ends: configuration.sentenceEnd)
      worth += Double(configuration.languageModelWeight) * score
      worth += Double(configuration.wordBonus) * Double(parts.count)
      for (part, isUnknown) in zip(parts, isUnknown) where isUnknown && !hotParts.contains(part) {
        if lexicon?.contains(part) != true { worth += Double(configuration.unknownWordOffset) }
      }
    }
    if let characters {
      let letters = text.map { String($0) }
      worth +=
        Double(configuration.characterModelWeight)
        * characters.sentence(letters, ends: configuration.sentenceEnd).score
      worth += Double(configuration.characterBonus) * Double(letters.count)
    }
    return worth
  }

  /// The boosts of every place where a phrase stands.
  private func hotWorth(of text: String) -> Double {
    let isSpaced = alphabet.wordDelimiterLabel != nil
    let padded = Array(isSpaced ? " \(text) " : text)
    return hotWords.reduce(0) { sum, hot in
      let phrase = Array(isSpaced ? " \(hot.text) " : hot.text)
      guard padded.count >= phrase.count else { return sum }
      let places = (0...padded.count - phrase.count).count { place in
        padded[place..<place + phrase.count].elementsEqual(phrase)
      }
      let words = Float(hot.text.split(separator: " ").count)
      return sum + Double((hot.boost ?? configuration.hotWordBoost) * words) * Double(places)
    }
  }

  /// The search that should find the same.
  func search() throws -> PrefixBeamSearch {
    try PrefixBeamSearch(
      alphabet: alphabet, configuration: configuration, wordModel: words,
      characterModel: characters, lexicon: lexicon, hotWords: hotWords)
  }
}
