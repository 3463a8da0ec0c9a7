import Configuration
import Ink
import Tensors
import TestSupport
import Testing

@Suite struct StrokeAugmentationTests {
  private let timed = PenRecording(
    strokes: zigzag.strokes.enumerated().map { number, stroke in
      Stroke(
        points: stroke.points.enumerated().map { index, point in
          StrokePoint(
            x: point.x, y: point.y, time: Float(number) + Float(index) * 0.1, pressure: 0.5)
        })
    })

  private func augment(
    seed: UInt64 = 1, _ change: (inout StrokeAugmentationConfiguration) -> Void
  ) throws -> PenRecording {
    var configuration = StrokeAugmentationConfiguration()
    change(&configuration)
    var random = RandomSource(seed: seed)
    return try StrokeAugmenter(configuration)(timed, random: &random)
  }

  private func everything(_ configuration: inout StrokeAugmentationConfiguration) {
    configuration.rotation.probability = 0.8
    configuration.slant.probability = 0.8
    configuration.scale.probability = 0.8
    configuration.warp.probability = 0.8
    configuration.speed.probability = 0.8
    configuration.sampling.probability = 0.8
  }

  private func places(_ recording: PenRecording) -> [Float] {
    recording.strokes.flatMap { $0.points.flatMap { [$0.x, $0.y] } }
  }

  @Test func nothingByDefault() throws {
    #expect(try augment { _ in } == timed)
    var random = RandomSource(seed: 1)
    var configuration = StrokeAugmentationConfiguration()
    everything(&configuration)
    let empty = PenRecording(strokes: [Stroke(points: [])])
    #expect(try StrokeAugmenter(configuration)(empty, random: &random) == empty)
  }

  @Test func theSameSeedGivesTheSame() throws {
    for seed: UInt64 in 1...5 {
      #expect(try augment(seed: seed, everything) == augment(seed: seed, everything))
      #expect(try augment(seed: seed, everything).isFinite)
    }
    #expect(try augment(seed: 1, everything) != augment(seed: 2, everything))
  }

  @Test func rotationKeepsDistances() throws {
    let turned = try augment {
      $0.rotation.probability = 1
      $0.rotation.maximum = 90
    }
    #expect(turned != timed)
    func steps(_ recording: PenRecording) -> [Float] {
      let points = recording.strokes[0].points
      return zip(points, points.dropFirst()).map { a, b in
        ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
      }
    }
    expectClose(steps(turned), steps(timed), relative: 1e-5)
    #expect(turned.strokes[0].points[1].pressure == 0.5)
  }

  @Test func slantKeepsHeightsAndScaleKeepsTheMiddle() throws {
    let sheared = try augment { $0.slant.probability = 1 }
    #expect(sheared.strokes[0].points.map(\.x) != timed.strokes[0].points.map(\.x))
    expectClose(
      sheared.strokes[0].points.map(\.y), timed.strokes[0].points.map(\.y), absolute: 1e-5)
    let scaled = try augment {
      $0.scale.probability = 1
      ($0.scale.minimum, $0.scale.maximum) = (2, 2)
    }
    let (before, after) = (try #require(timed.bounds), try #require(scaled.bounds))
    #expect(abs(after.width - 2 * before.width) < 1e-4)
    #expect(abs(after.height - 2 * before.height) < 1e-4)
    #expect(abs(after.minimumX + after.maximumX - before.minimumX - before.maximumX) < 1e-4)
  }

  @Test func theWarpIsSmoothAndOfItsAmplitude() throws {
    let line = PenRecording(
      strokes: [
        Stroke(points: (0...4000).map { StrokePoint(x: Float($0) / 4, y: Float($0 % 2) * 8) })
      ])
    var configuration = StrokeAugmentationConfiguration()
    configuration.warp.probability = 1
    // The core height of this zigzag is its height, 8; the quartiles lie half of it apart.
    let wave: Float = 0.64 * Float(0.5).squareRoot()
    let limit: Float = 0.5 * 4 * wave * 2 * Float.pi / 16 + 1e-3
    var (sum, count): (Float, Float) = (0, 0)
    for seed: UInt64 in 0..<20 {
      var random = RandomSource(seed: seed)
      let warped = try StrokeAugmenter(configuration)(line, random: &random)
      let shifts = zip(places(warped), places(line)).map { $0 - $1 }
      sum += shifts.reduce(0) { $0 + $1 * $1 }
      count += Float(shifts.count)
      // Over 0.5, each of four waves changes by at most its amplitude times 2π / wavelength.
      for index in stride(from: 4, to: shifts.count, by: 4) {
        #expect(abs(shifts[index] - shifts[index - 4]) <= limit)
      }
    }
    #expect(abs((sum / count).squareRoot() - 0.64) < 0.07, "\((sum / count).squareRoot())")
  }

  @Test func speedKeepsPlacesAndPauses() throws {
    let fast = try augment {
      $0.speed.probability = 1
      ($0.speed.minimum, $0.speed.maximum) = (2, 2)
    }
    #expect(places(fast) == places(timed))
    let times = fast.strokes.map { $0.points.map { $0.time ?? .nan } }
    expectClose(times[0], (0..<7).map { Float($0) * 0.05 }, absolute: 1e-6)
    // The first stroke ended at 0.6 and the second began at 1.
    expectClose(times[1], [0.7, 0.75], absolute: 1e-6)
  }

  @Test func samplingDropsOnlyInnerPoints() throws {
    let sparse = try augment {
      $0.sampling.probability = 1
      ($0.sampling.dropped, $0.sampling.noise) = (0.9, 0)
    }
    #expect(sparse.strokes.map(\.points.first) == timed.strokes.map(\.points.first))
    #expect(sparse.strokes.map(\.points.last) == timed.strokes.map(\.points.last))
    #expect(sparse.pointCount < timed.pointCount)
  }

  @Test func wrongValuesAreRefused() throws {
    let wrong: [(inout StrokeAugmentationConfiguration) -> Void] = [
      { $0.rotation.probability = 2 }, { $0.rotation.maximum = -1 }, { $0.slant.maximum = .nan },
      { $0.scale.minimum = 0 }, { ($0.scale.minimum, $0.scale.maximum) = (1, 0.9) },
      { $0.warp.wavelength = 0 }, { $0.speed.minimum = 0 }, { $0.sampling.dropped = 1 },
    ]
    for change in wrong {
      #expect(throws: ConfigurationError.self) { _ = try augment(change) }
    }
    let error = #expect(throws: ConfigurationError.self) {
      _ = try augment { $0.scale.maximum = 0.5 }
    }
    #expect(error?.key == "scale.maximum")
  }
}

