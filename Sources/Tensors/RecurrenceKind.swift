import CKernels

/// What a recurrent layer computes at each step.
public enum RecurrenceKind: Hashable, Sendable {
  /// h_t = f(z_t + U h_{t−1}) (Elman 1990).
  case rnn(RecurrentActivation)
  /// Long short-term memory with forget gate.
  case lstm
  /// Gated recurrent unit.
  case gru

  /// Blocks of `hiddenSize` columns that the input product has.
  public var gateCount: Int {
    switch self {
    case .rnn: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// Whether it keeps cell states, or products of the candidate, for the way back.
  var hasCells: Bool {
    if case .rnn = self { false } else { true }
  }

  var activationCode: Int32 {
    guard case .rnn(let activation) = self else { return 0 }
    return switch activation {
    case .tanh: Int32(SCRIBE_TANH)
    case .relu: Int32(SCRIBE_RELU)
    case .clippedReLU: Int32(SCRIBE_CLIPPED_RELU)
    }
  }

  typealias Kernel = @convention(c) (UnsafePointer<scribe_recurrence>?, Int, Int) -> Void

  var kernels: (forward: Kernel, backward: Kernel) {
    let all = Kernels.active
    return switch self {
    case .rnn: (all.rnn_forward, all.rnn_backward)
    case .lstm: (all.lstm_forward, all.lstm_backward)
    case .gru: (all.gru_forward, all.gru_backward)
    }
  }
}

/// The nonlinearity of a plain recurrent layer.
public enum RecurrentActivation: String, Codable, Sendable, CaseIterable {
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x).
  case relu
  /// min(max(0, x), 20) (Hannun et al. 2014).
  case clippedReLU
}
