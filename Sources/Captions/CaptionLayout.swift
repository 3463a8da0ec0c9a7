import Decoding

/// How the segments of a transcript are broken into captions.
///
/// Words fill a line, lines fill a caption, first come first served. A caption also ends with its
/// segment, at a pause, and before it gets too long to read.
public struct CaptionLayout: Sendable, Equatable {
  /// The longest line in graphemes; a longer word has a line of its own.
  public var maximumLineWidth = 42
  /// The most lines of a caption.
  public var maximumLineCount = 2
  /// The most words of a line; nil for any number.
  public var maximumWordsPerLine: Int?
  /// The longest caption in seconds; a longer word has a caption of its own.
  public var maximumDuration = 7.0
  /// The longest silence inside a caption, in seconds.
  public var maximumPause = 1.5
  /// The seconds that a caption stays at least, where nothing follows sooner.
  public var minimumDuration = 1.0

  /// Two lines of 42 characters, up to 7 seconds: what broadcasters recommend.
  public init() {}

  /// The captions of a transcript, in order: no two at the same time, none without a duration.
  ///
  /// - Parameter limit: No caption is held longer than to this time in milliseconds, if it has words
  ///   that end before it.
  public func captions(of transcript: Transcript, limit: Int = .max) -> [Caption] {
    precondition(
      maximumLineWidth > 0 && maximumLineCount > 0 && maximumWordsPerLine ?? 1 > 0,
      "CaptionLayout: \(maximumLineWidth) graphemes, \(maximumLineCount) lines, "
        + "\(maximumWordsPerLine ?? 1) words, expected 1 or more of each")
    var captions: [Caption] = []
    var clock = 0
    for words in transcript.wordsOfSegments {
      var open: [Caption.Word] = []
      for word in words {
        let text = PlainText.line(word.text)
        guard !text.isEmpty else { continue }
        // Words may be heard out of order where letters are not spoken as they are written.
        let start = max(word.start.milliseconds, clock)
        let end = max(word.end.milliseconds, start)
        clock = start
        open.append(Caption.Word(text: text, start: start, end: end))
      }
      captions += broken(open)
    }
    return timed(captions, limit: limit)
  }

  private func broken(_ words: [Caption.Word]) -> [Caption] {
    var captions: [Caption] = []
    var (width, last) = (0, 0)
    for word in words {
      let wordWidth = word.text.count
      defer { last = word.end }
      guard var caption = captions.last, continues(caption, word, after: last) else {
        captions.append(Caption(start: word.start, end: word.end, lines: [[word]]))
        width = wordWidth
        continue
      }
      let line = caption.lines.count - 1
      if width + 1 + wordWidth <= maximumLineWidth,
        caption.lines[line].count < maximumWordsPerLine ?? .max
      {
        caption.lines[line].append(word)
        width += 1 + wordWidth
      } else if caption.lines.count < maximumLineCount {
        caption.lines.append([word])
        width = wordWidth
      } else {
        caption = Caption(start: word.start, end: word.end, lines: [[word]])
        captions.append(caption)
        width = wordWidth
      }
      caption.end = max(caption.end, word.end)
      captions[captions.count - 1] = caption
    }
    return captions
  }

  private func continues(_ caption: Caption, _ word: Caption.Word, after last: Int) -> Bool {
    word.start - last <= maximumPause.milliseconds
      && max(word.end, caption.end) - caption.start <= maximumDuration.milliseconds
  }

  /// Parts captions that overlap, and holds short ones where there is room.
  private func timed(_ captions: [Caption], limit: Int) -> [Caption] {
    var result = captions
    var clock = 0
    for index in result.indices {
      let start = max(result[index].start, clock)
      var end = max(result[index].end, start + 1)
      let isLast = index + 1 == result.count
      let next = isLast ? max(limit, end) : result[index + 1].start
      if end > next {
        end = max(start + 1, next)
      } else {
        end = max(end, min(start + minimumDuration.milliseconds, next))
      }
      (result[index].start, result[index].end, clock) = (start, end, end)
    }
    return result
  }
}

extension Transcript {
  /// The words of each segment; those that no segment has, which a decoder never leaves, at the end.
  var wordsOfSegments: [ArraySlice<Word>] {
    var slices: [ArraySlice<Word>] = []
    var next = 0
    for segment in segments {
      let range = segment.words.clamped(to: next..<max(next, words.count))
      // A gap before a segment is part of it.
      if range.upperBound > next { slices.append(words[next..<range.upperBound]) }
      next = max(next, range.upperBound)
    }
    if next < words.count { slices.append(words[next...]) }
    return slices
  }
}
