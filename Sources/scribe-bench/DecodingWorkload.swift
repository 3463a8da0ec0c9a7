import Decoding
import Files
import Foundation
import NGrams
import Tensors

/// Sentences of an invented language, a language model of many such sentences, and what a network
/// might hear of a few of them.
///
/// Nothing is read, so that the work is the same wherever it is timed; ``export(to:)`` hands it to
/// other decoders.
struct DecodingWorkload {
  static let frameCount = 500
  static let letters = " 'abcdefghijklmnopqrstuvwxyz"

  let alphabet: Alphabet
  let model: NGramModel
  /// `[time, label]` of each utterance.
  let utterances: [Tensor]

  /// - Parameters:
  ///   - folder: Where the text of the language model is put while it is counted.
  init(folder: String, utteranceCount: Int = 5) throws {
    let alphabet = try Alphabet(Self.letters)
    self.alphabet = alphabet
    var language = Language()
    let text = folder + "/text.txt"
    let sentences = (0..<60_000).map { _ in language.sentence() }
    try AtomicFile.write(Array(sentences.joined(separator: "\n").utf8), to: text)
    var estimator = NGramEstimator()
    estimator.pruning = [0, 0, 1]
    model = try estimator.estimate([text]).model
    var random = RandomSource(seed: 6)
    utterances = try (0..<utteranceCount).map { _ in
      let heard = (language.sentence() + " " + language.sentence()).prefix(120)
      return try Self.heard(alphabet.encode(String(heard)), alphabet.labelCount, &random)
    }
  }

  /// Three frames of each letter between blanks, with noise, every seventh letter with a rival.
  private static func heard(
    _ labels: [Int], _ labelCount: Int, _ random: inout RandomSource
  ) -> Tensor {
    let strength: Float = 7
    var logits = (0..<frameCount * labelCount).map { _ in random.normal() }
    for frame in 0..<frameCount { logits[frame * labelCount] += 0.9 * strength }
    let step = Double(frameCount) / Double(labels.count + 1)
    for (index, label) in labels.enumerated() {
      let first = Int((Double(index) + 0.5) * step)
      let rival = random.chance(1 / 7) ? random.integer(in: 1...labelCount - 1) : nil
      let boost = strength * random.uniform(in: 0.6...1.05)
      for row in first..<min(first + 3, frameCount) {
        logits[row * labelCount] -= 0.9 * strength
        logits[row * labelCount + label] += strength
        if let rival { logits[row * labelCount + rival] += boost }
      }
    }
    return Tensor(logits, shape: [frameCount, labelCount]).logSoftmax()
  }

  /// Writes the language model as `lm.arpa`, its words as `words.txt`, and the log-probabilities as
  /// 32-bit floats, `0.f32` and so on.
  func export(to folder: String) throws {
    try model.writeARPA(to: folder + "/lm.arpa")
    let words = NGramLanguageModel(model).vocabulary.map(\.text)
    try AtomicFile.write(Array(words.joined(separator: "\n").utf8), to: folder + "/words.txt")
    for (index, rows) in utterances.enumerated() {
      let bytes = rows.withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }
      try AtomicFile.write(bytes, to: "\(folder)/\(index).f32")
    }
  }
}

/// Words of Zipf's frequencies, each followed by a few that it prefers.
private struct Language {
  private static let wordCount = 17_000
  private let words: [String]
  private let cumulative: [Float]
  private var random = RandomSource(seed: 5)

  init() {
    var random = random.stream(1)
    var known: Set<String> = []
    var words: [String] = []
    while words.count < Self.wordCount {
      let length = min(1 + words.count / 20, random.integer(in: 2...10))
      let word = String((0..<length).map { Self.letter($0, &random) })
      if known.insert(word).inserted { words.append(word) }
    }
    self.words = words
    var sum: Float = 0
    cumulative = words.indices.map { index in
      sum += 1 / Float(index + 3)
      return sum
    }
  }

  /// Vowels and consonants in turn, the frequent ones more often.
  private static func letter(_ place: Int, _ random: inout RandomSource) -> Character {
    let letters = Array(place % 2 == 0 ? "tnsrhldcmfpgwybvkxjqz" : "eaoiu")
    let share = random.uniform() * random.uniform()
    return letters[min(Int(share * Float(letters.count)), letters.count - 1)]
  }

  mutating func sentence() -> String {
    var sentence: [Int] = []
    for _ in 0..<random.integer(in: 7...14) {
      let any = draw()
      // A word is followed by one of eight that depend on it half the time.
      let last = sentence.last ?? 0
      let friend = (last &* 7919 &+ random.integer(in: 1...8) &* 104_729) % Self.wordCount
      sentence.append(random.chance(0.5) ? friend % 400 : any)
    }
    return sentence.map { words[$0] }.joined(separator: " ")
  }

  private mutating func draw() -> Int {
    let point = random.uniform() * cumulative[cumulative.count - 1]
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] < point { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
