import Configuration
import Ink
import Tensors
import Testing

@Suite("Line normalisation")
struct LineNormalizerTests {
  static func normalizer(_ yaml: String) throws -> LineNormalizer {
    LineNormalizer(try ConfigurationFile.decode(yaml: yaml, file: "normalization.yaml"))
  }

  static func mean(_ image: GrayImage) -> Double {
    Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
  }

  static func noise(width: Int, height: Int, in levels: ClosedRange<Int>) -> GrayImage {
    var random = RandomSource(seed: 8)
    return GrayImage(
      width: width, height: height,
      pixels: (0..<width * height).map { _ in UInt8(random.integer(in: levels)) })
  }

  static let everything = """
    height: 48
    background: {enabled: true}
    contrast: {enabled: true}
    slope: {enabled: true}
    slant: {enabled: true}
    margins: {enabled: true}
    """

  @Test("an image that has the height passes unchanged")
  func unchanged() throws {
    let image = LineAugmenterTests.line(width: 500)
    #expect(try Self.normalizer("{}")(image) == image)
  }

  @Test("proportions are kept, up to the greatest width")
  func size() throws {
    let normalize = try Self.normalizer("{height: 32, maximumWidth: 200}")
    for (width, height, expected) in [(400, 128, 100), (10, 8, 40), (3000, 64, 200), (1, 900, 1)] {
      let result = normalize(GrayImage(width: width, height: height))
      #expect(result.width == expected && result.height == 32)
    }
  }

  @Test("shrinking means areas, so the mean grey stays", arguments: [128, 100, 65, 300])
  func meanGrey(height: Int) throws {
    let image = Self.noise(width: 3 * height, height: height, in: 0...255)
    let result = image.scaled(toWidth: 192, height: 64)
    #expect(abs(Self.mean(result) - Self.mean(image)) < 0.3)
  }

  @Test("whole factors give block means, growing gives points between")
  func scalingByHand() {
    let image = GrayImage(width: 4, height: 2, pixels: [0, 100, 200, 250, 20, 40, 60, 255])
    #expect(image.scaled(toWidth: 2, height: 1).pixels == [40, 191])
    // Two pixels to three: 2/3 of the first and 1/3 of the second in the middle of its area.
    #expect(image.scaled(toWidth: 3, height: 2).pixels == [25, 150, 238, 25, 50, 206])
    let pair = GrayImage(width: 2, height: 1, pixels: [0, 100])
    #expect(pair.scaled(toWidth: 4, height: 1).pixels == [0, 25, 75, 100])
    #expect(pair.scaled(toWidth: 2, height: 3).pixels == [0, 100, 0, 100, 0, 100])
  }

  @Test("light on dark is inverted, unless it is to be kept")
  func polarity() throws {
    let image = LineAugmenterTests.line(width: 400)
    let negative = GrayImage(width: 400, height: 64, pixels: image.pixels.map { 255 - $0 })
    #expect(try Self.normalizer("polarity: auto")(negative) == image)
    #expect(try Self.normalizer("polarity: keep")(negative) == negative)
  }

  @Test("contrast is stretched between the quantiles")
  func contrast() throws {
    let normalize = try Self.normalizer("{height: 10, contrast: {enabled: true, ink: 0.09}}")
    var image = GrayImage(width: 10, height: 10, filledWith: 200)
    for column in 0..<10 { (image[column, 4], image[column, 5]) = (50, 125) }
    let result = normalize(image)
    #expect(result[3, 4] == 0 && result[3, 5] == 128 && result[3, 0] == 255)
    let faint = Self.noise(width: 40, height: 10, in: 230...245)
    #expect(normalize(faint) == faint)
  }

  @Test("uneven light is divided out")
  func background() throws {
    let normalize = try Self.normalizer("background: {enabled: true}")
    let line = LineAugmenterTests.line(width: 640)
    var dim = line
    for row in 0..<64 {
      for column in 0..<640 {
        dim[column, row] = UInt8(Double(line[column, row]) * (0.4 + 0.0009 * Double(column)))
      }
    }
    let result = normalize(dim)
    let differences = zip(result.pixels, line.pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max() ?? 0 < 30)
    #expect(differences.reduce(0, +) < 4 * differences.count)
  }

  /// A line of writing with the geometry of another one.
  static func sheared(_ image: GrayImage, slope: Float, lean: Float) -> GrayImage {
    let (width, height) = (image.width + 120, image.height + 40)
    let middle = (x: Float(width - 1) / 2, y: Float(height - 1) / 2)
    var map = LineWarp.Map(
      angle: 0, lean: lean, scale: (1, 1), shift: 20, from: (image.width, image.height),
      toWidth: width)
    map.xx += map.xy * -slope
    map.x0 += map.xy * slope * middle.x
    (map.yx, map.y0) = (-slope, map.y0 + slope * middle.x)
    return LineWarp(map: map, width: width, height: height)(image)
  }

