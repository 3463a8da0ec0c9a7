import Decoding

/// Pairs the utterances of an STM file with the words of a CTM file, as sclite does.
public enum TimedPairs {
  /// The text of segments that do not count, nor what was heard during them.
  public static let ignored = "IGNORE_TIME_SEGMENT_IN_SCORING"

  /// The utterances in the order of the reference, each with the words heard during it.
  ///
  /// A word belongs to the segment of its waveform and channel that its middle lies in, or to the
  /// nearest one, where it is an insertion. Words of a waveform or channel that the reference does
  /// not have are left out. O(*words* · log *segments*).
  public static func pairs(
    reference: [STMFile.Row], hypothesis: [CTMFile.Row]
  ) -> [TranscriptFile.Pair] {
    let segments = Dictionary(grouping: reference.indices) { Track(reference[$0]) }
      .mapValues { $0.sorted { reference[$0].start < reference[$1].start } }
    var words = [[String]](repeating: [], count: reference.count)
    for word in hypothesis.sorted(by: { $0.start < $1.start }) {
      let track = Track(waveform: word.waveform, channel: word.channel)
      guard let candidates = segments[track] else { continue }
      words[nearest(to: word.start + word.duration / 2, candidates, reference)].append(word.word)
    }
    return reference.indices.filter { reference[$0].text != ignored }.map { index in
      let row = reference[index]
      return TranscriptFile.Pair(
        id: "\(row.waveform)-\(row.channel)-\(row.start)", speaker: row.speaker,
        reference: row.text, hypothesis: words[index].joined(separator: " "), line: index + 1)
    }
  }

  private struct Track: Hashable {
    var waveform: String
    var channel: String

    init(waveform: String, channel: String) {
      // sclite takes no notice of capitals here.
      (self.waveform, self.channel) = (waveform.lowercased(), channel.lowercased())
    }

    init(_ row: STMFile.Row) { self.init(waveform: row.waveform, channel: row.channel) }
  }

  /// The segment around a time, or the one whose border is nearest.
  ///
  /// - Parameter order: Positions in `rows`, by their starts; not empty.
  private static func nearest(to time: Double, _ order: [Int], _ rows: [STMFile.Row]) -> Int {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[order[middle]].start <= time { low = middle + 1 } else { high = middle }
    }
    // The last that has begun, and the first that has not.
    let around = [low - 1, low].filter(order.indices.contains).map { order[$0] }
    func distance(_ index: Int) -> Double {
      max(rows[index].start - time, time - rows[index].end, 0)
    }
    return around.min { distance($0) < distance($1) } ?? order[0]
  }
}
