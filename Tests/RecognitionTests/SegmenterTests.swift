import Recognition
import Tensors
import Testing

@Suite struct SegmenterTests {
  private let rate = 1000

  private func cuts(_ samples: [Float], _ segmenter: Segmenter) -> [Int] {
    var (rest, cuts) = (samples[...], [Int]())
    while !rest.isEmpty {
      let cut = segmenter.firstCut(rest, sampleRate: rate)
      guard cut > 0, cut <= rest.count else {
        Issue.record("a cut at \(cut) of \(rest.count)")
        return cuts
      }
      cuts.append(cut)
      rest = rest.dropFirst(cut)
    }
    return cuts
  }

  private func segmenter(_ minimum: Double, _ maximum: Double) -> Segmenter {
    var segmenter = Segmenter()
    (segmenter.minimumDuration, segmenter.maximumDuration) = (minimum, maximum)
    return segmenter
  }

  @Test(arguments: [1, 999, 2000])
  func shortRecordingsAreOnePiece(count: Int) {
    #expect(
      segmenter(1, 2).firstCut(ArraySlice(repeating: 1, count: count), sampleRate: rate) == count)
  }

  @Test func theCutLiesInTheQuietestPlace() {
    var samples = [Float](repeating: 0.5, count: 5000)
    for index in 600..<900 { samples[index] = 0 }  // too early
    for index in 1400..<1550 { samples[index] = 0.01 }  // the one
    for index in 1700..<1850 { samples[index] = 0.1 }
    for index in 2200..<2500 { samples[index] = 0 }  // too late
    let cut = segmenter(1, 2).firstCut(samples[...], sampleRate: rate)
    #expect((1450...1500).contains(cut), "the whole tenth of a second is quiet, got \(cut)")
  }

  @Test func ofEquallyQuietPlacesTheLastIsTaken() {
    let silence = [Float](repeating: 0, count: 10_000)
    let pieces = cuts(silence, segmenter(1, 2))
    #expect(pieces.dropLast().allSatisfy { $0 > 1900 }, "\(pieces)")
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func piecesCoverEverythingWithinTheirLimits(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let count = random.integer(in: 0...20_000)
    let samples = (0..<count).map { _ in random.normal() * random.uniform() }
    let (minimum, maximum) = (0.5 + Double(seed) / 20, 1.7)
    let pieces = cuts(samples, segmenter(minimum, maximum))
    #expect(pieces.reduce(0, +) == count, "seed \(seed)")
    #expect(pieces.allSatisfy { $0 <= 1700 }, "seed \(seed)")
    #expect(pieces.dropLast().allSatisfy { $0 >= Int(minimum * 1000) }, "seed \(seed)")
  }

  @Test(arguments: [(2.0, 2.0), (1.95, 2.0), (3.0, 2.0)])
  func limitsThatLeaveNoRoomCutAtTheLongest(minimum: Double, maximum: Double) {
    let samples = [Float](repeating: 0.5, count: 5000)
    #expect(cuts(samples, segmenter(minimum, maximum)) == [2000, 2000, 1000])
  }

  @Test func samplesThatAreNoNumbersDoNotStopIt() {
    let samples = [Float](repeating: .nan, count: 5000)
    #expect(cuts(samples, segmenter(1, 2)).reduce(0, +) == 5000)
  }
}
