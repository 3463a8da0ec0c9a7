import Autograd
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mean of a sequence's frames, weighted by how much each answers a learned query (Yang et al.
/// 2016): α = softmax(qᵀ tanh(W h + b)) over time, and s = Σ α h.
public struct AttentionPooling: Module {
  /// W and b, from a frame to what is compared with the query.
  public var projection: Linear
  /// q, `[1, attentionSize]`
  public var query: Parameter

  /// A pooling with freshly drawn weights.
  public init(featureSize: Int, attentionSize: Int, random: inout RandomSource) {
    projection = Linear(inputSize: featureSize, outputSize: attentionSize, random: &random)
    query = Parameter(.uniform([1, attentionSize], fanIn: attentionSize, random: &random))
  }

  /// Maps `[time, batch, feature]` to `[batch, feature]`; a sequence without frames gives zeros.
  ///
  /// - Returns: The output, and α of each sequence's frames.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> (output: Variable, weights: [[Float]]) {
    let grid = FrameGrid(x.shape, frameLengths: frameLengths, of: "AttentionPooling")
    let keys = Activation.tanh(projection(x, on: tape), on: tape)
    let scores = self.scores(keys, on: tape)
    let alpha = Self.softmaxOverTime(scores.tensor, grid)
    let output = Self.weightedSums(x.tensor, alpha, grid)
    let weights = frameLengths.enumerated().map { item, length in
      (0..<length).map { alpha[$0 * grid.batch + item] }
    }
    guard let tape else { return (Variable(output), weights) }
    let variable = tape.record(output, from: [x, scores]) { gradient, _ in
      let (frames, scores) = Self.pullback(gradient, x.tensor, alpha, grid)
      return [x.needsGradient ? frames : nil, scores]
    }
    return (variable, weights)
  }

  /// qᵀ k for each frame, `[time, batch, 1]`.
  private func scores(_ keys: Variable, on tape: Tape?) -> Variable {
    let scores = keys.tensor.multiplied(by: query.packedTransposed)
    guard let tape else { return Variable(scores) }
    query.dropPacked()
    return tape.record(scores, from: [keys]) { [query] gradient, gradients in
      gradients.add(gradient.outerProduct(keys.tensor, precision: query.precision), to: query)
      defer { query.dropPacked() }
      return [keys.needsGradient ? gradient.multiplied(by: query.packed) : nil]
    }
  }

  /// The softmax of each sequence's scores over its frames; zero in padding.
  private static func softmaxOverTime(_ scores: Tensor, _ grid: FrameGrid) -> [Float] {
    var alpha = scores.scalars
    for (item, length) in grid.frameLengths.enumerated() {
      let places = stride(from: item, to: grid.time * grid.batch, by: grid.batch)
      let largest = places.prefix(length).reduce(-Float.infinity) { max($0, alpha[$1]) }
      var sum: Float = 0
      for (frame, place) in places.enumerated() {
        alpha[place] = frame < length ? exp(alpha[place] - largest) : 0
        sum += alpha[place]
      }
      for place in places where sum != 0 { alpha[place] /= sum }
    }
    return alpha
  }

  /// Σ α h over the frames of each sequence, `[batch, feature]`.
  private static func weightedSums(_ x: Tensor, _ alpha: [Float], _ grid: FrameGrid) -> Tensor {
    let size = x.shape[2]
    return Tensor(unsafeUninitialized: [grid.batch, size]) { out in
      out.update(repeating: 0)
      x.withUnsafeBufferPointer { x in
        for row in grid.validRows {
          let (weight, sums, frame) = (alpha[row], row % grid.batch * size, row * size)
          for feature in 0..<size { out[sums + feature] += weight * x[frame + feature] }
        }
      }
    }
  }

  /// dh = α ds for the weighted sum, and de = α (ds · h − Σ α (ds · h)) for the scores.
  private static func pullback(
    _ gradient: Tensor, _ x: Tensor, _ alpha: [Float], _ grid: FrameGrid
  ) -> (frames: Tensor, scores: Tensor) {
    let size = x.shape[2]
    var dots = [Float](repeating: 0, count: alpha.count)
    let frames = Tensor(unsafeUninitialized: x.shape) { out in
      out.update(repeating: 0)
      x.withUnsafeBufferPointer { x in
        gradient.withUnsafeBufferPointer { dy in
          for row in grid.validRows {
            let (sums, frame) = (row % grid.batch * size, row * size)
            var dot: Float = 0
            for feature in 0..<size {
              dot += dy[sums + feature] * x[frame + feature]
              out[frame + feature] = alpha[row] * dy[sums + feature]
            }
            dots[row] = dot
          }
        }
      }
    }
    for item in 0..<grid.batch {
      let places = stride(from: item, to: alpha.count, by: grid.batch)
      let mean = places.reduce(0) { $0 + alpha[$1] * dots[$1] }
      for place in places { dots[place] = alpha[place] * (dots[place] - mean) }
    }
    return (frames, Tensor(dots, shape: [grid.time, grid.batch, 1]))
  }

  /// Shows the projection and the query.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("projection", &projection)
    visitor.parameter("query", &query)
  }
}
