import TestSupport
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The kernels of attention with sizes on both sides of their blocks, against sums in double.
@Suite struct AttentionPassTests {
  /// Key size, value size, source, heads, additive.
  static let shapes: [(Int, Int, Int, Int, Bool)] = [
    (1, 1, 1, 1, false), (300, 150, 21, 1, false), (34, 259, 7, 1, true), (96, 66, 33, 3, false),
    (16, 128, 4, 2, false),
  ]

  @Test(arguments: shapes) func contextsAndGradientsAgree(
    _ shape: (key: Int, value: Int, source: Int, heads: Int, additive: Bool)
  ) throws {
    var random = RandomSource(seed: 21)
    let (time, batch) = (3, 2)
    let lengths = [3, 2]
    let memoryLengths = [shape.source, max(1, shape.source - 2)]
    let queries = Tensor.random([time, batch, shape.key], &random)
    let keys = Tensor.random([batch, shape.source, shape.key], &random)
    let values = Tensor.random([batch, shape.source, shape.value], &random)
    let energy = Tensor.random([shape.key], &random)
    let direction = Tensor.random([time, batch, shape.value], &random)
    let scale: Float = shape.additive ? 0.5 : 1 / Float(shape.key).squareRoot()
    let pass = AttentionPass(
      queries, AttentionMemory(keys: keys, values: values, lengths: memoryLengths),
      AttentionScores(
        headCount: shape.heads, scale: scale, energy: shape.additive ? energy : nil),
      lengths: lengths, isCausal: false)
    let found = pass.backward(direction)
    var expected = Expected(queries: queries, keys: keys, values: values)
    for row in 0..<batch {
      for t in 0..<lengths[row] {
        for head in 0..<shape.heads {
          expected.add(
            direction, energy: shape.additive ? energy : nil, scale: Double(scale), t: t, row: row,
            head: head, heads: shape.heads, count: memoryLengths[row])
        }
      }
    }
    let tolerance = Float(4e-6)
    expectClose(pass.contexts.scalars, expected.contexts.map { Float($0) }, absolute: tolerance)
    expectClose(found.queries.scalars, expected.dq.map { Float($0) }, absolute: 4 * tolerance)
    expectClose(
      found.attention.keys.scalars, expected.dk.map { Float($0) }, absolute: 4 * tolerance)
    expectClose(
      found.attention.values.scalars, expected.dv.map { Float($0) }, absolute: 4 * tolerance)
    if shape.additive {
      let sums = try #require(found.attention.energy)
      expectClose(sums.scalars, expected.de.map { Float($0) }, absolute: 4 * tolerance)
    }
  }

  @Test func outerAxesAreExchangedAndPaddingCleared() {
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], shape: [3, 2, 2])
    let y = x.exchangingOuterAxes(lengths: [3, 1])
    #expect(y == Tensor([1, 2, 5, 6, 9, 10, 3, 4, 0, 0, 0, 0], shape: [2, 3, 2]))
    let back = y.exchangingOuterAxes(lengths: [3, 1], batchFirst: true)
    #expect(back == Tensor([1, 2, 3, 4, 5, 6, 0, 0, 9, 10, 0, 0], shape: [3, 2, 2]))
  }
}

/// Attention and its gradients in double precision, one query at a time.
private struct Expected {
  let queries, keys, values: Tensor
  var contexts, dq, dk, dv, de: [Double]

  init(queries: Tensor, keys: Tensor, values: Tensor) {
    (self.queries, self.keys, self.values) = (queries, keys, values)
    dq = Array(repeating: 0, count: queries.count)
    dk = Array(repeating: 0, count: keys.count)
    dv = Array(repeating: 0, count: values.count)
    de = Array(repeating: 0, count: keys.shape[2])
    contexts = Array(
      repeating: 0, count: queries.shape[0] * queries.shape[1] * values.shape[2])
  }

  mutating func add(
    _ direction: Tensor, energy: Tensor?, scale: Double, t: Int, row: Int, head: Int, heads: Int,
    count: Int
  ) {
    let (source, D, V) = (keys.shape[1], keys.shape[2], values.shape[2])
    let keyPart = head * D / heads..<(head + 1) * D / heads
    let valuePart = head * V / heads..<(head + 1) * V / heads
    let query = (t * queries.shape[1] + row) * D
    let target = (t * queries.shape[1] + row) * V
    let (q, k, v) = (queries.scalars, keys.scalars, values.scalars)
    let (dy, e) = (direction.scalars, energy?.scalars)
    func key(_ s: Int, _ i: Int) -> Int { (row * source + s) * D + i }
    func value(_ s: Int, _ i: Int) -> Int { (row * source + s) * V + i }
    func squashed(_ s: Int, _ i: Int) -> Double {
      tanh(Double(q[query + i]) + Double(k[key(s, i)]))
    }
    let scores = (0..<count).map { s in
      scale
        * keyPart.reduce(0.0) { sum, i in
          guard let e else { return sum + Double(q[query + i]) * Double(k[key(s, i)]) }
          return sum + Double(e[i]) * squashed(s, i)
        }
    }
    let powers = scores.map { exp($0) }
    let weights = powers.map { $0 / powers.reduce(0, +) }
    let dw = (0..<count).map { s in
      valuePart.reduce(0.0) { $0 + Double(dy[target + $1]) * Double(v[value(s, $1)]) }
    }
    let mean = zip(weights, dw).reduce(0) { $0 + $1.0 * $1.1 }
    for s in 0..<count {
      for i in valuePart {
        contexts[target + i] += weights[s] * Double(v[value(s, i)])
        dv[value(s, i)] += weights[s] * Double(dy[target + i])
      }
      let d = scale * weights[s] * (dw[s] - mean)
      for i in keyPart {
        guard let e else {
          dq[query + i] += d * Double(k[key(s, i)])
          dk[key(s, i)] += d * Double(q[query + i])
          continue
        }
        let y = squashed(s, i)
        de[i] += d * y
        dq[query + i] += d * Double(e[i]) * (1 - y * y)
        dk[key(s, i)] += d * Double(e[i]) * (1 - y * y)
      }
    }
  }
}
