import Configuration
import Foundation
import Ink
import Tensors
import Testing

@Suite("Line features")
struct LineFeatureTests {
  static func extractor(_ yaml: String) throws -> LineFeatureExtractor {
    LineFeatureExtractor(try ConfigurationFile.decode(yaml: yaml, file: "features.yaml"))
  }

  /// An image from rows of text: `#` is black, `.` white, a digit that many tenths of black.
  static func image(_ rows: [String]) -> GrayImage {
    let pixels = rows.flatMap { row in
      row.map { (character: Character) -> UInt8 in
        if character == "#" { return 0 }
        guard let tenths = character.wholeNumberValue else { return 255 }
        return UInt8(255 - 255 * tenths / 10)
      }
    }
    return GrayImage(width: rows[0].count, height: rows.count, pixels: pixels)
  }

  @Test("pixels are ink, column after column")
  func pixels() throws {
    let extractor = try Self.extractor("normalization: {height: 8}")
    var image = GrayImage(width: 3, height: 8)
    image[0, 1] = 0
    image[2, 7] = 102
    let features = extractor.features(of: image)
    #expect(features.shape == [3, 8] && extractor.featureSize == 8)
    var expected = Tensor(zeros: [3, 8])
    expected[0, 1] = 1
    expected[2, 7] = Float(153) / 255
    #expect(features == expected)
    #expect(extractor.frameCount(width: 3) == 3)
  }

  @Test("a wide image is transposed whole")
  func transposition() throws {
    let extractor = try Self.extractor("normalization: {height: 9}")
    var random = RandomSource(seed: 4)
    let image = GrayImage(
      width: 77, height: 9, pixels: (0..<77 * 9).map { _ in UInt8(random.integer(in: 0...255)) })
    let features = extractor.features(of: image)
    for column in 0..<77 {
      for row in 0..<9 {
        #expect(features[column, row] == Float(255 - image[column, row]) / 255)
      }
    }
  }

  @Test("nine features of a column, worked out by hand")
  func geometry() throws {
    let extractor = try Self.extractor("kind: columnGeometry\nnormalization: {height: 8}")
    let image = Self.image([
      "....",
      "#...",
      "##..",
      "....",
      ".#..",
      ".#..",
      "..#.",
      "....",
    ])
    let features = extractor.features(of: image)
    #expect(features.shape == [4, 9] && extractor.featureSize == 9)
    // Rows lie at -7/8, -5/8 ... 7/8.
    let half = Float(0.5)
    func angle(_ slope: Float) -> Float { Float(atan(Double(slope)) * 2 / .pi) }
    let expected: [[Float]] = [
      // Rows 1 and 2: centre -1/2, second moment (25 + 9) / 128; the contours fall by 1 and 3.
      [1, -half, 34 / 128, -5 / 8, -3 / 8, angle(1), angle(3), half, 1],
      // Rows 2, 4 and 5; contours run from 1 to 6 and from 2 to 6 over two columns.
      [
        1.5, (-3 + 1 + 3) / 24, (9 + 1 + 9) / 192, -3 / 8, 3 / 8, angle(2.5), angle(2), 1, 0.75,
      ],
      // Row 6 alone.
      [half, 5 / 8, 25 / 64, 5 / 8, 5 / 8, angle(4), angle(1), half, 1],
      [Float](repeating: 0, count: 9),
    ]
    for column in 0..<4 {
      for feature in 0..<9 {
        #expect(
          abs(features[column, feature] - expected[column][feature]) < 1e-6,
          "column \(column), feature \(feature): \(features[column, feature])")
      }
    }
  }

  @Test("pale ink has the contours of black ink")
  func pale() throws {
    let extractor = try Self.extractor("kind: columnGeometry\nnormalization: {height: 8}")
    func rows(_ ink: Character) -> [String] {
      ["...", ".x.", "xx.", "..x", "...", ".x.", "..x", "..."].map {
        $0.replacingOccurrences(of: "x", with: String(ink))
      }
    }
    let black = extractor.features(of: Self.image(rows("#")))
    let pale = extractor.features(of: Self.image(rows("3")))
    for column in 0..<3 {
      for feature in 3..<9 { #expect(black[column, feature] == pale[column, feature]) }
      #expect(abs(pale[column, 0] / black[column, 0] - 0.3) < 0.01)
    }
  }

  @Test(
    "images without ink, without paper and without columns",
    arguments: ["pixels", "columnGeometry"])
  func degenerate(kind: String) throws {
    let extractor = try Self.extractor("kind: \(kind)\nnormalization: {height: 16}")
    let white = extractor.features(of: GrayImage(width: 5, height: 16))
    #expect(white == Tensor(zeros: [5, extractor.featureSize]))
    let black = extractor.features(of: GrayImage(width: 5, height: 16, filledWith: 0))
    #expect(black.scalars.allSatisfy(\.isFinite) && black.scalars.contains(1))
    let none = extractor.features(of: GrayImage(width: 0, height: 0))
    #expect(none.shape == [0, extractor.featureSize])
    let one = extractor.features(of: extractor.normalized(GrayImage(width: 1, height: 1)))
    #expect(one.shape[1] == extractor.featureSize && one.shape[0] == 16)
  }

  @Test("geometric features stay about the unit range")
  func range() throws {
    let extractor = try Self.extractor("kind: columnGeometry")
    let features = extractor.features(of: LineAugmenterTests.line(width: 1000))
    #expect(features.scalars.allSatisfy { (-4...4).contains($0) })
    for feature in 0..<9 {
      let values = (0..<1000).map { features[$0, feature] }
      #expect(values.map { $0 * $0 }.reduce(0, +) / 1000 > 0.001, "feature \(feature)")
    }
  }

  @Test("a configuration survives its file, and a wrong one is refused by name")
  func configuration() throws {
    var configuration = LineFeatureConfiguration()
    configuration.kind = .columnGeometry
    configuration.normalization.height = 48
    configuration.normalization.slant.enabled = true
    let json = try ConfigurationFile.json(of: configuration)
    #expect(try ConfigurationFile.decode(json: json, file: "x") == configuration)
    let wrong = [
      ("kind: points", "kind"), ("normalization: {height: 4}", "normalization.height"),
      ("normalization: {hight: 64}", "normalization.hight"),
    ]
    for (yaml, key) in wrong {
      let error = #expect(throws: ConfigurationError.self) {
        _ = try ConfigurationFile.decode(LineFeatureConfiguration.self, yaml: yaml, file: "x")
      }
      #expect(error?.key == key)
    }
  }
}
