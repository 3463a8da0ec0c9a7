import Ink
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Varies pictures as ``DistortionConfiguration`` says.
public struct Distorter: Sendable {
  private let configuration: DistortionConfiguration
  private let width: Int
  private let height: Int

  /// A distorter of pictures of one size.
  public init(_ configuration: DistortionConfiguration, width: Int, height: Int) {
    self.configuration = configuration
    (self.width, self.height) = (width, height)
  }

  /// A picture after one draw of all amounts.
  ///
  /// - Parameter pixels: `height` rows of `width` bytes, 0 being what lies outside.
  public func callAsFunction(_ pixels: [UInt8], random: inout RandomSource) -> [UInt8] {
    precondition(
      pixels.count == width * height,
      "Distorter: got \(pixels.count) pixels, expected \(width) × \(height)")
    guard random.chance(configuration.probability) else { return pixels }
    let image = GrayImage(width: width, height: height, pixels: pixels)
    let map = map(&random)
    var field: DisplacementField?
    if configuration.elasticAmplitude > 0 {
      field = DisplacementField(
        width: width, height: height, spacing: configuration.elasticSpacing,
        amplitude: configuration.elasticAmplitude, random: &random)
    }
    return LineWarp(map: map, width: width, displacement: field)(image, paper: 0).pixels
  }

  /// The affine map from the output to the source, about the middle.
  private func map(_ random: inout RandomSource) -> LineWarp.Map {
    func draw(_ amount: Float) -> Float { random.uniform(in: -amount...amount) }
    let angle = draw(configuration.rotation) * Float.pi / 180
    let (sine, cosine) = (sin(angle), cos(angle))
    let scaleX = 1 / (1 + draw(configuration.scale))
    let scaleY = 1 / (1 + draw(configuration.scale))
    let shear = draw(configuration.shear)
    let (shiftX, shiftY) = (draw(configuration.shift), draw(configuration.shift))
    let xx = cosine * scaleX
    let xy = (shear * cosine - sine) * scaleX
    let yx = sine * scaleY
    let yy = (shear * sine + cosine) * scaleY
    let (centerX, centerY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    return LineWarp.Map(
      xx: xx, xy: xy, x0: centerX + shiftX - xx * centerX - xy * centerY,
      yx: yx, yy: yy, y0: centerY + shiftY - yx * centerX - yy * centerY)
  }
}

extension Examples {
  /// The features of some examples, pictures among them varied.
  ///
  /// What an example becomes depends on the seed, the epoch and its own index alone.
  ///
  /// - Returns: `[indices.count, featureCount]`
  public func features(
    _ indices: [Int], distortedBy distorter: Distorter?, seed: UInt64, epoch: Int
  ) -> Tensor {
    guard let distorter, case .pixels(let all) = values else { return features(indices) }
    let size = featureCount
    return Tensor(unsafeUninitialized: [indices.count, size]) { output in
      for (row, index) in indices.enumerated() {
        var random = RandomSource(seed: seed, Self.distortionStream, epoch, index)
        let pixels = distorter(
          Array(all[index * size..<(index + 1) * size]), random: &random)
        pixels.withUnsafeBufferPointer { pixels in
          for column in 0..<size { output[row * size + column] = Float(pixels[column]) * (1 / 255) }
        }
      }
    }
  }

  /// Keeps the draws apart from others of the same seed.
  private static let distortionStream = 0xD157
}
