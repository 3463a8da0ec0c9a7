/// What a stretch of wall time is spent on; see ``Profile``.
public enum WorkKind: Int, CaseIterable, Sendable {
  /// Products with a packed matrix.
  case products
  /// Recurrences: the products inside the time loop and the gates.
  case recurrence
  /// Convolutions and their gradients.
  case convolution
  /// Laying out the right operands of products.
  case packing
  /// Statistics and maps of the normalisations.
  case normalization
  /// The greatest or mean values of windows.
  case pooling
  /// Nonlinearities and other work element by element.
  case elementwise
  /// Masks that drop elements.
  case dropout
  /// Sums over rows: gradients of biases and of peepholes.
  case sums
  /// Softmax and connectionist temporal classification.
  case loss
  /// Steps of the optimiser.
  case optimizer
  /// The norm of all gradients.
  case gradientNorm
  /// Copies, padding, and other orders of the same values.
  case copying
  /// Features of sound, lines and strokes, where the step makes them itself.
  case features
  /// Waiting for a batch that other threads prepare.
  case waiting
  /// Reading the validation set, with everything that belongs to it.
  case evaluation
  /// Checkpoints, logs and pictures.
  case files
  /// What no span covers.
  case other

  /// The key in JSON.
  public var name: String { "\(self)" }

  /// What a table calls it.
  public var title: String {
    switch self {
    case .products: "matrix products"
    case .recurrence: "recurrence, products and gates"
    case .convolution: "convolution"
    case .packing: "packing"
    case .normalization: "normalisation"
    case .pooling: "pooling"
    case .elementwise: "activations, elementwise"
    case .dropout: "dropout"
    case .sums: "bias gradients"
    case .loss: "softmax and CTC"
    case .optimizer: "optimiser"
    case .gradientNorm: "gradient norm"
    case .copying: "copying and reshaping"
    case .features: "features"
    case .waiting: "waiting for data"
    case .evaluation: "evaluation"
    case .files: "checkpoints and logs"
    case .other: "other"
    }
  }

  /// Whether it is what a network cannot do without: products, convolutions and gates.
  public var isArithmetic: Bool {
    switch self {
    case .products, .recurrence, .convolution: true
    default: false
    }
  }

  /// Whether spans inside count as this kind, because they belong to no training step.
  var absorbs: Bool { self == .evaluation || self == .files }
}
