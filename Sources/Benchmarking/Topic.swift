/// A section of the report.
package enum Topic: String, CaseIterable, Sendable {
  case training, attention, inference, ctc, decoding, translation, features, products, scaling
  case kernels

  /// The section that a benchmark belongs to, by its name.
  package init(of benchmark: String) {
    let names: [(prefix: String, topic: Topic)] = [
      ("step ", .training), ("attention ", .attention), ("infer ", .inference), ("ctc ", .ctc),
      ("decode, ", .decoding), ("translate, ", .translation), ("log-mel ", .features),
      ("product ", .products), ("gradient product ", .products), ("scaling ", .scaling),
    ]
    self = names.first { benchmark.hasPrefix($0.prefix) }?.topic ?? .kernels
  }

  /// The heading.
  package var title: String {
    switch self {
    case .training: "Training step"
    case .attention: "Training step of an attentive decoder"
    case .inference: "Inference of one sequence of 1,000 frames"
    case .ctc: "CTC loss and its gradient"
    case .decoding: "Beam search over 500 frames of 29 labels, beam 100"
    case .translation: "Translation: training with 64 pairs, and translating 256 sentences"
    case .features: "Log-mel features of a minute of sound"
    case .products: "Matrix products"
    case .scaling: "Scaling over threads"
    case .kernels: "Other kernels"
    }
  }

  /// What a row is about.
  package var subject: String {
    switch self {
    case .training, .inference: "network"
    case .attention: "scores and cell"
    case .products: "rows × inner × columns"
    default: "work"
    }
  }

  /// The name of a benchmark inside its section.
  package func label(_ benchmark: String) -> String {
    switch self {
    case .training: String(benchmark.dropFirst("step ".count))
    case .attention: String(benchmark.dropFirst("attention ".count))
    case .inference: String(benchmark.dropFirst("infer ".count))
    case .ctc: String(benchmark.dropFirst("ctc ".count))
    case .decoding: String(benchmark.dropFirst("decode, ".count))
    case .translation: String(benchmark.dropFirst("translate, ".count))
    case .scaling: String(benchmark.dropFirst("scaling ".count))
    case .products:
      benchmark.hasPrefix("product ")
        ? String(benchmark.dropFirst("product ".count))
        : String(benchmark.dropFirst("gradient product ".count)) + ", gradient of a weight"
    case .features, .kernels: benchmark
    }
  }
}
