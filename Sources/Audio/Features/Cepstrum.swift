#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The cosine transform that makes cepstral coefficients of log band energies.
///
/// Type II, orthonormal; Davis and Mermelstein 1980. `liftering` L scales coefficient *n* by
/// 1 + L/2 sin(πn/L), as HTK does; 0 leaves it out.
struct Cepstrum: Sendable {
  let bandCount: Int
  let coefficientCount: Int
  private let matrix: [Float]

  init(bandCount: Int, coefficientCount: Int, liftering: Double) {
    precondition(
      coefficientCount > 0 && coefficientCount <= bandCount,
      "Cepstrum: got \(coefficientCount) coefficients of \(bandCount) bands, expected no more")
    self.bandCount = bandCount
    self.coefficientCount = coefficientCount
    let bands = Double(bandCount)
    matrix = (0..<coefficientCount).flatMap { row in
      let n = Double(row)
      let norm = (row == 0 ? 1 / bands : 2 / bands).squareRoot()
      let lifter = liftering > 0 ? 1 + liftering / 2 * sin(.pi * n / liftering) : 1
      return (0..<bandCount).map { band in
        Float(lifter * norm * cos(.pi * n * (Double(band) + 0.5) / bands))
      }
    }
  }

  func apply(_ bands: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    matrix.withUnsafeBufferPointer { matrix in
      for row in 0..<coefficientCount {
        var sum: Float = 0
        for band in 0..<bandCount { sum += matrix[row * bandCount + band] * bands[band] }
        target[row] = sum
      }
    }
  }
}
