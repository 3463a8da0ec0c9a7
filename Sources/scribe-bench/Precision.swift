import ArgumentParser
import Layers
import Tensors

extension Precision: ExpressibleByArgument {}

extension Precision {
  /// The name among the modes of other libraries.
  var mode: String {
    switch self {
    case .fp32: "float32"
    case .bf16: "bfloat16"
    case .int8: "int8"
    }
  }
}

extension BenchmarkNetwork {
  /// Brings a network to a precision; every benchmark of whole networks passes here.
  func converted(to precision: Precision) -> BenchmarkNetwork {
    var network = self
    guard precision == .int8 else {
      network.setPrecision(precision)
      return network
    }
    network.visitParameters { _, parameter in
      if parameter.isTrainable, parameter.shape.rank >= 2 { parameter.quantize() }
    }
    return network
  }
}
