import Configuration
import Tensors

/// Turns images of lines into the features that a network reads: one frame for each column.
public struct LineFeatureExtractor: Sendable {
  /// What is computed.
  public let configuration: LineFeatureConfiguration
  /// What brings images to the form that features are computed from.
  public let normalizer: LineNormalizer

  /// An extractor for a configuration.
  ///
  /// - Precondition: The configuration is valid.
  public init(_ configuration: LineFeatureConfiguration) {
    do { try configuration.validate() } catch {
      preconditionFailure("LineFeatureExtractor: \(error)")
    }
    self.configuration = configuration
    normalizer = LineNormalizer(configuration.normalization)
  }

  /// Values per frame.
  public var featureSize: Int { configuration.featureSize }

  /// How many frames an image has that is so wide after normalisation.
  public func frameCount(width: Int) -> Int { width }

  /// The image in the form that ``features(of:)`` takes.
  public func normalized(_ image: GrayImage) -> GrayImage { normalizer(image) }

  /// Returns the features of a normalised image, `[time, featureSize]`.
  ///
  /// - Precondition: The image has the height that the configuration says.
  /// - Complexity: O(*width* · *height*).
  public func features(of image: GrayImage) -> Tensor {
    let height = configuration.normalization.height
    precondition(
      image.height == height || image.pixels.isEmpty,
      "LineFeatureExtractor: got an image \(image.height) pixels high, expected \(height)")
    switch configuration.kind {
    case .pixels: return Self.ink(of: image, height: height)
    case .columnGeometry: return ColumnGeometry.features(of: image)
    }
  }

  /// The ink of each pixel, 0...1, columns becoming rows.
  private static func ink(of image: GrayImage, height: Int) -> Tensor {
    let width = image.width
    return Tensor(unsafeUninitialized: [width, height]) { output in
      image.pixels.withUnsafeBufferPointer { pixels in
        inkOfLevel.withUnsafeBufferPointer { ink in
          guard let pixels = pixels.baseAddress, let ink = ink.baseAddress,
            let output = output.baseAddress
          else { return }
          // Blocks of columns, so that what is written stays in the nearest cache.
          for start in stride(from: 0, to: width, by: 32) {
            for row in 0..<height {
              let source = pixels + row * width
              for column in start..<min(start + 32, width) {
                output[column * height + row] = ink[Int(source[column])]
              }
            }
          }
        }
      }
    }
  }

  private static let inkOfLevel = (0...255).map { Float(255 - $0) / 255 }
}
