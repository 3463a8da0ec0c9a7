import Tensors

extension Tensor {
  /// Uniform in ±1/√fanIn (LeCun et al. 1998, "Efficient BackProp").
  package static func uniform(
    _ shape: Shape, fanIn: Int, random: inout RandomSource
  ) -> Tensor {
    let bound = 1 / Float(max(1, fanIn)).squareRoot()
    return Tensor(unsafeUninitialized: shape) {
      for index in $0.indices { $0[index] = random.uniform(in: -bound...bound) }
    }
  }
}
