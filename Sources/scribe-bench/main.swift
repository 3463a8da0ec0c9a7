import Autograd
import Layers
import Tensors

var random = RandomSource(seed: 1)
let clock = ContinuousClock()
func seconds(_ body: () -> Void) -> Double {
  let d = clock.measure(body)
  return Double(d.components.seconds) + Double(d.components.attoseconds) * 1e-18
}
for t in [1, 2] {
  var flops = 0.0
  let s = seconds { flops = runMultiplyAdds(rounds: 20_000_000, threads: t) }
  print("peak", t, flops / s / 1e9)
}
for (m, k, n) in [(1600, 1024, 4096), (1024, 1024, 1024), (32, 512, 2048), (16, 256, 1024)] {
  let a = Tensor.init(repeating: 0.5, [m, k])
  let b = PackedMatrix(Tensor(repeating: 0.25, [k, n]))
  for t in [1, 2] {
    WorkerPool.threadCount = t
    let reps = max(3, 2_000_000_000 / (m * k * n))
    let s = seconds { for _ in 0..<reps { _ = a.multiplied(by: b) } }
    print("gemm", m, k, n, t, 2 * Double(m * k * n * reps) / s / 1e9)
  }
}
WorkerPool.threadCount = 2
var layers: [RecurrentLayer] = []
for i in 0..<4 {
  layers.append(
    .lstm(inputSize: i == 0 ? 128 : 512, hiddenSize: 256, direction: .bidirectional, random: &random))
}
let out = Linear(inputSize: 512, outputSize: 80, random: &random)
let x = Tensor(repeating: 0.1, [300, 32, 128])
for _ in 0..<6 {
  let s = seconds {
    let tape = Tape()
    var v = Variable(x)
    for l in layers { v = l(v, frameLengths: Array(repeating: 300, count: 32), on: tape) }
    let y = out(v, on: tape)
    _ = tape.gradients(of: y, seed: Tensor(repeating: 1e-3, y.shape))
  }
  print("step ms", s * 1000)
}
print(StoragePool.statistics)
