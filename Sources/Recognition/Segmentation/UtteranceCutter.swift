import Audio

/// A stretch of a recording that goes through the network at once.
///
/// All positions are samples from the start of the recording.
package struct UtterancePiece: Equatable, Sendable {
  /// What is heard: the part whose results count, with context on both sides.
  package var span: Range<Int>
  /// The part whose results count.
  package var core: Range<Int>
  /// Where the utterance begins that this is a piece of.
  package var utteranceStart: Int
  /// Whether the utterance ends with this piece.
  package var isLast: Bool
}

/// Makes pieces of utterances from decisions about speech, as they come.
///
/// An utterance is speech with its short pauses and some padding; see ``SegmentationConfiguration``.
/// Pieces of one utterance begin whole multiples of a frame of the network apart, so that each frame
/// hears the same samples as in one pass.
package struct UtteranceCutter {
  private let hop: Int
  /// Samples for a frame of the network.
  private let quantum: Int
  private let maximum: Int
  private let pause: Int
  private let padding: Int
  private let context: Int
  private let short: Int
  private let breath: Int

  private var position = 0
  private var utterance: Open?
  /// Where the last utterance ended.
  private var end = 0

  /// An utterance that goes on.
  private struct Open {
    var start: Int
    var pieceStart: Int
    var speechEnd: Int
    /// Pauses that may end a piece, by the samples between the words.
    var pauses: [Range<Int>] = []
  }

  /// An utterance shorter than this many seconds waits for a longer pause.
  private static let shortDuration = 2.0
  /// The shortest pause, in seconds, in which an utterance ends that would get too long: longer than
  /// the closure of a stop.
  private static let breathDuration = 0.2

  /// A cutter for a configuration.
  ///
  /// - Parameters:
  ///   - hop: Samples for each decision.
  ///   - quantum: Samples for each frame that comes out of the network.
  package init(_ configuration: SegmentationConfiguration, sampleRate: Int, hop: Int, quantum: Int)
  {
    func samples(_ seconds: Double) -> Int { Int(seconds * Double(sampleRate)) }
    (self.hop, self.quantum) = (hop, quantum)
    pause = max(hop, samples(configuration.minimumPause))
    padding = min(samples(configuration.padding), pause / 2)
    short = samples(Self.shortDuration)
    breath = samples(Self.breathDuration)
    maximum = max(samples(configuration.maximumDuration), 2 * padding + hop, 4 * quantum)
    // At least half of a piece must count.
    let frames = min(samples(configuration.overlap) / 2, maximum / 4) / quantum
    context = frames * quantum
  }

  /// The first sample that may still be wanted.
  package var firstNeeded: Int {
    guard let utterance else { return max(end, position - padding) }
    return max(utterance.start, utterance.pieceStart - context)
  }

  /// Takes in the next decision.
  ///
  /// - Parameter sampleCount: The samples that there are in all, as far as is known.
  /// - Returns: The piece that is complete, if any.
  package mutating func push(_ isSpeech: Bool, sampleCount: Int) -> UtterancePiece? {
    let now = position
    position += hop
    guard var open = utterance else {
      guard isSpeech else { return nil }
      let start = max(end, now - padding)
      utterance = Open(start: start, pieceStart: start, speechEnd: position)
      return nil
    }
    if isSpeech {
      if now > open.speechEnd { open.pauses.append(open.speechEnd..<now) }
      open.speechEnd = position
      utterance = open
    }
    let isShort = open.speechEnd - open.start < short
    if position - open.speechEnd >= (isShort ? 2 * pause : pause) {
      return close(at: min(open.speechEnd + padding, sampleCount))
    }
    return position - open.pieceStart > maximum ? cut(open) : nil
  }

  /// Ends the recording.
  ///
  /// - Returns: The last piece, if an utterance was open.
  package mutating func finish(sampleCount: Int) -> UtterancePiece? {
    guard let open = utterance else { return nil }
    return close(at: min(open.speechEnd + padding, sampleCount))
  }

  /// Ends the utterance, whose words ended before the last decision.
  private mutating func close(at last: Int) -> UtterancePiece? {
    guard let open = utterance else { return nil }
    utterance = nil
    end = max(open.pieceStart, last)
    return piece(open, to: end, isLast: true)
  }

  private func piece(_ open: Open, to last: Int, isLast: Bool) -> UtterancePiece {
    let first = max(open.start, open.pieceStart - context)
    return UtterancePiece(
      span: first..<(isLast ? last : last + context), core: open.pieceStart..<last,
      utteranceStart: open.start, isLast: isLast)
  }

  /// Ends an utterance in a breath, or a piece of it anywhere.
  private mutating func cut(_ open: Open) -> UtterancePiece {
    let middle = open.pieceStart + maximum / 2
    let late = open.pauses.filter { $0.lowerBound >= middle && $0.count >= breath }
    if let longest = late.max(by: { $0.count < $1.count }) {
      let half = longest.count / 2
      let last = longest.lowerBound + min(half, padding)
      end = longest.upperBound - min(half, padding)
      utterance = Open(
        start: end, pieceStart: end, speechEnd: open.speechEnd,
        pauses: open.pauses.filter { $0.lowerBound >= longest.upperBound })
      return piece(open, to: last, isLast: true)
    }
    // Both contexts belong to what the network takes at once.
    let length = (maximum - 2 * context) / quantum * quantum
    let seam = open.pieceStart + length
    utterance?.pieceStart = seam
    utterance?.pauses = open.pauses.filter { $0.lowerBound >= seam }
    return piece(open, to: seam, isLast: false)
  }
}
