import Configuration
import Ink
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is taken out before the features: slope, slant and size, and numbers that tempt to divide by 0.
@Suite struct StrokeNormalizationTests {
  /// A line of upright letters: `count` arches of height 10, one of four reaching up to 25.
  private func arches(_ count: Int) -> PenRecording {
    var points: [(Float, Float)] = []
    for letter in 0..<count {
      let x = Float(letter) * 8
      points += [(x, 10), (x, letter % 4 == 3 ? -15 : 0), (x + 4, 0), (x + 4, 10)]
    }
    return recording([points])
  }

  private func features(
    _ recording: PenRecording, _ change: (inout StrokeFeatureConfiguration) -> Void = { _ in }
  ) throws -> Tensor {
    var configuration = StrokeFeatureConfiguration()
    change(&configuration)
    return try StrokeFeatureExtractor(configuration)(recording)
  }

  private func mapped(
    _ recording: PenRecording, _ a: Float, _ b: Float, _ c: Float, _ d: Float
  ) -> PenRecording {
    recording.mapPoints {
      StrokePoint(x: a * $0.x + b * $0.y, y: c * $0.x + d * $0.y)
    }
  }

  private func spread(_ values: [Float]) -> Float { (values.max() ?? 0) - (values.min() ?? 0) }

  @Test func aRisingLineIsTurnedLevel() throws {
    let (cosine, sine) = (cos(Float(0.15)), sin(Float(0.15)))
    let rising = mapped(arches(40), cosine, sine, -sine, cosine)
    func rise(slope: Bool) throws -> Float {
      let ys = try features(rising) { ($0.slope, $0.slant) = (slope, false) }.column(.y)
      let half = ys.count / 2
      return (ys[half...].reduce(0, +) - ys[..<half].reduce(0, +)) / Float(half)
    }
    #expect(try rise(slope: false) > 0.35)
    #expect(try abs(rise(slope: true)) < 0.05)
  }

  @Test func leaningWritingIsShearedUpright() throws {
    func lean(_ recording: PenRecording, slant: Bool) throws -> Float {
      let found = try features(recording) { ($0.slope, $0.slant) = (false, slant) }
      let upright = zip(found.column(.directionCosine), found.column(.directionSine))
        .filter { abs($0.1) > 0.8 }
      return upright.reduce(0) { $0 + $1.0 * ($1.1 > 0 ? 1 : -1) } / Float(upright.count)
    }
    let leaning = mapped(arches(40), 1, -0.4, 0, 1)
    #expect(try lean(leaning, slant: false) > 0.3)
    #expect(try abs(lean(leaning, slant: true)) < 0.05)
    #expect(try abs(lean(arches(40), slant: true)) < 0.05)
  }

  @Test func aSingleLetterIsHardlyTurned() throws {
    let slash = recording([[(0, 10), (10, 0)]])
    let found = try features(slash) { $0.slant = false }
    // 45° of a line would be taken out; of one stroke a tenth of the tangent each round is.
    #expect(found.column(.directionSine).allSatisfy { $0 > 0.5 })
  }

  @Test func ascendersDoNotChangeTheCore() throws {
    let plain = recording([
      (0..<20).flatMap { (index: Int) -> [(Float, Float)] in
        [
          (Float(8 * index), 10), (Float(8 * index), 0), (Float(8 * index) + 4, 0),
          (Float(8 * index) + 4, 10),
        ]
      }
    ])
    func height(_ recording: PenRecording) throws -> Float {
      let found = try features(recording) { ($0.slope, $0.slant) = (false, false) }
      return found.column(.y).first ?? 0
    }
    // The first point stands on the base line, about half a core height below the middle.
    #expect(try abs(height(plain) + 0.5) < 0.15)
    #expect(try abs(height(arches(20)) + 0.5) < 0.15)
    let boxes = try features(arches(20)) {
      ($0.size, $0.slope, $0.slant) = (.boundingBox, false, false)
    }
    // Resampling cuts corners.
    #expect(abs(spread(boxes.column(.y)) - 2) < 0.15)
  }

  @Test(arguments: [
    recording([[(0, 5), (10, 5)]]), recording([[(3, 0), (3, 9)]]),
    recording([[(0, 0)], [(10, 0)], [(20, 0)]]), recording([[(1, 1)], [(1, 1)], [(1, 1)]]),
    recording([[(0, 0), (1e-38, 0)], [(1e-38, 1e-38)]]),
    recording([[(-3e38, -3e38), (3e38, 3e38)], [(0, 0), (1e-30, 1e-30)]]),
    recording([[(0, 0), (1, 0), (0, 0), (1, 0)]]), recording([[], [(0, 0), (1, 1)], []]),
    recording([[(0, 0), (1, 1)], [(1e9, 0), (1e9, 1)]]),
  ])
  func strangeShapesGiveFiniteFeatures(strange: PenRecording) throws {
    for size in StrokeFeatureConfiguration.Size.allCases {
      let found = try features(strange) { $0.size = size }
      #expect(found.isFinite)
      #expect(found.shape[0] >= 1 && found.shape[0] < 33_000)
      let bounded = found.scalars.enumerated()
        .filter {
          $0.offset % 25 != StrokeFeature.x.rawValue && $0.offset % 25 != StrokeFeature.y.rawValue
        }
      #expect(bounded.allSatisfy { abs($0.element) <= 4 })
    }
  }

  @Test func randomScribblesGiveFiniteFeatures() throws {
    for seed: UInt64 in 0..<200 {
      var random = RandomSource(seed: seed)
      let strokes = (0..<random.integer(in: 1...5)).map { _ in
        (0..<random.integer(in: 1...20)).map { _ in
          (random.uniform(in: -1...1), Float(random.integer(in: 0...2)))
        }
      }
      let found = try features(recording(strokes)) { $0.removesDelayedStrokes = seed % 2 == 0 }
      #expect(found.isFinite && found.shape[0] > 0, "seed \(seed)")
    }
  }

  @Test func valuesAreOfTheOrderOfOne() throws {
    let found = try features(arches(60))
    for feature in StrokeFeature.allCases {
      let column = found.column(feature)
      let square = column.reduce(0) { $0 + $1 * $1 } / Float(column.count)
      #expect(square < 4, "\(feature): mean square \(square)")
    }
  }

  @Test func configurationsAreChecked() throws {
    let wrong: [(inout StrokeFeatureConfiguration) -> Void] = [
      { $0.step = 0 }, { $0.step = .nan }, { $0.airStep = -1 }, { $0.highPassRadius = 0 },
      { $0.vicinityRadius = 0 }, { $0.bandRadius = .infinity }, { $0.contextCell = 0 },
    ]
    for change in wrong {
      var configuration = StrokeFeatureConfiguration()
      change(&configuration)
      #expect(throws: ConfigurationError.self) { try StrokeFeatureExtractor(configuration) }
    }
  }
}
