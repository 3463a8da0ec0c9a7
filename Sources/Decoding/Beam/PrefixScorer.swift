/// What a prefix is worth besides the probability that the signal says it.
struct PrefixWorth {
  /// The node of the unfinished word in the ``WordTable``; its root between words.
  var word = WordTable.root
  /// The state of the ``HotWordAutomaton``.
  var hot = HotWordAutomaton.start
  /// The states of the models, as places in the list of states.
  var wordState: Int32 = 0
  var characterState: Int32 = 0
  /// The weighted log-probabilities of the models over what is finished.
  var language: Float = 0
  /// What words, characters and hot phrases added.
  var bonus: Float = 0
  /// What the unfinished word and hot phrase lend to the rank.
  var lent: Float = 0
}

/// Scores prefixes by language models, lexicon and hot words.
struct PrefixScorer: Sendable {
  var configuration: DecodingConfiguration
  let delimiter: Int32?
  let words: (any LanguageModel)?
  let characters: (any LanguageModel)?
  /// The identifiers of the labels in the character model.
  let characterTokens: [UInt32]
  /// The known words; nil if every sequence of labels will do.
  let table: WordTable?
  let hotWords: HotWordAutomaton?
  /// The log-probability of an unknown word without context.
  let unknownWordScore: Float

  /// What an unknown word lends to the rank.
  private var unknownWordLoan: Float {
    configuration.languageModelWeight * unknownWordScore + configuration.unknownWordOffset
  }

  /// The states of both models before the first label.
  var initialStates: [LanguageModelState] {
    [words?.begin() ?? LanguageModelState(), characters?.begin() ?? LanguageModelState()]
  }

  /// The worth of the empty prefix.
  var initialWorth: PrefixWorth { PrefixWorth(characterState: 1) }

  /// Upper bounds of what a letter adds to the rank of a prefix.
  func letterGain(of worth: PrefixWorth) -> LetterGain {
    var other: Float = 0
    if characters != nil { other += max(0, configuration.characterBonus) }
    if let hotWords {
      other += hotWords.largestLoan + (delimiter == nil ? hotWords.largestGain : 0)
    }
    guard let table else { return LetterGain(branches: .max, known: other, unknown: other) }
    let now = worth.word == WordTable.root ? 0 : loan(of: worth.word, table)
    // The look-ahead of a node is the largest of those below it.
    let known = max(0, loan(of: worth.word, table) - now)
    let unknown = table.isClosed ? -.infinity : loan(of: WordTable.unknown, table) - now
    return LetterGain(
      branches: table.branches(of: worth.word), known: known + other, unknown: unknown + other)
  }

  /// An upper bound of what a delimiter adds to the worth that is not lent.
  var largestDelimiterGain: Float {
    var gain: Float = 0
    if words != nil { gain += max(0, configuration.wordBonus) }
    if characters != nil { gain += max(0, configuration.characterBonus) }
    if let hotWords { gain += hotWords.largestGain + hotWords.largestLoan }
    return gain
  }

  /// The worth of a prefix with one label more; nil if the lexicon does not allow it.
  func extend(
    _ worth: PrefixWorth, by label: Int32, states: inout [LanguageModelState]
  ) -> PrefixWorth? {
    var next = worth
    next.lent = 0
    if label == delimiter {
      guard closeWord(&next, &states) else { return nil }
      next.word = WordTable.root
    } else if let table {
      next.word = table.next(worth.word, label)
      if next.word == WordTable.unknown, table.isClosed { return nil }
      next.lent = loan(of: next.word, table)
    }
    if let characters {
      var state = states[Int(worth.characterState)]
      let score = characters.score(characterTokens[Int(label)], after: &state)
      next.language += configuration.characterModelWeight * score
      next.bonus += configuration.characterBonus
      next.characterState = Int32(states.count)
      states.append(state)
    }
    if let hotWords {
      next.hot = hotWords.next(worth.hot, label)
      next.bonus += hotWords.earned(from: worth.hot, by: label, to: next.hot)
      next.lent += hotWords.lent(next.hot)
    }
    return next
  }

  /// The worth of a prefix as a whole text; nil if its last word is not one of the lexicon.
  func finish(_ worth: PrefixWorth, states: [LanguageModelState]) -> PrefixWorth? {
    var (end, states) = (worth, states)
    end.lent = 0
    guard closeWord(&end, &states) else { return nil }
    if let hotWords { end.bonus += hotWords.earnedAtEnd(worth.hot) }
    guard configuration.sentenceEnd else { return end }
    if let words {
      end.language +=
        configuration.languageModelWeight * words.endScore(after: states[Int(end.wordState)])
    }
    if let characters {
      end.language +=
        configuration.characterModelWeight
        * characters.endScore(after: states[Int(end.characterState)])
    }
    return end
  }

  /// Whether letters stand after the last delimiter.
  private func isInWord(_ worth: PrefixWorth) -> Bool { worth.word != WordTable.root }

  /// Scores the word that ends, if there is one; false if the lexicon does not have it.
  private func closeWord(
    _ worth: inout PrefixWorth, _ states: inout [LanguageModelState]
  ) -> Bool {
    guard let table, isInWord(worth) else { return true }
    let entry =
      worth.word == WordTable.unknown
      ? WordTable.Entry(token: 0, isWord: false, lookAhead: 0) : table.entries[Int(worth.word)]
    if table.isClosed, !entry.isWord { return false }
    guard let words else { return true }
    var state = states[Int(worth.wordState)]
    var score = words.score(entry.isWord ? entry.token : words.unknownToken, after: &state)
    score *= configuration.languageModelWeight
    if !entry.isWord { score += configuration.unknownWordOffset }
    worth.language += score
    worth.bonus += configuration.wordBonus
    worth.wordState = Int32(states.count)
    states.append(state)
    return true
  }

  /// What an unfinished word lends to the rank, by what it may become.
  private func loan(of word: Int32, _ table: WordTable) -> Float {
    guard words != nil else { return 0 }
    let isUnknown = word == WordTable.unknown
    guard configuration.lookAhead else { return isUnknown ? min(0, unknownWordLoan) : 0 }
    return configuration.wordBonus
      + (isUnknown
        ? unknownWordLoan
        : configuration.languageModelWeight * table.entries[Int(word)].lookAhead)
  }
}

/// Upper bounds of what a letter adds to the rank of a prefix.
struct LetterGain {
  /// The labels, modulo 64, that may lead on to a known word.
  var branches: UInt64
  /// For these labels.
  var known: Float
  /// For all others.
  var unknown: Float
}
