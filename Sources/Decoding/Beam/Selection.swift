/// Selection without sorting.
enum Selection {
  /// The element that stands at `rank` when the largest comes first; the elements are reordered.
  ///
  /// Hoare's algorithm with the median of three as pivot; O(*count*) on average. No element may be
  /// NaN.
  static func largest(_ values: UnsafeMutableBufferPointer<Double>, rank: Int) -> Double {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let pivot = median(values[low], values[(low + high) / 2], values[high])
      var (i, j) = (low, high)
      while i <= j {
        while values[i] > pivot { i += 1 }
        while values[j] < pivot { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          (i, j) = (i + 1, j - 1)
        }
      }
      if rank <= j {
        high = j
      } else if rank >= i {
        low = i
      } else {
        return values[rank]
      }
    }
    return values[rank]
  }

  private static func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}
