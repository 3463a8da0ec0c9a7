import Configuration
import Ink
import Tensors
import TestSupport
import Testing

/// Strokes through these places, without times.
func recording(_ strokes: [[(Float, Float)]]) -> PenRecording {
  PenRecording(
    strokes: strokes.map { Stroke(points: $0.map { StrokePoint(x: $0.0, y: $0.1) }) })
}

extension Tensor {
  /// One feature of all points.
  func column(_ feature: StrokeFeature) -> [Float] {
    (0..<shape[0]).map { self[$0, feature.rawValue] }
  }

  var isFinite: Bool { scalars.allSatisfy(\.isFinite) }
}

/// A zigzag with a crossing bar and a dot: turns, gaps and delayed ink.
let zigzag = recording([
  [(0, 10), (4, 0), (8, 10), (12, 1), (17, 10), (20, 2), (21, 9)], [(2, 5), (16, 6)], [(9, -8)],
])

@Suite struct StrokeFeatureTests {
  private func features(
    _ recording: PenRecording, _ change: (inout StrokeFeatureConfiguration) -> Void = { _ in }
  ) throws -> Tensor {
    var configuration = StrokeFeatureConfiguration()
    change(&configuration)
    return try StrokeFeatureExtractor(configuration)(recording)
  }

  /// Box size, no correction: 1 core height is half of the height.
  private func plain(
    _ recording: PenRecording, _ change: (inout StrokeFeatureConfiguration) -> Void = { _ in }
  ) throws -> Tensor {
    try features(recording) {
      ($0.size, $0.slope, $0.slant) = (.boundingBox, false, false)
      change(&$0)
    }
  }

  @Test func thereAreTwentyFive() throws {
    #expect(StrokeFeature.allCases.count == 25)
    #expect(try StrokeFeatureExtractor().featureSize == 25)
    #expect(try features(zigzag).shape[1] == 25)
  }

  @Test func nothingGivesNoFrames() throws {
    #expect(try features(PenRecording()).shape == [0, 25])
    #expect(try features(recording([[], []])).shape == [0, 25])
  }

  @Test func aDotIsOneFrame() throws {
    for dot in [[(Float(5), Float(7))], [(5, 7), (5, 7), (5, 7)]] {
      let row = try features(recording([dot]))
      #expect(row.shape == [1, 25])
      #expect(row.isFinite)
      #expect(row.column(.penDown) == [1])
      #expect(row.column(.x) == [0] && row.column(.y) == [0])
      #expect(row.column(.directionCosine) == [0] && row.column(.directionSine) == [0])
      #expect(row.column(.curvatureCosine) == [1] && row.column(.vicinityLinearity) == [0])
    }
  }

  @Test func aStraightLineHasOneDirectionAndNoTurn() throws {
    // Down to the right by 3 : 4, in a box of height 8: 4 units are a core height, the length is 2.5.
    let line = try plain(recording([[(0, 0), (3, 4), (3, 4), (6, 8)]])) { $0.step = 0.25 }
    #expect(line.shape[0] == 11)
    expectClose(line.column(.directionCosine), [Float](repeating: 0.6, count: 11), absolute: 1e-6)
    expectClose(line.column(.directionSine), [Float](repeating: -0.8, count: 11), absolute: 1e-6)
    expectClose(line.column(.curvatureCosine), [Float](repeating: 1, count: 11), absolute: 1e-6)
    expectClose(line.column(.curvatureSine), [Float](repeating: 0, count: 11), absolute: 1e-6)
    expectClose(line.column(.vicinityLinearity), [Float](repeating: 0, count: 11), absolute: 1e-6)
    expectClose(
      line.column(.vicinitySlopeSine), [Float](repeating: -0.8, count: 11), absolute: 1e-6)
    // Way over the longer side is 5 : 4; (4 − 3) / (4 + 3).
    expectClose(
      line.column(.vicinityCurliness), [Float](repeating: 0.25, count: 11), absolute: 1e-6)
    expectClose(
      line.column(.vicinityAspect), [Float](repeating: 1 / 7, count: 11), absolute: 1e-6)
    expectClose(line.column(.y), (0...10).map { 1 - 0.2 * Float($0) }, absolute: 1e-6)
  }

  @Test func aCornerTurnsLeftOrRight() throws {
    // Along the top, then down: a right angle to the right, seen with y upwards.
    let corner = try plain(recording([[(0, 0), (8, 0), (8, 8)]])) { $0.step = 0.5 }
    let cosines = corner.column(.curvatureCosine)
    let sines = corner.column(.curvatureSine)
    #expect(corner.shape[0] == 9)
    expectClose(cosines, [1, 1, 1, 1, 0, 1, 1, 1, 1], absolute: 1e-6)
    expectClose(sines, [0, 0, 0, 0, -1, 0, 0, 0, 0], absolute: 1e-6)
  }

