import Configuration
import Ink
import Tensors
import Testing

@Suite("Line augmentation")
struct LineAugmenterTests {
  /// Strokes like a line of writing: slanted bars and loops of random places.
  static func line(width: Int = 300, height: Int = 64) -> GrayImage {
    var image = GrayImage(width: width, height: height)
    var random = RandomSource(seed: 3)
    var left = 10
    while left + 12 < width {
      let top = random.integer(in: 8...28)
      for row in top..<44 {
        for column in 0..<3 { image[left + column + (44 - row) / 6, row] = 40 }
      }
      left += random.integer(in: 8...16)
    }
    return image
  }

  static let everything = """
    rotation: {probability: 1}
    shear: {probability: 1}
    horizontalScale: {probability: 1}
    verticalScale: {probability: 1}
    verticalShift: {probability: 1}
    elastic: {probability: 1}
    neighbours: {probability: 1}
    thickness: {probability: 1}
    ruledLines: {probability: 1, squared: 0.5}
    blur: {probability: 1}
    contrast: {probability: 1}
    brightness: {probability: 1}
    noise: {probability: 1}
    speckle: {probability: 1}
    masks: {probability: 1}
    """

  static func augmenter(_ yaml: String) throws -> LineAugmenter {
    try LineAugmenter(ConfigurationFile.decode(yaml: yaml, file: "augmentation.yaml"))
  }

  @Test("by default nothing is changed")
  func off() throws {
    var random = RandomSource(seed: 1)
    let image = Self.line()
    #expect(LineAugmenter(LineAugmentationConfiguration())(image, random: &random) == image)
  }

  @Test("the same source gives the same bytes, another one others")
  func determinism() throws {
    let (augment, image) = (try Self.augmenter(Self.everything), Self.line())
    for seed in 0..<20 as Range<UInt64> {
      var (first, second) = (RandomSource(seed: seed), RandomSource(seed: seed))
      var other = RandomSource(seed: seed, 1)
      let variant = augment(image, random: &first)
      #expect(variant == augment(image, random: &second))
      #expect(variant != augment(image, random: &other))
      #expect(first.next() == second.next())
      #expect(variant.height == 64 && variant != image)
    }
  }

  @Test("each kind alone changes the image", arguments: Self.everything.split(separator: "\n"))
  func alone(kind: Substring) throws {
    var random = RandomSource(seed: 11)
    let (augment, image) = (try Self.augmenter(String(kind)), Self.line())
    let variant = augment(image, random: &random)
    #expect(variant != image && variant.height == image.height)
    #expect(variant.pixels.contains { $0 < 200 } && variant.pixels.contains { $0 > 200 })
  }

  @Test(
    "no image is too small", arguments: [(0, 64), (1, 1), (1, 64), (2, 2), (3, 1), (64, 0), (7, 3)])
  func small(width: Int, height: Int) throws {
    let augment = try Self.augmenter(Self.everything)
    for shade in [0, 255] as [UInt8] {
      for seed in 0..<10 as Range<UInt64> {
        var random = RandomSource(seed: seed)
        let image = GrayImage(width: width, height: height, filledWith: shade)
        let variant = augment(image, random: &random)
        #expect(variant.height == height)
        #expect(variant.width > 0 || width == 0)
      }
    }
  }

  @Test("a long line turns less than a word, so that its ends stay inside")
  func endShift() throws {
    let augment = try Self.augmenter(
      "rotation: {probability: 1, minimum: 5, maximum: 5, maximumEndShift: 0.1}")
    var random = RandomSource(seed: 1)
    let long = try #require(augment.warp(width: 1000, height: 64, &random))
    // The slope of the ends: 6.4 pixels over half of 1000.
    #expect(abs(long.map.yx / long.map.yy + 0.0128) < 1e-5)
    let word = try #require(augment.warp(width: 60, height: 64, &random))
    #expect(abs(word.map.yx / word.map.yy + 0.0875) < 1e-3)
  }

  @Test("a shear makes room at both ends")
  func room() throws {
    let augment = try Self.augmenter("shear: {probability: 1, minimum: 45, maximum: 45}")
    var random = RandomSource(seed: 1)
    let image = GrayImage(width: 100, height: 64, filledWith: 0)
    let variant = augment(image, random: &random)
    #expect(variant.width == 164)
    let ink = LineWarpTests.ink(variant)
    #expect(abs(ink.amount - 6400 * 255) < 6400 && abs(ink.x - 81.5) < 0.1)
  }
}

@Suite("Line augmentation configuration")
struct LineAugmentationConfigurationTests {
  @Test(
    "values out of range are named",
    arguments: [
      ("rotation: {probability: 1.5}", "rotation.probability"),
      ("rotation: {minimum: 3, maximum: 1}", "rotation.minimum"),
      ("rotation: {maximumEndShift: -1}", "rotation.maximumEndShift"),
      ("shear: {maximum: 80}", "shear.maximum"),
      ("horizontalScale: {minimum: 0}", "horizontalScale.minimum"),
      ("verticalScale: {maximum: 3}", "verticalScale.maximum"),
      ("verticalShift: {minimum: -2}", "verticalShift.minimum"),
      ("elastic: {spacing: 1}", "elastic.spacing"), ("elastic: {minimum: 9}", "elastic.minimum"),
      ("neighbours: {maximumHeight: 0.9}", "neighbours.maximumHeight"),
      ("thickness: {minimum: -9}", "thickness.minimum"), ("blur: {maximum: 9}", "blur.maximum"),
      ("ruledLines: {squared: 2}", "ruledLines.squared"),
      ("ruledLines: {minimumDarkness: 300}", "ruledLines.minimumDarkness"),
      ("contrast: {minimum: 0}", "contrast.minimum"),
      ("brightness: {maximum: 999}", "brightness.maximum"),
      ("noise: {probability: .nan}", "noise.probability"),
      ("speckle: {maximum: 1}", "speckle.maximum"),
      ("masks: {maximumCount: 0}", "masks.maximumCount"), ("masks: {shade: 256}", "masks.shade"),
      ("shear: {max: 3}", "shear.max"), ("rotate: {}", "rotate"),
    ])
  func ranges(yaml: String, key: String) {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try LineAugmenterTests.augmenter(yaml)
    }
    #expect(error?.key == key)
  }

  @Test("a configuration survives its file")
  func roundTrip() throws {
    let configuration = try LineAugmenterTests.augmenter(
      "{shear: {minimum: -3}, masks: {shade: 9}, elastic: {probability: 0.3, spacing: 32}}"
    ).configuration
    #expect(configuration.shear.minimum == -3 && configuration.shear.maximum == 12)
    let json = try ConfigurationFile.json(of: configuration)
    #expect(try ConfigurationFile.decode(json: json, file: "x") == configuration)
  }
}
