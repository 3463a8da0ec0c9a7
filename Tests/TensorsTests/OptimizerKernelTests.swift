import TestSupport
import Tensors
import Testing

@Suite struct OptimizerKernelTests {
  @Test(arguments: [1, 3, 4, 8, 15, 16, 17, 33, 1000])
  func stepsEqualTheFormulas(count: Int) {
    var random = RandomSource(seed: 16, count)
    let g = Tensor.random([count], &random)
    let start = Tensor.random([count], &random)
    let first = Tensor.random([count], &random)
    let second = Tensor.random([count], in: 0...1, &random)
    var (w, v) = (start, first)
    var pass = OptimizerPass()
    pass.add(
      &w, gradient: g, velocity: &v,
      SGDConstants(gradientScale: 0.5, rate: 0.1, momentum: 0.9, decay: 0.2, nesterov: true))
    var (wa, m, s) = (start, first, second)
    pass.add(
      &wa, gradient: g, first: &m, second: &s,
      AdamConstants(
        gradientScale: 0.5, decay: 0.1, shrink: 0.9, rate: 0.1, firstShare: 0.2, beta2: 0.7,
        secondShare: 0.3, secondCorrection: 1.5, epsilon: 0.01))
    pass.run()
    for i in 0..<count {
      let (w0, m0, s0) = (Double(start[i]), Double(first[i]), Double(second[i]))
      let d = 0.5 * Double(g[i]) + 0.2 * w0
      let velocity = 0.9 * m0 + d
      expectClose([v[i]], [Float(velocity)], absolute: 1e-6)
      expectClose([w[i]], [Float(w0 - 0.1 * (d + 0.9 * velocity))], absolute: 1e-6)
      let e = 0.5 * Double(g[i]) + 0.1 * w0
      let mean = m0 + 0.2 * (e - m0)
      let square = 0.7 * s0 + 0.3 * e * e
      expectClose([m[i]], [Float(mean)], absolute: 1e-6)
      expectClose([s[i]], [Float(square)], absolute: 1e-6)
      let moved = 0.9 * w0 - 0.1 * mean / (1.5 * square.squareRoot() + 0.01)
      expectClose([wa[i]], [Float(moved)], absolute: 1e-6, relative: 1e-5)
    }
  }

  @Test func manyParametersInOnePassAreEachAlone() {
    var random = RandomSource(seed: 19)
    let sizes = [1, 70_001, 3, 32_768, 17]
    let adam = AdamConstants(
      gradientScale: 0.5, decay: 0.1, shrink: 0.9, rate: 0.1, firstShare: 0.2, beta2: 0.7,
      secondShare: 0.3, secondCorrection: 1.5, epsilon: 0.01)
    let sgd = SGDConstants(
      gradientScale: 0.5, rate: 0.1, momentum: 0.9, decay: 0.2, nesterov: true)
    let gradients = sizes.map { Tensor.random([$0], &random) }
    let start = sizes.map { Tensor.random([$0], &random) }
    let state = sizes.map { Tensor.random([$0], in: 0...1, &random) }
    func run(_ groups: [[Int]]) -> [Tensor] {
      var (w, m, s) = (start, state, state)
      for group in groups {
        var pass = OptimizerPass()
        for index in group {
          if index == 3 {
            pass.add(&w[3], gradient: gradients[3], velocity: &m[3], sgd)
          } else {
            pass.add(
              &w[index], gradient: gradients[index], first: &m[index], second: &s[index], adam)
          }
        }
        pass.run()
      }
      return w + m + s
    }
    let together = run([[0, 1, 2, 3, 4]])
    #expect(together == run([[0], [1], [2], [3], [4]]))
    #expect(zip(together, start).allSatisfy { $0 != $1 })
    #expect(start[3].scalars != together[3].scalars, "what was shared before is not changed")
  }

  @Test func sumsOfSquares() {
    var random = RandomSource(seed: 17)
    let tensors = [1, 5, 16, 33, 40_000].map { Tensor.random([$0], &random) }
    let expected = tensors.flatMap(\.scalars).reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(Tensor.sumOfSquares(tensors) - expected) <= 1e-10 * expected)
    #expect(Tensor.sumOfSquares([]) == 0)
    // The squares of large floats overflow single precision, and not this.
    #expect(Tensor.sumOfSquares([Tensor(repeating: 3e38, [3])]).isFinite)
    for bad in [Float.nan, .infinity, -.infinity] {
      for place in [0, 16, 39_999] {
        var tensor = tensors[4]
        tensor[place] = bad
        #expect(!Tensor.sumOfSquares([tensors[0], tensor]).isFinite)
      }
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    var random = RandomSource(seed: 18)
    let g = Tensor.random([100_003], &random)
    let start = Tensor.random([100_003], &random)
    func run() -> (Tensor, Tensor, Tensor, Double) {
      var (w, m, s) = (start, Tensor(zeros: [100_003]), Tensor(zeros: [100_003]))
      let constants = AdamConstants(
        gradientScale: 1, decay: 0, shrink: 0.99, rate: 0.1, firstShare: 0.1, beta2: 0.9,
        secondShare: 0.1, secondCorrection: 2, epsilon: 1e-8)
      for _ in 0..<3 {
        var pass = OptimizerPass()
        pass.add(&w, gradient: g, first: &m, second: &s, constants)
        pass.run()
      }
      return (w, m, s, Tensor.sumOfSquares([g, w]))
    }
    let all = run()
    WorkerPool.threadCount = 1
    let one = run()
    WorkerPool.threadCount = WorkerPool.coreCount
    #expect(all == one)
  }
}
