#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A scale of pitch as it is heard.
public enum MelScale: String, Codable, Sendable, CaseIterable {
  /// 2595 log10(1 + f / 700): O'Shaughnessy 1987, as in HTK.
  case htk
  /// Linear to 1000 Hz, logarithmic above: Slaney's Auditory Toolbox, 1998.
  case slaney

  /// The pitch in mel of a frequency in Hz.
  public func mel(_ frequency: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + frequency / 700)
    case .slaney:
      frequency < 1000 ? frequency * 3 / 200 : 15 + log(frequency / 1000) / Self.logStep
    }
  }

  /// The frequency in Hz of a pitch in mel.
  public func frequency(_ mel: Double) -> Double {
    switch self {
    case .htk: 700 * (pow(10, mel / 2595) - 1)
    case .slaney: mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * Self.logStep)
    }
  }

  // 27 steps from 1000 Hz to 6400 Hz.
  private static let logStep = log(6.4) / 27
}

/// Triangular filters at equal distances on a mel scale.
///
/// Each rises and falls linearly in Hz between the centres of its neighbours, with a peak of 1 or,
/// with `areaNormalization`, with an area of 1 Hz as in Slaney's toolbox. Only the bins inside a
/// triangle are stored.
public struct MelFilterbank: Sendable {
  /// The number of filters.
  public let melCount: Int
  /// The number of bins of the power spectrum.
  public let binCount: Int

  private struct Filter {
    var firstBin: Int
    var weights: Range<Int>
  }

  private let filters: [Filter]
  private let weights: [Float]

  /// Filters between two frequencies in Hz.
  public init(
    melCount: Int, fftSize: Int, sampleRate: Int, lowFrequency: Double = 0,
    highFrequency: Double? = nil, scale: MelScale = .slaney, areaNormalization: Bool = true
  ) {
    let high = highFrequency ?? Double(sampleRate) / 2
    precondition(
      melCount > 0 && fftSize > 0 && lowFrequency >= 0 && lowFrequency < high,
      "MelFilterbank: got \(melCount) filters from \(lowFrequency) to \(high) Hz, "
        + "expected at least one and rising frequencies")
    self.melCount = melCount
    binCount = fftSize / 2 + 1
    let (bottom, top) = (scale.mel(lowFrequency), scale.mel(high))
    let edges = (0..<melCount + 2).map {
      scale.frequency(bottom + (top - bottom) * Double($0) / Double(melCount + 1))
    }
    let binWidth = Double(sampleRate) / Double(fftSize)
    var (filters, weights): ([Filter], [Float]) = ([], [])
    for index in 0..<melCount {
      let triangle = Triangle(edges[index], edges[index + 1], edges[index + 2])
      let scale = areaNormalization ? 2 / (triangle.right - triangle.left) : 1
      let first = min(binCount, Int((triangle.left / binWidth).rounded(.up)))
      let last = max(first, min(binCount, Int((triangle.right / binWidth).rounded(.down)) + 1))
      let values = (first..<last).map { Float(scale * triangle.height(Double($0) * binWidth)) }
      filters.append(Filter(firstBin: first, weights: weights.count..<weights.count + values.count))
      weights += values
    }
    (self.filters, self.weights) = (filters, weights)
  }

  /// The filters whose triangle has no bin inside: they are always silent.
  public var emptyFilters: [Int] {
    filters.indices.filter { index in weights[filters[index].weights].allSatisfy { $0 == 0 } }
  }

  /// The weights as rows, `[melCount][binCount]`, for inspection.
  public var matrix: [[Float]] {
    filters.map { filter in
      var row = [Float](repeating: 0, count: binCount)
      for (offset, weight) in weights[filter.weights].enumerated() {
        row[filter.firstBin + offset] = weight
      }
      return row
    }
  }

  /// Sums one power spectrum of `binCount` values into `melCount` bands.
  func apply(_ power: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    weights.withUnsafeBufferPointer { weights in
      for (index, filter) in filters.enumerated() {
        let bins = power + (filter.firstBin - filter.weights.lowerBound)
        var sum: Float = 0
        for position in filter.weights { sum += weights[position] * bins[position] }
        target[index] = sum
      }
    }
  }

  private struct Triangle {
    let (left, center, right): (Double, Double, Double)

    init(_ left: Double, _ center: Double, _ right: Double) {
      (self.left, self.center, self.right) = (left, center, right)
    }

    func height(_ frequency: Double) -> Double {
      max(0, min((frequency - left) / (center - left), (right - frequency) / (right - center)))
    }
  }
}
