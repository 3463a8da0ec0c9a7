/// Sorting of many keys at once.
enum RadixSort {
  private static let digitBits = 11

  /// The numbers of the keys in ascending order; equal keys stay in their order.
  ///
  /// - Complexity: O(*count* · *bits of the largest key* / 11).
  static func order(_ keys: [UInt64]) -> [UInt32] {
    var order = keys.indices.map { UInt32($0) }
    var other = [UInt32](repeating: 0, count: keys.count)
    let bits = 64 - (keys.max() ?? 0).leadingZeroBitCount
    keys.withUnsafeBufferPointer { keys in
      for shift in stride(from: 0, to: bits, by: digitBits) {
        let moved = order.withUnsafeBufferPointer { from in
          other.withUnsafeMutableBufferPointer { pass(keys, from, $0, shift: UInt64(shift)) }
        }
        if moved { swap(&order, &other) }
      }
    }
    return order
  }

  /// Sorts by one digit; returns false, and does nothing, if all keys share it.
  private static func pass(
    _ keys: UnsafeBufferPointer<UInt64>, _ from: UnsafeBufferPointer<UInt32>,
    _ to: UnsafeMutableBufferPointer<UInt32>, shift: UInt64
  ) -> Bool {
    let mask = UInt64(1 << digitBits) - 1
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << digitBits) { starts in
      starts.initialize(repeating: 0)
      for key in keys { starts[Int(key >> shift & mask)] += 1 }
      var sum = 0
      for digit in starts.indices {
        if starts[digit] == keys.count { return false }
        (starts[digit], sum) = (sum, sum + starts[digit])
      }
      for index in from {
        let digit = Int(keys[Int(index)] >> shift & mask)
        to[starts[digit]] = index
        starts[digit] += 1
      }
      return true
    }
  }
}
