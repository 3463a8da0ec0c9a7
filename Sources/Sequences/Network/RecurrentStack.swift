import Autograd
import Layers
import Tensors

/// Recurrent layers above each other: h⁽¹⁾ reads the input, h⁽²⁾ reads h⁽¹⁾, and so on.
public struct RecurrentStack: Module {
  /// The layers, the lowest first.
  public var layers: [RecurrentLayer]
  /// What is dropped below, between and above them.
  public var dropout: Dropout

  /// A stack with freshly drawn weights.
  public init(
    _ configuration: RecurrentStackConfiguration, inputSize: Int, random: inout RandomSource
  ) {
    layers = []
    var size = inputSize
    for _ in 0..<configuration.layerCount {
      let layer = RecurrentLayer(
        configuration.cell.kind, inputSize: size, hiddenSize: configuration.hiddenSize,
        direction: configuration.direction, random: &random)
      size = layer.outputSize
      layers.append(layer)
    }
    dropout = Dropout(
      probability: configuration.dropout,
      kind: configuration.variationalDropout ? .variational : .elementwise)
  }

  /// The number of features of a frame that goes out.
  public var outputSize: Int { layers.last?.outputSize ?? 0 }

  /// Maps `[time, batch, inputSize]` to `[time, batch, outputSize]`.
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    layers.reduce(dropout(x, on: tape)) { x, layer in
      dropout(layer(x, frameLengths: frameLengths, on: tape), on: tape)
    }
  }

  /// The states before the first frame.
  public var initialStates: [RecurrentState] { layers.map { _ in RecurrentState() } }

  /// Takes in the next frames of each row; see ``RecurrentLayer``. Without a tape it infers.
  public func advance(
    _ x: Variable, states: inout [RecurrentState], on tape: Tape? = nil
  ) -> Variable {
    var y = dropout(x, on: tape)
    for (index, layer) in layers.enumerated() {
      if let tape {
        y = dropout(layer.advance(y, state: &states[index], on: tape), on: tape)
      } else {
        y = Variable(layer.advance(y.tensor, state: &states[index]))
      }
    }
    return y
  }

  /// Shows the layers.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("layers", &layers)
  }
}
