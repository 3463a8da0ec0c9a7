import Foundation
import Tensors
import Testing
import Training

@Suite struct BatchPlanTests {
  private static func lengths(_ count: Int, seed: UInt64) -> [Int] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in random.integer(in: 30...3000) }
  }

  @Test(arguments: 0..<3)
  func everySampleComesOnceAndLimitsHold(epoch: Int) {
    let lengths = Self.lengths(1003, seed: 11)
    var configuration = BatchConfiguration()
    configuration.size = 8
    configuration.maximumFrames = 9000
    let plan = BatchPlan(lengths: lengths, configuration: configuration, seed: 5, epoch: epoch)
    #expect(plan.batches.flatMap { $0 }.sorted() == Array(lengths.indices))
    for (batch, frames) in zip(plan.batches, plan.frameCounts) {
      let batchLengths = batch.map { lengths[$0] }
      #expect(batch.count <= 8)
      #expect(batchLengths == batchLengths.sorted(by: >))
      #expect(batchLengths[0] * batch.count <= 9000)
      #expect(frames == batchLengths.reduce(0, +))
    }
  }

  @Test func firstEpochGoesFromShortToLong() {
    let lengths = Self.lengths(500, seed: 12)
    let plan = BatchPlan(
      lengths: lengths, configuration: BatchConfiguration(), seed: 5, epoch: 0)
    let order = plan.batches.flatMap { $0.reversed().map { lengths[$0] } }
    #expect(order == lengths.sorted())
    var unsorted = BatchConfiguration()
    unsorted.sortedFirstEpoch = false
    let shuffled = BatchPlan(lengths: lengths, configuration: unsorted, seed: 5, epoch: 0)
    #expect(shuffled.batches.flatMap { $0.map { lengths[$0] } } != order)
  }

  @Test func laterEpochsDifferAndRepeatWithTheSeed() {
    let lengths = Self.lengths(400, seed: 13)
    let plan = { (seed: UInt64, epoch: Int) in
      BatchPlan(lengths: lengths, configuration: BatchConfiguration(), seed: seed, epoch: epoch)
    }
    #expect(plan(5, 1) == plan(5, 1))
    #expect(plan(5, 1) != plan(5, 2))
    #expect(plan(5, 1) != plan(6, 1))
    #expect(
      Set(plan(5, 1).batches.map { $0.sorted() }) != Set(plan(5, 2).batches.map { $0.sorted() }),
      "other samples meet, not only another order of batches")
  }

  @Test(arguments: 1..<6)
  func paddingIsBounded(epoch: Int) {
    let lengths = Self.lengths(2000, seed: 14)
    let plan = BatchPlan(
      lengths: lengths, configuration: BatchConfiguration(), seed: 1, epoch: epoch)
    let padded = plan.batches.reduce(0) { $0 + lengths[$1[0]] * $1.count }
    let waste = 1 - Double(lengths.reduce(0, +)) / Double(padded)
    // Lengths are blurred by ±5 %, so that a batch spans at most a factor of 1.05 / 0.95 and a bit.
    #expect(waste > 0 && waste < 0.08, "\(waste)")
  }

  @Test func anEpochWithoutOrderedBatchesIsShuffled() {
    let lengths = Self.lengths(2000, seed: 15)
    let plan = BatchPlan(lengths: lengths, configuration: BatchConfiguration(), seed: 1, epoch: 1)
    let longest = plan.batches.map { lengths[$0[0]] }
    let rises = zip(longest, longest.dropFirst()).count { $0 < $1 }
    // A random order of 125 batches rises 62 times, with a standard deviation below 4.
    #expect((42...82).contains(rises), "\(rises)")
  }

  @Test func aSampleBeyondTheLimitIsAlone() {
    var configuration = BatchConfiguration()
    configuration.maximumFrames = 100
    let plan = BatchPlan(
      lengths: [500, 40, 60, 50, .max], configuration: configuration, seed: 1, epoch: 0)
    #expect(plan.batches == [[3, 1], [2], [0], [4]])
  }

  @Test func noSamplesMakeNoBatches() {
    let plan = BatchPlan(lengths: [], configuration: BatchConfiguration(), seed: 1, epoch: 3)
    #expect(plan.batches.isEmpty)
  }

  @Test func configurationIsReadBackAndRefusesUnknownKeys() throws {
    var configuration = BatchConfiguration()
    (configuration.size, configuration.maximumFrames) = (3, 77)
    (configuration.sortedFirstEpoch, configuration.lengthJitter) = (false, 0.5)
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(BatchConfiguration.self, from: data) == configuration)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(BatchConfiguration.self, from: Data(#"{"batchSize": 3}"#.utf8))
    }
  }

  @Test func configurationIsChecked() {
    for change: (inout BatchConfiguration) -> Void in [
      { $0.size = 0 }, { $0.size = -3 }, { $0.maximumFrames = 0 }, { $0.lengthJitter = -1 },
      { $0.lengthJitter = .nan },
    ] {
      var configuration = BatchConfiguration()
      change(&configuration)
      #expect(throws: (any Error).self) { try configuration.validate() }
    }
    #expect(throws: Never.self) { try BatchConfiguration().validate() }
  }
}