@Suite struct StrokeConcatenationTests {
  private let one = recording([[(50, 100), (50, 300)]])
  private let dash = recording([[(0, 7), (40, 7)]])
  private let box = recording([[(0, 0), (10, 0), (10, 10), (0, 10)]])

  private func join(
    _ parts: [PenRecording], _ change: (inout StrokeConcatenation) -> Void = { _ in }
  ) throws -> PenRecording {
    var spacing = StrokeConcatenation()
    (spacing.baselineJitter, spacing.sizeJitter) = (0, 0)
    (spacing.minimumGap, spacing.maximumGap) = (0.5, 0.5)
    (spacing.minimumPause, spacing.maximumPause) = (0.25, 0.25)
    change(&spacing)
    try spacing.validate()
    var random = RandomSource(seed: 3)
    return PenRecording.concatenated(parts, spacing: spacing, random: &random)
  }

  @Test func partsStandSideBySideAtOneHeight() throws {
    let line = try join([one, PenRecording(), box, dash])
    let bounds = line.strokes.map { PenRecording(strokes: [$0]).bounds }
    #expect(line.strokes.count == 3)
    #expect(bounds[0] == recording([[(0, -1), (0, 0)]]).bounds)
    #expect(bounds[1] == recording([[(0.5, -1), (1.5, 0)]]).bounds)
    // A dash has no height; it is made half as wide as the parts are high.
    #expect(bounds[2] == recording([[(2, 0), (2.5, 0)]]).bounds)
  }

  @Test func heightsAndPlacesAreKeptOnDemand() throws {
    let line = try join([box, one]) { ($0.equalizesHeights, $0.alignment) = (false, .none) }
    // Mean height 105, so the gap is 52.5.
    #expect(
      line == recording([[(0, 0), (10, 0), (10, 10), (0, 10)], [(62.5, 100), (62.5, 300)]]))
  }

  @Test func timesGoOn() throws {
    func timed(_ start: Float) -> PenRecording {
      PenRecording(
        strokes: [
          Stroke(points: [
            StrokePoint(x: 0, y: 0, time: start), StrokePoint(x: 1, y: 1, time: start + 1),
          ])
        ])
    }
    let line = try join([timed(7), timed(100), timed(0)])
    #expect(line.strokes.map { $0.points[0].time } == [7, 8.25, 9.5])
  }

  @Test func jitterIsDrawnFromTheSource() throws {
    func jittered(_ seed: UInt64) -> PenRecording {
      var random = RandomSource(seed: seed)
      return PenRecording.concatenated([box, box, box], random: &random)
    }
    #expect(jittered(1) == jittered(1))
    #expect(jittered(1) != jittered(2))
    for seed: UInt64 in 0..<50 {
      let strokes = jittered(seed).strokes.compactMap { PenRecording(strokes: [$0]).bounds }
      for (left, right) in zip(strokes, strokes.dropFirst()) {
        #expect((0.1 - 1e-5...0.5 + 1e-5).contains(right.minimumX - left.maximumX))
      }
    }
  }

  @Test func nothingGivesNothing() throws {
    #expect(try join([]) == PenRecording())
    #expect(try join([PenRecording()]) == PenRecording())
    #expect(try join([recording([[(5, 5)]])]) == recording([[(0, 0)]]))
    #expect(throws: ConfigurationError.self) { try join([]) { $0.maximumGap = 0.4 } }
  }
}
