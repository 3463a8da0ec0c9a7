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

  /// An upper bound of what a letter adds to the rank.
  var largestLetterGain: Float {
    var gain: Float = 0
    if words != nil, configuration.lookAhead {
      let best = table?.entries[0].lookAhead ?? 0
      gain += max(0, configuration.wordBonus + configuration.languageModelWeight * min(best, 0))
    }
    if characters != nil { gain += max(0, configuration.characterBonus) }
    if let hotWords { gain += hotWords.largestLoan + (delimiter == nil ? hotWords.largestGain : 0) }
    return gain
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
      lend(&next, table)
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

  /// Ranks an unfinished word by what it may become.
  private func lend(_ worth: inout PrefixWorth, _ table: WordTable) {
    guard words != nil else { return }
    let isUnknown = worth.word == WordTable.unknown
    if configuration.lookAhead {
      worth.lent += configuration.wordBonus
      worth.lent +=
        isUnknown
        ? unknownWordLoan
        : configuration.languageModelWeight * table.entries[Int(worth.word)].lookAhead
    } else if isUnknown {
      worth.lent += min(0, unknownWordLoan)
    }
  }
}
