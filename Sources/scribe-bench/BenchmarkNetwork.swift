import ArgumentParser
import Autograd
import Layers
import Tensors

/// The networks whose training step is timed; `bench/torch_step.py` builds the same.
enum NetworkName: String, CaseIterable, ExpressibleByArgument {
  /// Four bidirectional LSTM layers of 256, as for lines of handwriting.
  case blstm256
  /// Five bidirectional LSTM layers of 512, as for speech.
  case blstm512
  /// Deep Speech (Hannun et al. 2014) with 2048 units.
  case deepspeech1
  /// Five bidirectional GRU layers of 512.
  case bgru512
  /// Five convolutions and three bidirectional LSTM layers of 256, for lines of handwriting.
  case crnn

  var workload: Workload {
    switch self {
    case .blstm256:
      Workload(frames: 300, batch: 32, inputs: 128, labels: 80, targetLength: 40)
    case .blstm512, .bgru512:
      Workload(frames: 400, batch: 16, inputs: 161, labels: 29, targetLength: 60)
    case .deepspeech1:
      Workload(frames: 500, batch: 8, inputs: 494, labels: 29, targetLength: 80)
    case .crnn:
      Workload(
        frames: 1000, batch: 16, inputs: LineRecognizer.height, labels: 100, targetLength: 50,
        isRagged: true)
    }
  }
}

/// The sizes of a batch.
struct Workload {
  let frames: Int
  let batch: Int
  let inputs: Int
  let labels: Int
  let targetLength: Int
  /// Whether the sequences differ in length, as lines sorted by their length do.
  var isRagged = false

  var frameLengths: [Int] {
    isRagged
      ? Self.raggedLengths(longest: frames, count: batch) : Array(repeating: frames, count: batch)
  }

  /// Lengths that fall evenly by a tenth.
  static func raggedLengths(longest: Int, count: Int) -> [Int] {
    (0..<count).map { longest - longest * $0 / (10 * count) }
  }
}

/// One of the networks whose training step is timed.
struct BenchmarkNetwork: Module {
  private var sequence: SequenceNetwork?
  private var lines: LineRecognizer?

  init(_ name: NetworkName, random: inout RandomSource) {
    if name == .crnn {
      lines = LineRecognizer(labels: name.workload.labels, random: &random)
    } else {
      sequence = SequenceNetwork(name, random: &random)
    }
  }

  /// The logits and how many frames of them each sequence has.
  func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (logits: Variable, frameLengths: [Int]) {
    if let lines {
      return (
        lines(x, frameLengths: frameLengths, on: tape),
        frameLengths.map(LineRecognizer.outputLength)
      )
    }
    return (sequence?(x, frameLengths: frameLengths, on: tape) ?? x, frameLengths)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    sequence?.visit(&visitor)
    lines?.visit(&visitor)
  }

  /// Multiplications and additions of all products, one way.
  func operations(frameLengths: [Int]) -> Double {
    lines?.operations(widths: frameLengths)
      ?? (sequence?.operationsPerFrame ?? 0) * Double(frameLengths.reduce(0, +))
  }
}

/// Dense layers with clipped rectifiers around recurrent layers, then logits.
struct SequenceNetwork: Module {
  private var first: [Linear] = []
  private var recurrent: [RecurrentLayer] = []
  private var last: [Linear] = []
  private var output: Linear

  init(_ name: NetworkName, random: inout RandomSource) {
    let workload = name.workload
    func dense(_ sizes: [Int]) -> [Linear] {
      zip(sizes, sizes.dropFirst()).map {
        Linear(inputSize: $0, outputSize: $1, random: &random)
      }
    }
    func stack(_ kind: RecurrenceKind, layers: Int, hidden: Int) -> [RecurrentLayer] {
      (0..<layers).map {
        RecurrentLayer(
          kind, inputSize: $0 == 0 ? workload.inputs : 2 * hidden, hiddenSize: hidden,
          direction: .bidirectional, random: &random)
      }
    }
    switch name {
    case .crnn: break
    case .blstm256: recurrent = stack(.lstm, layers: 4, hidden: 256)
    case .blstm512: recurrent = stack(.lstm, layers: 5, hidden: 512)
    case .bgru512: recurrent = stack(.gru, layers: 5, hidden: 512)
    case .deepspeech1:
      first = dense([workload.inputs, 2048, 2048, 2048])
      var layer = RecurrentLayer.rnn(
        .relu, inputSize: 2048, hiddenSize: 2048, direction: .bidirectional, merge: .sum,
        random: &random)
      // So that a rectified recurrence neither dies nor grows over 500 frames.
      layer.forward?.recurrentWeight.value.scale(by: 0.5)
      layer.backward?.recurrentWeight.value.scale(by: 0.5)
      recurrent = [layer]
      last = dense([2048, 2048])
    }
    let width = last.last?.outputSize ?? recurrent.last?.outputSize ?? workload.inputs
    output = Linear(inputSize: width, outputSize: workload.labels, random: &random)
  }

  func callAsFunction(_ x: Variable, frameLengths: [Int], on tape: Tape?) -> Variable {
    var x = x
    for layer in first { x = Activation.clippedReLU(layer(x, on: tape), on: tape) }
    for layer in recurrent { x = layer(x, frameLengths: frameLengths, on: tape) }
    for layer in last { x = Activation.clippedReLU(layer(x, on: tape), on: tape) }
    return output(x, on: tape)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("first", &first)
    visitor.modules("recurrent", &recurrent)
    visitor.modules("last", &last)
    visitor.module("output", &output)
  }

  /// Multiplications and additions of all matrix products for one frame, one way.
  ///
  /// Every weight of two axes takes part in one product a frame.
  var operationsPerFrame: Double {
    2
      * namedParameters.reduce(0) {
        $1.parameter.shape.rank == 2 ? $0 + Double($1.parameter.value.count) : $0
      }
  }
}
