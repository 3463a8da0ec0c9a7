import Foundation
import Ink
import Tensors
import Testing

/// Writing made of strokes on many kinds of paper.
@Suite struct PolarityTests {
  /// How a line of writing is disturbed.
  enum Paper: CaseIterable, Sendable {
    case clean, gray, noisy, speckled, shaded, ruled, faint, scannedWithBlackEdges, dotsOnly
  }

  static let sizes = [(400, 64), (120, 30), (1500, 90), (300, 300), (28, 28)]

  /// Dark strokes on light paper.
  static func writing(_ paper: Paper, width: Int, height: Int, seed: UInt64) -> GrayImage {
    var random = RandomSource(seed: seed)
    var image = GrayImage(width: width, height: height)
    let thickness = max(1, height / 24)
    let (light, dark): (Int, Int) =
      switch paper {
      case .gray: (150, 60)
      case .faint: (230, 200)
      default: (235, 40)
      }
    for index in image.pixels.indices {
      var level = light
      if paper == .shaded { level = 110 + 140 * (index % width) / width }
      image.pixels[index] = UInt8(level)
    }
    if paper == .ruled {
      for y in stride(from: height / 5, to: height, by: max(4, height / 5)) {
        for x in 0..<width { image[x, y] = 170 }
      }
    }
    for start in stride(from: 3, to: width - 3, by: max(6, height / 3)) {
      draw(&image, from: start, paper, dark, thickness, &random)
    }
    if paper == .scannedWithBlackEdges {
      for y in 0..<height {
        for x in 0..<(width / 6) { image[x, y] = 10 }
      }
    }
    if paper == .noisy || paper == .speckled { disturb(&image, paper, &random) }
    return image
  }

  /// One curved stroke, or a dot.
  private static func draw(
    _ image: inout GrayImage, from start: Int, _ paper: Paper, _ dark: Int, _ thickness: Int,
    _ random: inout RandomSource
  ) {
    let length = paper == .dotsOnly ? 1 : image.height * 2 / 3
    let (phase, swing) = (random.uniform(in: 0...6), Float(image.height) / 8)
    for step in 0..<length {
      let y = image.height / 6 + step
      let x = start + Int(swing + swing * sin(phase + Float(step) / Float(image.height) * 6))
      for column in x..<(x + thickness) where column < image.width {
        let shade = paper == .shaded ? Int(image[column, y]) - 90 : dark
        image[column, y] = UInt8(max(0, shade))
      }
    }
  }

  private static func disturb(
    _ image: inout GrayImage, _ paper: Paper, _ random: inout RandomSource
  ) {
    for index in image.pixels.indices {
      if paper == .noisy {
        let level = Float(image.pixels[index]) + 20 * random.normal()
        image.pixels[index] = UInt8(max(0, min(255, level)))
      } else if random.chance(0.01) {
        image.pixels[index] = random.chance(0.5) ? 0 : 255
      }
    }
  }

  /// The flags alone go into the macro, which would print every pixel.
  private func expectDarkOnLight(
    _ image: GrayImage, location: SourceLocation = #_sourceLocation
  ) {
    let (isLight, isLightInverted) = (image.isLightOnDark, image.inverted.isLightOnDark)
    #expect(!isLight, sourceLocation: location)
    #expect(isLightInverted, sourceLocation: location)
  }

  @Test(arguments: Paper.allCases, sizes)
  func darkWritingIsToldFromLight(_ paper: Paper, _ size: (Int, Int)) {
    for seed in 0..<5 {
      let image = Self.writing(paper, width: size.0, height: size.1, seed: UInt64(seed))
      expectDarkOnLight(image)
    }
  }

  @Test(arguments: [0, 40, 127, 128, 200, 255])
  func emptyPaperIsJudgedByItsShade(_ shade: Int) {
    let image = GrayImage(width: 50, height: 20, filledWith: UInt8(shade))
    #expect(image.isLightOnDark == (shade < 128))
    #expect(GrayImage(width: 1, height: 1, filledWith: UInt8(shade)).isLightOnDark == (shade < 128))
  }

  @Test func noiseIsJudgedByItsShade() {
    let noise = HostileImageTests.noise(width: 300, height: 60, seed: 8)
    let light = GrayImage(width: 300, height: 60, pixels: noise.pixels.map { 200 + $0 / 8 })
    expectDarkOnLight(light)
  }

  @Test func pageInALargeImageOfDarkTableIsDarkOnLight() {
    var photograph = GrayImage(width: 640, height: 480, filledWith: 20)
    for line in 0..<5 {
      let writing = Self.writing(.clean, width: 300, height: 50, seed: UInt64(line))
      for y in 0..<50 {
        for x in 0..<300 { photograph[x + 200, y + 50 * line + 100] = writing[x, y] }
      }
    }
    expectDarkOnLight(photograph)
  }

  @Test func invertingTwiceIsTheSame() {
    let image = HostileImageTests.noise(width: 31, height: 7, seed: 10)
    #expect(image.inverted.inverted == image)
    #expect(image.inverted.pixels[3] == 255 - image.pixels[3])
    #expect(!GrayImage(width: 0, height: 0).isLightOnDark)
  }
}
