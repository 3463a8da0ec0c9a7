import Tensors

/// The cost of a target and its gradient by enumerating every path of labels through the frames.
///
/// Slow and plain: double precision, no recursion over states, nothing in common with the kernel.
struct CTCEnumeration {
  let logits: [[Double]]
  let target: [Int]
  let blank: Int

  /// The cost in nats, and its gradient with respect to the logits.
  var costAndGradient: (cost: Double, gradient: [[Double]]) {
    let softmax = logits.map(Self.softmax)
    let labels = logits.first?.count ?? 0
    var total = 0.0
    var shares = logits.map { $0.map { _ in 0.0 } }
    var path = [Int](repeating: 0, count: logits.count)
    repeat {
      guard collapse(path) == target else { continue }
      let probability = zip(softmax, path).reduce(1) { $0 * $1.0[$1.1] }
      total += probability
      for (frame, label) in path.enumerated() { shares[frame][label] += probability }
    } while Self.advance(&path, base: labels)
    let gradient = zip(softmax, shares).map { softmax, shares in
      zip(softmax, shares).map { total > 0 ? $0 - $1 / total : 0 }
    }
    return (-logarithm(total), gradient)
  }

  /// Removes repetitions, then blanks.
  func collapse(_ path: [Int]) -> [Int] {
    var result: [Int] = []
    for (index, label) in path.enumerated()
    where label != blank && (index == 0 || path[index - 1] != label) {
      result.append(label)
    }
    return result
  }

  /// Counts up; false when every path was seen.
  private static func advance(_ path: inout [Int], base: Int) -> Bool {
    for index in path.indices {
      path[index] += 1
      if path[index] < base { return true }
      path[index] = 0
    }
    return false
  }

  private static func softmax(_ row: [Double]) -> [Double] {
    let largest = row.max() ?? 0
    let exponentials = row.map { exponential($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
