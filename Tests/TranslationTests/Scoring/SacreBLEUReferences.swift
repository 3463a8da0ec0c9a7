import Foundation
import Translation

/// What sacreBLEU says; `References/make_references.py` tells how it was made.
struct SacreBLEUReferences: Decodable {
  struct Tokens: Decodable {
    var text: String
    var thirteenA: [String]
    var none: [String]
    var char: [String]
    var intl: [String]

    enum CodingKeys: String, CodingKey {
      case text, none, char, intl
      case thirteenA = "13a"
    }
  }

  struct BLEURow: Decodable {
    var tokenizer: String
    var smoothing: String
    var value: Double?
    var lowercase: Bool
    var score: Double
    var precisions: [Double]
    var brevityPenalty: Double
    var hypothesisLength: Int
    var referenceLength: Int
    var signature: String
    var sentences: [Double]
  }

  struct ChrFRow: Decodable {
    var wordOrder: Int
    var characterOrder: Int
    var beta: Int
    var lowercase: Bool
    var whitespace: Bool
    var name: String
    var score: Double
    var signature: String
    var sentences: [Double]
  }

  struct Corpus: Decodable {
    var name: String
    var hypotheses: [String]
    var references: [[String]]
    var bleu: [BLEURow]
    var chrf: [ChrFRow]
  }

  struct BootstrapRow: Decodable {
    var metric: String
    var baseline: Double
    var system: Double
    var means: [Double]
    var halfWidths: [Double]
    var systemWins: Int
    var baselineWins: Int
    var pValue: Double
  }

  struct Bootstrap: Decodable {
    var baseline: [String]
    var system: [String]
    var references: [[String]]
    var draws: [[Int]]
    var results: [BootstrapRow]
  }

  var tokens: [Tokens]
  var corpora: [Corpus]
  var bootstrap: Bootstrap

  static func read() throws -> SacreBLEUReferences {
    let folder = Bundle.module.resourceURL ?? URL(filePath: "")
    let file = folder.appending(path: "References/sacrebleu.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

extension SacreBLEUReferences.BLEURow {
  var metric: BLEU? {
    guard let tokenizer = BLEU.Tokenizer(rawValue: tokenizer) else { return nil }
    var metric = BLEU()
    metric.tokenizer = tokenizer
    metric.lowercase = lowercase
    switch (smoothing, value) {
    case ("exp", nil): metric.smoothing = .exponential
    case ("floor", let value?): metric.smoothing = .floor(value)
    case ("add-k", let value?): metric.smoothing = .addK(value)
    case ("none", nil): metric.smoothing = .none
    default: return nil
    }
    return metric
  }
}

extension SacreBLEUReferences.ChrFRow {
  var metric: ChrF {
    var metric = ChrF(wordOrder: wordOrder, characterOrder: characterOrder, beta: beta)
    metric.lowercase = lowercase
    metric.whitespace = whitespace
    return metric
  }
}

/// Whether two scores are the same but for the order of additions.
func isClose(_ first: Double, _ second: Double) -> Bool {
  abs(first - second) <= 1e-10
}
