import Foundation
import Pictures
import Testing

@Suite struct ScaleTests {
  private func labels(_ scale: Scale) -> [String] { scale.ticks.map(\.label) }

  @Test func ticksAreRound() {
    #expect(labels(Scale(covering: [0, 9.3])) == ["0", "2", "4", "6", "8", "10"])
    #expect(
      labels(Scale(covering: [0.013, 0.048], count: 4)) == ["0.01", "0.02", "0.03", "0.04", "0.05"])
    #expect(labels(Scale(covering: [-1, 1], count: 4)) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
    #expect(labels(Scale(covering: [1, 3], whole: true)) == ["1", "2", "3"])
    #expect(
      labels(Scale(covering: [0, 2e6], count: 4)) == ["0", "0.5e6", "1.0e6", "1.5e6", "2.0e6"])
    #expect(
      labels(Scale(covering: [0.3, 250], .logarithmic, count: 4)) == [
        "0.1", "1", "10", "100", "1000",
      ])
    #expect(labels(Scale(covering: [2, 40], .logarithmic)) == ["2", "5", "10", "20", "50"])
    #expect(labels(Scale(covering: [1e-7, 1], .logarithmic)).first == "1e-7")
  }

  @Test func singleValuesStandInTheMiddle() {
    for (value, whole) in [(12.3, false), (0, false), (-4, false), (1, true)] {
      for rounded in [false, true] {
        let scale = Scale(covering: [value], whole: whole, rounded: rounded)
        let place = scale.fraction(value) ?? -1
        #expect(place > 0.2 && place < 0.8, "\(value) at \(place)")
        #expect(scale.ticks.count >= 2)
      }
    }
  }

  @Test(arguments: 0..<300) func ticksCoverAndReadBack(seed: UInt64) throws {
    var source = SmallSource(state: seed)
    let logarithmic = source.next() % 2 == 0
    let exponent = Double(source.next() % 24) - 12
    let a = Double(source.next() % 10_000 + 1) / 1000 * pow(10, exponent)
    let b = a + Double(source.next() % 10_000) / 1000 * pow(10, exponent + 1)
    let values = logarithmic ? [a, b] : [a - Double(source.next() % 3) * b, b]
    let scale = Scale(
      covering: values, logarithmic ? .logarithmic : .linear, count: Int(source.next() % 8) + 1)
    #expect(scale.ticks.count >= 2, "seed \(seed)")
    #expect(scale.range.lowerBound <= (values.min() ?? 0) * (1 + 1e-6) || !logarithmic)
    for value in values {
      let place = try #require(scale.fraction(value))
      #expect(place > -1e-6 && place < 1 + 1e-6, "seed \(seed): \(value) at \(place)")
    }
    let span = scale.range.upperBound - scale.range.lowerBound
    for tick in scale.ticks {
      let read = try #require(Double(tick.label.replacing("−", with: "-")))
      #expect(abs(read - tick.value) <= 1e-6 * max(span, abs(tick.value)), "seed \(seed): \(tick)")
    }
    #expect(scale.ticks.map(\.value) == scale.ticks.map(\.value).sorted())
    #expect(Set(scale.ticks.map(\.label)).count == scale.ticks.count, "seed \(seed)")
  }

  @Test func numbersAreWrittenTheSameEverywhere() {
    #expect(NumberText.fixed(0, decimals: 2) == "0.00")
    #expect(NumberText.fixed(-0.004, decimals: 2) == "0.00")
    #expect(NumberText.fixed(-12.345, decimals: 1) == "−12.3")
    #expect(NumberText.fixed(0.05, decimals: 3) == "0.050")
    #expect(NumberText.fixed(1e30, decimals: 2) == "1e+30")
  }

  @Test func mapsOfColoursClimbEvenlyInLightness() {
    let steps = stride(from: Float(0), through: 1, by: 1 / 16).map { lightness(ColorMap.ember[$0]) }
    let climbs = zip(steps, steps.dropFirst()).map { $1 - $0 }
    #expect(steps[0] < 12 && steps[16] > 88, "\(steps)")
    #expect(climbs.allSatisfy { $0 > 2.5 && $0 < 9 }, "\(climbs)")
    #expect(ColorMap.ember[.nan] == ColorMap.ember[0])
    #expect(ColorMap.ember[7] == ColorMap.ember[1])
  }
}

/// CIE 1976 lightness, `0...100`.
private func lightness(_ color: Color) -> Double {
  func linear(_ part: Double) -> Double {
    part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
  }
  let luminance =
    0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
  return luminance > 0.008856 ? 116 * cbrt(luminance) - 16 : 903.3 * luminance
}

/// A small generator, so that a failing seed can be run again.
private struct SmallSource {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = (state ^ 0x9E37_79B9) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
