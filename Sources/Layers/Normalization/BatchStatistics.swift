import Autograd
import Tensors

/// What batch normalisations of sequences and of images share: parameters per column or channel.
protocol BatchNormalization {
  var weight: Parameter { get }
  var bias: Parameter { get }
  var runningMean: Parameter { get }
  var runningVariance: Parameter { get }
  var momentum: Float { get }
  var epsilon: Float { get }
}

extension SequenceBatchNorm: BatchNormalization {}

extension BatchNormalization {
  /// Registers the running statistics that hold after this batch; an empty batch changes nothing.
  func updateRunning(_ statistics: BatchStatistics, on tape: Tape) {
    guard statistics.count > 0 else { return }
    let unbiased = Float(statistics.count) / Float(max(1, statistics.count - 1))
    var mean = runningMean.value
    mean.scale(by: 1 - momentum)
    mean.add(Tensor(statistics.mean), scale: momentum)
    tape.update(runningMean, to: mean)
    var variance = runningVariance.value
    variance.scale(by: 1 - momentum)
    variance.add(Tensor(statistics.variance), scale: momentum * unbiased)
    tape.update(runningVariance, to: variance)
  }
}

/// Mean and variance of each column or channel, and over how many values they were taken.
struct BatchStatistics {
  var mean: [Float]
  /// Biased: divided by the count.
  var variance: [Float]
  var count = 0

  init(mean: [Float], variance: [Float]) { (self.mean, self.variance) = (mean, variance) }

  /// Two passes: the mean, then the deviations from it, so that a large mean costs no digits.
  init(
    count: Int, columns: Int, moments: (_ shift: [Float]) -> (first: [Float], second: [Float])
  ) {
    self.count = count
    let n = Float(max(1, count))
    mean = moments([Float](repeating: 0, count: columns)).first.map { $0 / n }
    let (rest, squares) = moments(mean)
    variance = zip(rest, squares).map { max(0, ($1 - $0 * $0 / n) / n) }
  }

  init(_ moments: ChannelMoments) {
    count = moments.count
    mean = moments.mean.map { Float($0) }
    variance = moments.deviation.map { Float($0 / Double(max(1, moments.count))) }
  }

  init(of x: Tensor, rows: [Int]) {
    self.init(count: rows.count, columns: x.shape.rowSize) {
      x.columnMoments(ofRows: rows, shift: $0)
    }
  }

  /// γ / √(variance + epsilon)
  func scale(_ weight: Tensor, epsilon: Float) -> [Float] {
    zip(weight.scalars, variance).map { $0 / ($1 + epsilon).squareRoot() }
  }

  /// Files the gradients of γ and β and returns the map from dy and x to dx.
  ///
  /// With x̂ = (x − mean) / s and n values, dx = γ/s · (dy − Σdy / n − x̂ · Σ(dy x̂) / n).
  ///
  /// - Parameter sums: Σ dy and Σ dy · (x − mean) over the batch.
  func pullback(
    _ sums: (first: [Float], second: [Float]), _ layer: some BatchNormalization,
    into gradients: inout Gradients
  ) -> ColumnGradient {
    let n = Float(max(1, count))
    let inverse = variance.map { 1 / ($0 + layer.epsilon).squareRoot() }
    gradients.add(Tensor(zip(sums.second, inverse).map { $0 * $1 }), to: layer.weight)
    gradients.add(Tensor(sums.first), to: layer.bias)
    let a = scale(layer.weight.value, epsilon: layer.epsilon)
    let indices = a.indices
    return ColumnGradient(
      mean: mean, a: a,
      b: indices.map { -a[$0] * inverse[$0] * inverse[$0] * sums.second[$0] / n },
      d: indices.map { -a[$0] * sums.first[$0] / n })
  }
}
