import Decoding

/// A run of words with the segment's times, in milliseconds.
struct TimedLine {
  var start: Int
  var end: Int
  var text: String

  /// The segments that have words, in order: each begins at or after the one before ends, and lasts.
  static func lines(of transcript: Transcript) -> [TimedLine] {
    var lines: [TimedLine] = []
    var clock = 0
    for words in transcript.wordsOfSegments {
      let text = PlainText.line(words.map(\.text).joined(separator: " "))
      guard !text.isEmpty else { continue }
      let start = max(words.map(\.start.milliseconds).min() ?? 0, clock)
      let end = max(words.map(\.end.milliseconds).max() ?? 0, start + 1)
      lines.append(TimedLine(start: start, end: end, text: text))
      clock = end
    }
    return lines
  }
}

/// Whisper's table: start, end and text of each segment, in whole milliseconds.
///
/// Of several recordings the last column names the file, so that readers of the first three still can.
enum SegmentTable {
  static func text(_ recordings: [TranscribedRecording], withFiles: Bool) -> String {
    var text = "start\tend\ttext" + (withFiles ? "\tfile\n" : "\n")
    for recording in recordings {
      for line in TimedLine.lines(of: recording.transcript) {
        text += "\(line.start)\t\(line.end)\t\(line.text)"
        text += withFiles ? "\t\(PlainText.line(recording.file))\n" : "\n"
      }
    }
    return text
  }
}

/// NIST's time-marked words: waveform, channel, start, duration, word, confidence.
///
/// Sorted by waveform, channel and start, as sclite needs it.
enum WordTable {
  static func text(_ recordings: [TranscribedRecording]) -> String {
    var text = ";; waveform channel start duration word confidence\n"
    for recording in recordings.sortedByName {
      let place = "\(PlainText.name(recording.name)) \(recording.channel)"
      let words = recording.transcript.words.enumerated().sorted {
        ($0.element.start.milliseconds, $0.offset) < ($1.element.start.milliseconds, $1.offset)
      }
      for (_, word) in words {
        let field = PlainText.field(word.text)
        guard !field.isEmpty else { continue }
        let (start, end) = (word.start.milliseconds, word.end.milliseconds)
        text += "\(place) \(TimeText.seconds(start)) \(TimeText.seconds(max(0, end - start))) "
        text += "\(field) \(confidence(word.confidence))\n"
      }
    }
    return text
  }

  /// Four decimals.
  private static func confidence(_ value: Float) -> String {
    let scaled = value >= 0 ? Int((min(value, 1) * 10_000).rounded()) : 0
    let digits = String(scaled % 10_000)
    return "\(scaled / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// NIST's segment time marks: waveform, channel, speaker, start, end, labels and text.
enum SegmentTranscript {
  static func text(_ recordings: [TranscribedRecording]) -> String {
    var text = ";; waveform channel speaker start end <labels> text\n"
    for recording in recordings.sortedByName {
      // Nobody looked who speaks; sclite groups by speaker, and a recording is the best guess.
      let name = PlainText.name(recording.name)
      for line in TimedLine.lines(of: recording.transcript) {
        let times = "\(TimeText.seconds(line.start)) \(TimeText.seconds(line.end))"
        text += "\(name) \(recording.channel) \(name) \(times) <O> \(line.text)\n"
      }
    }
    return text
  }
}

extension [TranscribedRecording] {
  /// In the order of the bytes of their names and of their channels; equal ones stay as they are.
  var sortedByName: [TranscribedRecording] {
    let keyed = map { (key: [UInt8](PlainText.name($0.name).utf8), recording: $0) }
    return keyed.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if first.key != second.key { return first.key.lexicographicallyPrecedes(second.key) }
      return (first.recording.channel, left.offset) < (second.recording.channel, right.offset)
    }.map(\.element.recording)
  }
}
