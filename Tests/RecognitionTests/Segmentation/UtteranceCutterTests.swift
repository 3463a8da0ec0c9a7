import Recognition
import Tensors
import Testing

@Suite struct UtteranceCutterTests {
  private let rate = 1000
  private let hop = 10
  private let quantum = 30

  /// Pieces of at most ten seconds, cut in pauses of half a second.
  private var configuration: SegmentationConfiguration {
    var configuration = SegmentationConfiguration()
    configuration.maximumDuration = 10
    configuration.minimumPause = 0.5
    configuration.padding = 0.2
    configuration.overlap = 2
    return configuration
  }

  private func pieces(_ flags: [Bool]) -> [UtterancePiece] {
    var cutter = UtteranceCutter(configuration, sampleRate: rate, hop: hop, quantum: quantum)
    let count = flags.count * hop
    var found: [UtterancePiece] = []
    for flag in flags {
      if let piece = cutter.push(flag, sampleCount: count) {
        // What a piece hears was not let go of, nor is it still to come.
        #expect(piece.span.upperBound <= count)
        found.append(piece)
      }
    }
    if let piece = cutter.finish(sampleCount: count) { found.append(piece) }
    return found
  }

  /// Stretches of speech and pause in turn, in hops, speech first.
  private func flags(_ stretches: [Int]) -> [Bool] {
    stretches.enumerated().flatMap { [Bool](repeating: $0 % 2 == 0, count: $1) }
  }

  @Test func speechBetweenLongPausesIsAnUtteranceWithPadding() {
    let found = pieces([Bool](repeating: false, count: 100) + flags([300, 70, 250, 100]))
    #expect(found.map(\.core) == [800..<4200, 4500..<7400])
    #expect(found.map(\.span) == found.map(\.core))
    #expect(found.allSatisfy { $0.isLast && $0.utteranceStart == $0.core.lowerBound })
  }

  @Test func shortPausesAndShortWordsStayTogether() {
    #expect(pieces(flags([300, 49, 300, 200])).map(\.core) == [0..<6690])
    #expect(
      pieces(flags([50, 90, 300, 200])).map(\.core) == [0..<4600],
      "a single word waits for a pause of a second")
    #expect(pieces(flags([50, 110, 300, 200])).count == 2)
  }

  @Test func whatWouldGetTooLongEndsInItsLongestLateBreath() {
    let found = pieces(flags([300, 30, 300, 25, 200, 40, 300, 100]))
    #expect(found.count == 2 && found.allSatisfy { $0.isLast })
    // The breath from 8.55 to 8.95 s is shared.
    #expect(found.map(\.core) == [0..<8750, 8750..<12_150])
  }

  @Test func speechWithoutBreathGoesOnInOverlappingPieces() {
    let found = pieces(flags([2500, 100]))
    #expect(found.map(\.isLast) == [false, false, true])
    #expect(found.map(\.core) == [0..<8010, 8010..<16_020, 16_020..<25_200])
    #expect(found.map(\.span) == [0..<9000, 7020..<17_010, 15_030..<25_200])
    #expect(found.allSatisfy { $0.utteranceStart == 0 })
  }

  @Test func nothingIsNothing() {
    #expect(pieces([]).isEmpty)
    #expect(pieces([Bool](repeating: false, count: 5000)).isEmpty)
    #expect(pieces([true]).map(\.core) == [0..<10])
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func everythingThatIsSaidIsHeardOnce(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let longest = [20, 100, 400, 3000][Int(seed % 4)]
    let all = flags(
      (0..<60).map { index in
        index % 2 == 0 ? random.integer(in: 1...longest) : random.integer(in: 1...80)
      })
    let found = pieces(all)
    var heard = [Int](repeating: 0, count: all.count * hop)
    for piece in found { for sample in piece.core { heard[sample] += 1 } }
    for (index, isSpeech) in all.enumerated() {
      let hop = heard[index * hop..<(index + 1) * hop]
      #expect(hop.allSatisfy { isSpeech ? $0 == 1 : $0 <= 1 }, "seed \(seed), hop \(index)")
    }
    for (index, piece) in found.enumerated() {
      #expect(piece.span.lowerBound <= piece.core.lowerBound)
      #expect(piece.core.upperBound <= piece.span.upperBound)
      // What ends the piece may lag behind by a pause and some padding.
      #expect(piece.span.count <= 10_000 + 1000 + hop, "seed \(seed): \(piece)")
      #expect((piece.span.lowerBound - piece.utteranceStart) % quantum == 0)
      #expect((piece.core.lowerBound - piece.span.lowerBound) % quantum == 0)
      guard index > 0 else { continue }
      let before = found[index - 1]
      #expect(before.core.upperBound <= piece.core.lowerBound)
      #expect(before.isLast == (piece.utteranceStart == piece.core.lowerBound))
      guard !before.isLast else { continue }
      #expect(before.core.upperBound == piece.core.lowerBound)
      #expect(before.utteranceStart == piece.utteranceStart)
      #expect(before.span.upperBound - before.core.upperBound == 990)
      #expect(piece.core.lowerBound - piece.span.lowerBound == 990)
    }
    #expect(found.last?.isLast == true)
  }

  @Test(arguments: [0.0, 0.02, 60])
  func oddOverlapsAreNoTrouble(overlap: Double) {
    var configuration = configuration
    configuration.overlap = overlap
    configuration.maximumDuration = 1
    var cutter = UtteranceCutter(configuration, sampleRate: rate, hop: hop, quantum: quantum)
    var found: [UtterancePiece] = []
    for flag in flags([333, 40, 200, 99, 101, 30]) {
      if let piece = cutter.push(flag, sampleCount: 100_000) { found.append(piece) }
    }
    if let piece = cutter.finish(sampleCount: 100_000) { found.append(piece) }
    #expect(found.count > 5 && found.last?.isLast == true)
    for (before, piece) in zip(found, found.dropFirst()) {
      #expect(before.core.upperBound <= piece.core.lowerBound)
    }
  }
}
