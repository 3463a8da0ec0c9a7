#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

import Tensors

/// Splits the same text into other pieces each time, so that a network learns how pieces are written and
/// not only those that are common.
///
/// With byte-pair encoding each merge is left out with a probability (BPE-dropout, Provilkov et al. 2020);
/// with the unigram model a split is drawn by its probability, raised to a power (subword regularisation,
/// Kudo 2018). Words are split one by one: no piece reaches over a space.
public struct SubwordSampler: Sendable {
  /// How splits vary.
  public enum Method: Sendable, Equatable {
    /// Merges are left out with this probability; 0 is the split that the model has.
    case dropout(Float)
    /// Splits are drawn by their probabilities to this power; 0 takes all alike, and the larger, the more
    /// likely is the best one.
    case unigram(power: Float)
  }

  private let model: SubwordModel
  private let method: Method
  private let tokens: [String: Int]
  private let scores: [Float]
  private let longest: Int
  private let unknownScore: Float

  /// A sampler of a model's pieces, which must have been learned by the method that is named.
  public init(_ model: SubwordModel, _ method: Method) {
    (self.model, self.method, scores) = (model, method, model.scores)
    let first = Vocabulary.specialTokens.count
    // Of pieces that are canonically equivalent the first is taken.
    tokens = Dictionary(
      zip(model.pieces[first...], first...), uniquingKeysWith: { earlier, _ in earlier })
    longest = model.pieces[first...].map(\.unicodeScalars.count).max() ?? 1
    // As SentencePiece does: much worse than the worst piece.
    unknownScore = (scores[first...].min() ?? 0) - 10
  }

  /// Pieces of a text.
  public func encode(_ text: String, random: inout RandomSource) -> [Int] {
    var result: [Int] = []
    var word: [Unicode.Scalar] = []
    for scalar in model.split(text).joined().unicodeScalars {
      if scalar == "\u{2581}", !word.isEmpty {
        append(word, to: &result, &random)
        word.removeAll(keepingCapacity: true)
      }
      word.append(scalar)
    }
    if !word.isEmpty { append(word, to: &result, &random) }
    return result
  }

  /// Unknown characters side by side are one unknown token, as SentencePiece has it.
  private func append(
    _ word: [Unicode.Scalar], to result: inout [Int], _ random: inout RandomSource
  ) {
    let pieces =
      switch method {
      case .dropout(let probability): merged(word, probability, &random)
      case .unigram(let power): drawn(word, power, &random)
      }
    for piece in pieces
    where piece != Vocabulary.unknownToken || result.last != Vocabulary.unknownToken {
      result.append(piece)
    }
  }

  private func token(_ scalars: ArraySlice<Unicode.Scalar>) -> Int? {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return tokens[String(view)]
  }

  /// The pieces of a word by merges: of those that are not left out, always the one learned first.
  private func merged(
    _ word: [Unicode.Scalar], _ probability: Float, _ random: inout RandomSource
  ) -> [Int] {
    var starts = Array(word.indices)
    while starts.count > 1 {
      var best: (place: Int, score: Float)?
      for place in 0..<starts.count - 1 {
        let end = place + 2 < starts.count ? starts[place + 2] : word.count
        guard let token = token(word[starts[place]..<end]) else { continue }
        if probability > 0, random.chance(probability) { continue }
        if scores[token] > best?.score ?? -.infinity { best = (place, scores[token]) }
      }
      guard let best else { break }
      starts.remove(at: best.place + 1)
    }
    return starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : word.count
      return token(word[starts[index]..<end]) ?? Vocabulary.unknownToken
    }
  }

  /// The pieces of a word, drawn backwards by the sums of the forward recursion.
  private func drawn(
    _ word: [Unicode.Scalar], _ power: Float, _ random: inout RandomSource
  ) -> [Int] {
    let ending = (1...word.count).map { edges(word, endingAt: $0) }
    var forward: [Float] = [0]
    for list in ending {
      let terms = list.map { forward[$0.start] + power * $0.score }
      let peak = terms.max() ?? 0
      forward.append(peak + log(terms.reduce(0) { $0 + exp($1 - peak) }))
    }
    var (pieces, end): ([Int], Int) = ([], word.count)
    while end > 0 {
      var rest = random.uniform()
      let list = ending[end - 1]
      var chosen = list[list.count - 1]
      for edge in list {
        rest -= exp(forward[edge.start] + power * edge.score - forward[end])
        if rest < 0 {
          chosen = edge
          break
        }
      }
      pieces.append(chosen.token)
      end = chosen.start
    }
    return pieces.reversed()
  }

  /// The pieces that end at a place; a character without one is unknown.
  private func edges(
    _ word: [Unicode.Scalar], endingAt end: Int
  ) -> [(start: Int, token: Int, score: Float)] {
    var list: [(start: Int, token: Int, score: Float)] = []
    for start in max(0, end - longest)..<end {
      if let token = token(word[start..<end]) {
        list.append((start, token, scores[token]))
      } else if start == end - 1 {
        list.append((start, Vocabulary.unknownToken, unknownScore))
      }
    }
    return list
  }
}
