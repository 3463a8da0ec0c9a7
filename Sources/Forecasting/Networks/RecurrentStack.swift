import Autograd
import Layers
import Tensors

/// Recurrent layers that read forward, with dropout between them.
struct RecurrentStack: Module {
  private var layers: [RecurrentLayer] = []
  private let dropout: Dropout

  init(
    _ configuration: ForecastModelConfiguration, inputSize: Int, random: inout RandomSource
  ) {
    let kind: RecurrenceKind =
      switch configuration.cell {
      case .rnn: .rnn(.tanh)
      case .lstm: .lstm
      case .gru: .gru
      }
    var size = inputSize
    for _ in 0..<configuration.layerCount {
      let layer = RecurrentLayer(
        kind, inputSize: size, hiddenSize: configuration.hiddenSize, random: &random)
      size = layer.outputSize
      layers.append(layer)
    }
    dropout = Dropout(probability: configuration.dropout)
  }

  /// The number of features of a frame that goes out.
  var outputSize: Int { layers[layers.count - 1].outputSize }

  /// Maps `[time, batch, inputSize]` to `[time, batch, outputSize]`.
  func callAsFunction(_ x: Variable, on tape: Tape?) -> Variable {
    let lengths = [Int](repeating: x.shape[0], count: x.shape[1])
    return layers.reduce(x) { x, layer in
      dropout(layer(x, frameLengths: lengths, on: tape), on: tape)
    }
  }

  /// What every layer remembers.
  var initialState: [RecurrentState] { layers.map { _ in RecurrentState() } }

  /// Takes in the next frames, for inference.
  func advance(_ x: Tensor, state: inout [RecurrentState]) -> Tensor {
    var x = x
    for (index, layer) in layers.enumerated() { x = layer.advance(x, state: &state[index]) }
    return x
  }

  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.modules("layers", &layers) }
}
