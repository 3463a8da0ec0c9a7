import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What comes of one step of all live hypotheses.
struct SearchStep {
  /// `[row, token]`; logits where they are not normalised.
  var logProbabilities: Tensor
  /// Whether the softmax is made.
  var isNormalized = true
  /// `[row, source]`
  var weights: Tensor

  /// The best continuations of each beam, the softmax made on the way where it is missing.
  mutating func best(
    _ requests: [GreatestRequest], excluding excluded: Set<Int>
  ) -> [[GreatElement]] {
    if isNormalized { return logProbabilities.greatest(requests) }
    isNormalized = true
    return logProbabilities.greatestOfLogSoftmax(requests, excluding: excluded)
  }

  /// Adds probabilities and weights of another network; the first time what stands here is turned from
  /// logarithms into probabilities.
  mutating func addExponentials(of other: Tensor, weights otherWeights: Tensor, isFirst: Bool) {
    logProbabilities.withUnsafeMutableBufferPointer { sums in
      other.withUnsafeBufferPointer { other in
        for index in sums.indices {
          sums[index] = (isFirst ? exp(sums[index]) : sums[index]) + exp(other[index])
        }
      }
    }
    weights.add(otherWeights)
  }

  /// Turns sums into means, of probabilities their logarithms.
  mutating func average(over count: Int) {
    let share = 1 / Float(count)
    logProbabilities.withUnsafeMutableBufferPointer { sums in
      for index in sums.indices { sums[index] = log(sums[index] * share) }
    }
    weights.scale(by: share)
  }

  /// The first weights of a row.
  func attention(row: Int, sourceLength: Int) -> [Float] {
    let width = weights.shape[1]
    return weights.withUnsafeBufferPointer {
      Array($0[row * width..<row * width + sourceLength])
    }
  }
}

extension Tensor {
  /// Sets an element of every row of a matrix.
  mutating func setColumn(_ column: Int, to value: Float) {
    let (rows, width) = (shape[0], shape[1])
    withUnsafeMutableBufferPointer { values in
      for row in 0..<rows { values[row * width + column] = value }
    }
  }
}

func power(_ base: Float, _ exponent: Float) -> Float { pow(base, exponent) }

func logarithm(_ x: Float) -> Float { log(x) }
