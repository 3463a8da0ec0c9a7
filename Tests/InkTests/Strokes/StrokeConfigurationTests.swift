import Configuration
import Foundation
import Ink
import Testing

/// What is written of a configuration is read again, and unknown keys are refused.
@Suite struct StrokeConfigurationTests {
  private func expectAllKeys<Value: Configuration>(
    _ value: Value, differsFrom plain: Value, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let encoded = try JSONEncoder().encode(value)
    #expect(
      try JSONDecoder().decode(Value.self, from: encoded) == value, sourceLocation: sourceLocation)
    let all = try #require(try JSONSerialization.jsonObject(with: encoded) as? [String: Any])
    // Each key alone makes a difference, so each is read; of kinds there is one.
    for (key, entry) in all where key != "kind" {
      let one = try JSONSerialization.data(withJSONObject: [key: entry])
      let decoded = try JSONDecoder().decode(Value.self, from: one)
      #expect(decoded != plain, "\(key)", sourceLocation: sourceLocation)
    }
    #expect(throws: (any Error).self, sourceLocation: sourceLocation) {
      try JSONDecoder().decode(Value.self, from: Data("{\"unknown\": 1}".utf8))
    }
  }

  @Test func features() throws {
    var value = StrokeFeatureConfiguration()
    (value.size, value.slope, value.slant) = (.boundingBox, false, false)
    (value.step, value.airStep, value.removesDelayedStrokes) = (0.25, 0.5, true)
    (value.highPassRadius, value.vicinityRadius) = (5, 7)
    (value.bandRadius, value.contextCell) = (1, 0.75)
    try value.validate()
    try expectAllKeys(value, differsFrom: StrokeFeatureConfiguration())
  }

  @Test func rendering() throws {
    var value = StrokeRenderingConfiguration()
    (value.height, value.margin, value.penWidth, value.pressure) = (48, 4, 0.25, 0.5)
    (value.speed, value.nib, value.nibAngle, value.smooth) = (0.5, 0.5, 30, false)
    try value.validate()
    try expectAllKeys(value, differsFrom: StrokeRenderingConfiguration())
  }

  @Test func concatenation() throws {
    var value = StrokeConcatenation()
    (value.alignment, value.equalizesHeights) = (.none, false)
    (value.minimumGap, value.maximumGap) = (0.25, 1)
    (value.baselineJitter, value.sizeJitter) = (0.125, 0.25)
    (value.minimumPause, value.maximumPause) = (0.25, 1)
    try value.validate()
    try expectAllKeys(value, differsFrom: StrokeConcatenation())
  }

  @Test func augmentation() throws {
    var value = StrokeAugmentationConfiguration()
    (value.rotation.probability, value.rotation.maximum) = (0.5, 10)
    (value.slant.probability, value.slant.maximum) = (0.5, 0.5)
    (value.scale.probability, value.scale.minimum, value.scale.maximum) = (0.5, 0.5, 2)
    (value.warp.probability, value.warp.amplitude, value.warp.wavelength) = (0.5, 0.25, 3)
    (value.speed.probability, value.speed.minimum, value.speed.maximum) = (0.5, 0.5, 2)
    (value.sampling.probability, value.sampling.dropped, value.sampling.noise) = (0.5, 0.5, 0.25)
    try value.validate()
    let plain = StrokeAugmentationConfiguration()
    try expectAllKeys(value, differsFrom: plain)
    try expectAllKeys(value.rotation, differsFrom: plain.rotation)
    try expectAllKeys(value.slant, differsFrom: plain.slant)
    try expectAllKeys(value.scale, differsFrom: plain.scale)
    try expectAllKeys(value.warp, differsFrom: plain.warp)
    try expectAllKeys(value.speed, differsFrom: plain.speed)
    try expectAllKeys(value.sampling, differsFrom: plain.sampling)
  }
}
