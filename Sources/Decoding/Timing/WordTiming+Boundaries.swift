extension WordTiming {
  /// A transcript whose words begin and end where they are said, not where the network said them.
  ///
  /// Words keep their order and do not overlap, lie inside `start...end`, and each has a length.
  /// Segments end with their words; the characters at the ends of a word reach as far as the word.
  ///
  /// Between two words, silence is the stretch with the largest sum of how far the loudness is below
  /// that of `silenceLevel`; without one as long as `minimumSilence` the next word begins where the
  /// offset says, and the one before it ends there. No word reaches further than `longestReach`.
  ///
  /// - Parameters:
  ///   - transcript: With the times of the decoder.
  ///   - start: When the input begins, in the unit of the transcript's times.
  ///   - end: When it ends.
  ///   - loudness: Of the input, from `start` on; nil for what is not sound.
  /// - Complexity: O(*words* · log *words* + *levels* · log *levels*).
  public func callAsFunction(
    _ transcript: Transcript, from start: Double = 0, to end: Double,
    loudness: LoudnessCurve? = nil
  ) -> Transcript {
    // Words written from right to left come in the opposite order of their times.
    let order = transcript.words.indices.sorted {
      (transcript.words[$0].start, $0) < (transcript.words[$1].start, $1)
    }
    var spans = order.map { index in
      let word = transcript.words[index]
      return TimeSpan(start: word.start - start, end: word.end - start)
    }
    spans = boundaries(of: spans, length: end - start, loudness)
    guard TimeSpan.part(&spans, length: end - start) else { return transcript }
    var result = transcript
    for (index, span) in zip(order, spans) {
      result.words[index].start = Transcript.milliseconds(span.start + start)
      result.words[index].end = Transcript.milliseconds(span.end + start)
    }
    result.alignSegmentsAndCharacters()
    return result
  }

  private func boundaries(
    of words: [TimeSpan], length: Double, _ loudness: LoudnessCurve?
  ) -> [TimeSpan] {
    let moved = words.map { TimeSpan(start: $0.start + startOffset, end: $0.end + endOffset) }
    guard let silenceLevel, let loudness, !loudness.levels.isEmpty else { return moved }
    let search = SilenceSearch(loudness, level: silenceLevel)
    var result = moved
    // Before the first word, between any two, and after the last.
    for gap in 0...words.count {
      let (isFirst, isLast) = (gap == 0, gap == words.count)
      let from = isFirst ? 0 : words[gap - 1].end + min(0, endOffset)
      let to = isLast ? length : words[gap].start
      let silence = search.silence(from: from, to: to, isAtStart: isFirst, isAtEnd: isLast)
      if let silence, silence.end - silence.start >= minimumSilence {
        if !isFirst { result[gap - 1].end = silence.start }
        if !isLast { result[gap].start = silence.end }
      } else if !isFirst, !isLast {
        let boundary = min(to, max(from, to + startOffset))
        (result[gap - 1].end, result[gap].start) = (boundary, boundary)
      } else if to - from <= longestReach {
        // So loud a beginning or end is the word's.
        if isFirst, !isLast { result[gap].start = from }
        if isLast, !isFirst { result[gap - 1].end = to }
      }
    }
    for (index, word) in words.enumerated() {
      result[index].start = max(result[index].start, word.start - longestReach)
      result[index].end = min(result[index].end, word.end + longestReach)
    }
    return result
  }
}

/// A stretch of time.
struct TimeSpan {
  var start: Double
  var end: Double

  /// The shortest that is not lost when times are rounded to the millisecond.
  private static let shortest = 0.001

  /// Makes spans follow each other inside `0...length`, each longer than nothing, with as little
  /// change as that takes: starts stay, ends give way to them.
  ///
  /// - Returns: False if so many do not fit.
  static func part(_ spans: inout [TimeSpan], length: Double) -> Bool {
    let unit = 2 * shortest
    guard length >= unit * Double(spans.count + 1) else { return false }
    var earliest = 0.0
    for index in spans.indices {
      let rest = Double(spans.count - index)
      spans[index].start = min(max(spans[index].start, earliest), length - unit * rest)
      earliest = spans[index].start + unit
    }
    for index in spans.indices {
      let limit = index + 1 < spans.count ? spans[index + 1].start : length
      spans[index].end = max(min(spans[index].end, limit), min(spans[index].start + unit, limit))
    }
    return true
  }
}

/// Looks for silence in a stretch of a recording.
private struct SilenceSearch {
  let hop: Double
  let loudness: LoudnessCurve
  /// How far each level is below that of silence, in decibels, limited so that no moment decides alone.
  let depths: [Float]

  private static let limit: Float = 6

  init(_ loudness: LoudnessCurve, level: Float) {
    let threshold = loudness.level(at: level)
    (self.loudness, hop) = (loudness, loudness.hop)
    depths = loudness.levels.map {
      $0.isNaN ? Self.limit : max(-Self.limit, min(Self.limit, threshold - $0))
    }
  }

  /// The stretch of the largest sum of depths inside `from...to` (Kadane's algorithm); nil if no sum
  /// is over 0.
  ///
  /// - Parameters:
  ///   - isAtStart: Whether the stretch must begin at `from`.
  ///   - isAtEnd: Whether it must end at `to`.
  func silence(from: Double, to: Double, isAtStart: Bool, isAtEnd: Bool) -> TimeSpan? {
    let (first, last) = (loudness.index(of: from), loudness.index(of: to))
    guard first < last else { return nil }
    var (best, found): (Float, Range<Int>?) = (0, nil)
    var (sum, begin): (Float, Int) = (0, first)
    for index in first..<last {
      if sum <= 0, !isAtStart { (sum, begin) = (0, index) }
      sum += depths[index]
      if isAtEnd ? index == last - 1 && sum > 0 : sum > best {
        (best, found) = (sum, begin..<index + 1)
      }
    }
    return found.map {
      TimeSpan(
        start: $0.lowerBound == first ? from : Double($0.lowerBound) * hop,
        end: $0.upperBound == last ? to : Double($0.upperBound) * hop)
    }
  }
}

extension Transcript {
  /// Lets segments and the characters at the ends of words reach as far as the words do.
  fileprivate mutating func alignSegmentsAndCharacters() {
    for index in segments.indices {
      let inside = words[segments[index].words]
      if let start = inside.map(\.start).min(), let end = inside.map(\.end).max() {
        (segments[index].start, segments[index].end) = (start, end)
      }
    }
    let delimiter = String(Alphabet.wordDelimiter)
    let runs = characters.indices.split { characters[$0].text == delimiter }
    guard runs.count == words.count else { return }
    for (run, word) in zip(runs, words) {
      let order = run.sorted { (characters[$0].start, $0) < (characters[$1].start, $1) }
      for index in order {
        characters[index].start = min(max(characters[index].start, word.start), word.end)
        characters[index].end = min(max(characters[index].end, word.start), word.end)
      }
      if let first = order.first { characters[first].start = word.start }
      if let last = order.last { characters[last].end = word.end }
    }
  }
}