  /// Upright letters of equal height on a baseline at row 44, with ascenders.
  static func upright() -> GrayImage {
    var image = GrayImage(width: 600, height: 64)
    var random = RandomSource(seed: 2)
    var left = 8
    while left < 580 {
      let top = random.integer(in: 0...3) == 0 ? 10 : 26
      for row in top..<44 { for column in 0..<3 { image[left + column, row] = 20 } }
      for column in 0..<8 { for row in 41..<44 { image[left + column, row] = 20 } }
      left += random.integer(in: 9...15)
    }
    return image
  }

  @Test(
    "a line that climbs or falls is made level", arguments: [-0.06, -0.02, 0.03, 0.07] as [Float])
  func slope(_ slope: Float) throws {
    let normalize = try Self.normalizer("{height: 104, slope: {enabled: true}}")
    let result = normalize(Self.sheared(Self.upright(), slope: slope, lean: 0))
    let ink = try #require(InkMap(result))
    #expect(abs(LineSlope.estimate(ink, maximum: 0.1)) < 0.003)
    #expect(result.height == 104)
  }

  @Test("a level line keeps its bytes")
  func alreadyLevel() throws {
    let image = Self.upright()
    #expect(try Self.normalizer("{slope: {enabled: true}, slant: {enabled: true}}")(image) == image)
  }

  @Test("leaning letters are made upright", arguments: [-30, -12, 15, 35, 44] as [Double])
  func slant(degrees: Double) throws {
    let lean = Float(degrees * .pi / 180)
    let image = Self.sheared(Self.upright(), slope: 0, lean: lean)
    let before = LineSlant.estimate(try #require(InkMap(image)), maximum: 60)
    #expect(abs(before - lean) < 0.04, "\(before)")
    let result = try Self.normalizer("{height: 104, slant: {enabled: true}}")(image)
    let after = LineSlant.estimate(try #require(InkMap(result)), maximum: 60)
    #expect(abs(after) < 0.04, "\(after)")
  }

  @Test("margins are those asked for")
  func margins() throws {
    let normalize = try Self.normalizer(
      "{height: 40, polarity: keep, margins: {enabled: true, horizontal: 7, vertical: 4}}")
    var image = GrayImage(width: 300, height: 100, filledWith: 240)
    for row in 30..<94 { for column in 50..<178 { image[column, row] = 10 } }
    let result = normalize(image)
    // 64 rows become 32, 128 columns become 64.
    #expect(result.height == 40 && result.width == 64 + 14)
    for row in 0..<40 {
      for column in 0..<78 {
        let isInk = (4..<36).contains(row) && (7..<71).contains(column)
        #expect(result[column, row] == (isInk ? 10 : 240))
      }
    }
  }

  @Test("a line of dots is not blown up")
  func dots() throws {
    let normalize = try Self.normalizer(
      "{height: 64, margins: {enabled: true, horizontal: 0, vertical: 0}}")
    var image = GrayImage(width: 100, height: 64)
    for column in 10..<90 { image[column, 60] = 0 }
    let result = normalize(image)
    #expect(result.width == 160 && result.height == 64)
  }

  @Test(
    "no image is too small, too blank or too wide",
    arguments: [(0, 0), (0, 7), (1, 1), (1, 64), (2, 2), (64, 1), (3, 500), (20_000, 5)])
  func degenerate(width: Int, height: Int) throws {
    let normalize = try Self.normalizer(Self.everything)
    for shade in [0, 128, 255] as [UInt8] {
      let result = normalize(GrayImage(width: width, height: height, filledWith: shade))
      #expect(result.height == 48 && (1...8192).contains(result.width))
      // One shade is one shade: nothing was made up.
      #expect(Set(result.pixels).count == 1)
    }
    guard width * height > 0 else { return }
    let noisy = normalize(Self.noise(width: width, height: height, in: 0...255))
    #expect(noisy.height == 48 && noisy.width > 0)
  }

  @Test("the same image gives the same bytes")
  func determinism() throws {
    let normalize = try Self.normalizer(Self.everything)
    let image = Self.sheared(Self.upright(), slope: 0.03, lean: 0.4)
    let result = normalize(image)
    #expect(result == normalize(image) && result.height == 48)
    #expect(result.pixels.contains(0) && result.pixels.contains(255))
  }

  @Test(
    "values out of range are named",
    arguments: [
      ("height: 7", "height"), ("maximumWidth: 1", "maximumWidth"),
      ("background: {blockSize: 0}", "background.blockSize"),
      ("contrast: {ink: 0.5, paper: 0.4}", "contrast.ink"),
      ("contrast: {paper: 2}", "contrast.paper"), ("slope: {maximum: 60}", "slope.maximum"),
      ("slant: {maximum: 89}", "slant.maximum"),
      ("margins: {horizontal: -1}", "margins.horizontal"),
      ("{height: 20, margins: {vertical: 9}}", "margins.vertical"),
      ("slant: {on: true}", "slant.on"),
    ])
  func ranges(yaml: String, key: String) {
    let error = #expect(throws: ConfigurationError.self) { _ = try Self.normalizer(yaml) }
    #expect(error?.key == key)
  }
}
