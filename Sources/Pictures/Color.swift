#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An opaque colour in sRGB, each part in `0...1`.
public struct Color: Sendable, Equatable {
  /// Red.
  public var red: Double
  /// Green.
  public var green: Double
  /// Blue.
  public var blue: Double

  /// A colour from its three parts.
  public init(red: Double, green: Double, blue: Double) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// A colour as it is written in style sheets: `0x0072B2`.
  public init(_ hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 255) / 255, green: Double(hex >> 8 & 255) / 255,
      blue: Double(hex & 255) / 255)
  }

  /// Colours that remain apart for most kinds of colour blindness, for the series of a chart.
  public static let series = [0x2466A8, 0xD1603D, 0x2A9D76, 0x8A5FB0, 0xC99A1B, 0x4C5561].map(
    Color.init)

  static let white = Color(0xFFFFFF)
  static let ink = Color(0x22272E)
  static let faintInk = Color(0x6B7480)
  static let grid = Color(0xE4E7EB)
  static let frame = Color(0xAEB5BD)

  /// The colour as a pixel of a surface without transparency.
  var pixel: UInt32 {
    func byte(_ part: Double) -> UInt32 { UInt32((min(1, max(0, part)) * 255).rounded()) }
    return 0xFF00_0000 | byte(red) << 16 | byte(green) << 8 | byte(blue)
  }

  /// The colour of these coordinates in OKLCh (Ottosson 2020), with as much of the chroma as sRGB
  /// can show.
  static func oklch(lightness: Double, chroma: Double, hue: Double) -> Color {
    var (low, high) = (0.0, chroma)
    if linear(lightness, high, hue).allSatisfy({ (0...1).contains($0) }) { low = high }
    for _ in 0..<20 where low < high {
      let middle = (low + high) / 2
      if linear(lightness, middle, hue).allSatisfy({ (0...1).contains($0) }) {
        low = middle
      } else {
        high = middle
      }
    }
    let parts = linear(lightness, low, hue).map { value in
      let part = min(1, max(0, value))
      return part <= 0.003_130_8 ? 12.92 * part : 1.055 * pow(part, 1 / 2.4) - 0.055
    }
    return Color(red: parts[0], green: parts[1], blue: parts[2])
  }

  private static func linear(_ lightness: Double, _ chroma: Double, _ hue: Double) -> [Double] {
    let (a, b) = (chroma * cos(hue * .pi / 180), chroma * sin(hue * .pi / 180))
    let cones = [
      lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b,
      lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b,
      lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b,
    ].map { $0 * $0 * $0 }
    let (l, m, s) = (cones[0], cones[1], cones[2])
    return [
      4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
      -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
      -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
  }
}

/// A scale of colours for numbers in `0...1`.
public struct ColorMap: Sendable {
  private let colors: [Color]

  /// From near black over violet and orange to pale yellow; equal steps of the number are equal steps
  /// of perceived lightness, so it reads the same in grey.
  public static let ember = ColorMap { t in
    .oklch(
      lightness: 0.13 + 0.83 * t, chroma: 0.05 + 0.16 * sin(.pi * min(1, t * 1.05)),
      hue: 280 + 185 * t)
  }

  /// From red over amber to green-blue, for confidences.
  public static let confidence = ColorMap { t in
    .oklch(lightness: 0.58 + 0.1 * sin(.pi * t), chroma: 0.16, hue: 27 + 138 * t)
  }

  /// From blue for 0 over near white for 0.5 to red for 1, for numbers on both sides of zero.
  public static let diverging = ColorMap { t in
    let strength = abs(2 * t - 1)
    return .oklch(
      lightness: 0.97 - 0.47 * strength, chroma: 0.18 * strength, hue: t < 0.5 ? 255 : 28)
  }

  private init(_ color: (Double) -> Color) { colors = (0...255).map { color(Double($0) / 255) } }

  /// The colour of a number; below 0 that of 0, above 1 that of 1, not a number that of 0.
  public subscript(_ value: Float) -> Color {
    colors[value > 0 ? Int((min(value, 1) * 255).rounded()) : 0]
  }
}
