import Decoding

/// Praat's long text form: a tier of words and one of characters, without gaps and overlaps.
struct TextGrid {
  private struct Interval {
    var start: Int
    var end: Int
    var text: String
  }

  private let words: [Interval]
  private let characters: [Interval]
  private let end: Int

  init(_ recording: TranscribedRecording) {
    let words = Self.parted(recording.transcript.words)
    let characters = Self.parted(recording.transcript.characters)
    // Parted intervals may reach a little further than the words did.
    let last = max(words.last?.end ?? 1, characters.last?.end ?? 1)
    end = max(recording.endMilliseconds, last)
    self.words = Self.filled(words, end: end)
    self.characters = Self.filled(characters, end: end)
  }

  /// What can be seen, in the order of time: none begins before the one before ends, all last.
  private static func parted(_ spans: [Transcript.Word]) -> [Interval] {
    let sorted = spans.enumerated().sorted {
      ($0.element.start.milliseconds, $0.offset) < ($1.element.start.milliseconds, $1.offset)
    }.map(\.element)
    var intervals: [Interval] = []
    for span in sorted {
      let text = PlainText.line(span.text)
      guard !text.isEmpty else { continue }
      var start = span.start.milliseconds
      if let last = intervals.last, last.end > start {
        // Of two at the same time the first gives way, as far as something is left of it.
        intervals[intervals.count - 1].end = max(last.start + 1, start)
        start = intervals[intervals.count - 1].end
      }
      intervals.append(
        Interval(start: start, end: max(span.end.milliseconds, start + 1), text: text))
    }
    return intervals
  }

  private static func filled(_ intervals: [Interval], end: Int) -> [Interval] {
    var result: [Interval] = []
    var clock = 0
    for interval in intervals {
      if interval.start > clock {
        result.append(Interval(start: clock, end: interval.start, text: ""))
      }
      result.append(interval)
      clock = interval.end
    }
    if clock < end { result.append(Interval(start: clock, end: end, text: "")) }
    return result
  }

  /// The file.
  var text: String {
    let limit = TimeText.seconds(end)
    return """
      File type = "ooTextFile"
      Object class = "TextGrid"

      xmin = 0
      xmax = \(limit)
      tiers? <exists>
      size = 2
      item []:

      """ + tier(1, "words", words) + tier(2, "characters", characters)
  }

  private func tier(_ number: Int, _ name: String, _ intervals: [Interval]) -> String {
    var text = """
          item [\(number)]:
              class = "IntervalTier"
              name = "\(name)"
              xmin = 0
              xmax = \(TimeText.seconds(end))
              intervals: size = \(intervals.count)

      """
    for (index, interval) in intervals.enumerated() {
      text += """
                intervals [\(index + 1)]:
                    xmin = \(TimeText.seconds(interval.start))
                    xmax = \(TimeText.seconds(interval.end))
                    text = "\(PlainText.replacing(interval.text) { $0 == "\"" ? "\"\"" : nil })"

        """
    }
    return text
  }
}