  @Test func xIsLessItsMeanAround() throws {
    let line = try plain(recording([[(0, 0), (8, 0)], [(0, 8)]])) {
      ($0.step, $0.airStep, $0.highPassRadius) = (0.5, 0, 1)
    }
    // At 0, 0.5, ..., 2 and the dot at 0; the first and the last have one neighbour.
    expectClose(
      line.column(.x), [-0.25, 0, 0, 0, 2 - 3.5 / 3, -1], absolute: 1e-6)
  }

  @Test func thePenIsUpBetweenStrokes() throws {
    let two = recording([[(0, 0), (0, 8)], [(8, 8), (8, 0)]])
    let flown = try plain(two) { ($0.step, $0.airStep) = (0.5, 0.5) }
    #expect(flown.column(.penDown) == [1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(flown.column(.directionCosine)[5...6] == [1, 1])
    let marked = try plain(two) { ($0.step, $0.airStep) = (0.5, 0) }
    #expect(marked.column(.penDown) == [1, 1, 1, 1, 0, 1, 1, 1, 1, 0])
  }

  @Test func speedIsRelativeToItsMean() throws {
    func stroke(_ points: [(Float, Float, Float)]) -> Stroke {
      Stroke(points: points.map { StrokePoint(x: $0.0, y: $0.1, time: $0.2) })
    }
    // 4 units in 1 s, then 4 units in 3 s: mean 2 units per second.
    let timed = PenRecording(strokes: [stroke([(0, 0, 5), (0, 4, 6), (0, 8, 9)])])
    let found = try plain(timed) { $0.step = 0.5 }.column(.speed)
    expectClose(found, [2, 2, 1, 2.0 / 3, 2.0 / 3], absolute: 1e-5)
    #expect(try plain(recording([[(0, 0), (0, 8)]])).column(.speed).allSatisfy { $0 == 0 })
    let backwards = PenRecording(strokes: [stroke([(0, 0, 9), (0, 4, 5), (0, 8, 5)])])
    #expect(try plain(backwards).column(.speed).allSatisfy { $0 == 0 })
  }

  @Test func theContextMapSeesInkOfOtherStrokes() throws {
    // A short bar high above the middle of a long one.
    let bars = recording([[(0, 8), (16, 8)], [(8, 0)]])
    let found = try plain(bars) { ($0.step, $0.contextCell, $0.bandRadius) = (0.5, 2, 0.6) }
    let dot = found.shape[0] - 1
    let map = (0..<9).map { found[dot, StrokeFeature.contextUpLeft.rawValue + $0] }
    // Squares of 2 core heights around the dot at (2, 1): the bar at −1 runs through the lowest row.
    // Its 9 points lie at 0, 0.5, ..., 4; the row's squares begin at −1, 1 and 3.
    expectClose(map, [0, 0, 0, 0, 0.25, 0, 0.5, 1, 0.75], absolute: 1e-6)
    #expect(found.column(.above)[dot] == 0.25)
    #expect(found.column(.below)[dot] == 0.75)
  }

  @Test func delayedStrokesLeaveAHat() throws {
    let word = recording([
      [(0, 10), (1, 0), (2, 10), (3, 0), (4, 10), (5, 0), (6, 10), (20, 10)], [(4, -14), (5, -14)],
    ])
    let kept = try features(word)
    let removed = try features(word) { $0.removesDelayedStrokes = true }
    #expect(kept.column(.hat).allSatisfy { $0 == 0 })
    let hats = removed.column(.hat)
    #expect(hats.contains(1) && hats.first == 0 && hats.last == 0)
    #expect(removed.column(.penDown).allSatisfy { $0 == 1 })
    #expect(kept.column(.penDown).contains(0))
  }

  @Test(arguments: [Float(0.01), 1, 3000])
  func placeAndSizeChangeNothing(scale: Float) throws {
    let moved = zigzag.mapPoints { StrokePoint(x: $0.x * scale + 700, y: $0.y * scale - 20) }
    for size in StrokeFeatureConfiguration.Size.allCases {
      let expected = try features(zigzag) { $0.size = size }
      let found = try features(moved) { $0.size = size }
      // The shift leaves 700 · 2⁻²⁴ of error in points of spacing `scale`; sharp turns amplify it.
      let tolerance = max(1e-4, 0.005 / scale / 10)
      #expect(found.shape == expected.shape)
      for feature in [StrokeFeature.x, .y, .directionCosine, .vicinityAspect, .speed] {
        expectClose(
          found.column(feature), expected.column(feature), absolute: tolerance, "\(feature)")
      }
    }
  }

  @Test func stepsAreEqual() throws {
    // Dense at one end and sparse at the other.
    var points: [(Float, Float)] = (0...100).map { (Float($0) * 0.01, 0) }
    points += [(4, 0), (4, 4)]
    let found = try plain(recording([points])) { ($0.step, $0.highPassRadius) = (0.2, 1000) }
    let (xs, ys) = (found.column(.x), found.column(.y))
    for index in 1..<xs.count {
      let (dx, dy) = (xs[index] - xs[index - 1], ys[index] - ys[index - 1])
      #expect(abs((dx * dx + dy * dy).squareRoot() - 0.2) < 1e-5)
    }
  }
}
