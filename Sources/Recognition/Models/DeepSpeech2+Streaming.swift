import Autograd
import Layers
import Tensors

extension DeepSpeech2: StreamingModel {
  /// Layers that read backward must see the end first.
  public var streamingObstacle: StreamingError? {
    recurrent.allSatisfy(\.readsForwardOnly) ? nil : .readsBackward
  }

  /// The context of spliced frames, that of the convolutions, and what the lookahead convolution sees.
  public var framesAhead: Int {
    var (frames, stride) = (splicing.contextSize, splicing.stride)
    for window in frontEnd.windows {
      frames += window.framesAfter * stride
      stride *= window.stride.width
    }
    return frames + (lookahead?.contextSize ?? 0) * stride
  }

  /// The state before the first frame of one sequence.
  public func begin() -> any LogitStream { DeepSpeech2Stream(self) }
}

extension ImageWindow {
  /// The columns after that on which an output column stands.
  fileprivate var framesAfter: Int { max(0, kernelSize.width - 1 - padding.width) }
}

/// ``DeepSpeech2`` on its way through one sequence.
private struct DeepSpeech2Stream: LogitStream {
  private let model: DeepSpeech2
  private var spliced: FrameWindow
  private var convolved: [FrameWindow]
  private var states: [RecurrentState]
  private var ahead: FrameWindow?
  private var isFinished = false

  init(_ model: DeepSpeech2) {
    precondition(
      model.streamingObstacle == nil, "DeepSpeech2.begin: reads backward, expected only forward")
    self.model = model
    let splicing = model.splicing
    spliced = FrameWindow(
      before: splicing.contextSize, after: splicing.contextSize, stride: splicing.stride,
      outputSize: model.inputSize * splicing.windowSize)
    convolved = zip(
      model.frontEnd.windows, model.frontEnd.sizes(inputSize: spliced.outputSize)
    ).map { window, size in
      FrameWindow(
        before: window.padding.width, after: window.framesAfter, stride: window.stride.width,
        outputSize: size)
    }
    states = model.recurrent.map { _ in RecurrentState() }
    ahead = model.lookahead.map {
      FrameWindow(before: 0, after: $0.contextSize, outputSize: $0.featureSize)
    }
  }

  var stateSize: Int {
    spliced.count + convolved.reduce(0) { $0 + $1.count } + states.reduce(0) { $0 + $1.count }
      + (ahead?.count ?? 0)
  }

  mutating func advance(by features: Tensor) -> Tensor { take(features, isLast: false) }

  mutating func finish() -> Tensor {
    take(Tensor(zeros: [0, model.inputSize]), isLast: true)
  }

  private mutating func take(_ features: Tensor, isLast: Bool) -> Tensor {
    precondition(!isFinished, "DeepSpeech2: a stream of frames goes on after its end")
    precondition(
      features.shape.rank == 2 && features.shape[1] == model.inputSize,
      "DeepSpeech2: got frames of \(features.shape), expected [time, \(model.inputSize)]")
    isFinished = isLast
    let model = model
    var x = features.reshaped([features.shape[0], 1, features.shape[1]])
    x = Self.pass(x, &spliced, isLast, model.splicing.outputLength) {
      model.splicing(Variable($0), frameLengths: [$0.shape[0]]).output.tensor
    }
    for (index, window) in model.frontEnd.windows.enumerated() {
      x = Self.pass(x, &convolved[index], isLast, window.outputLength) {
        model.frontEnd.run(stage: index, $0)
      }
    }
    for (index, layer) in model.recurrent.enumerated() {
      x = layer.advance(x, state: &states[index])
    }
    if var window = ahead, let lookahead = model.lookahead {
      x = Self.pass(x, &window, isLast, { $0 }) {
        lookahead(Variable($0), frameLengths: [$0.shape[0]]).tensor
      }
      ahead = window
    }
    guard x.shape[0] > 0 else { return Tensor(zeros: [0, model.labelCount]) }
    return model.output(Variable(x)).tensor.reshaped([x.shape[0], model.labelCount])
  }

  private static func pass(
    _ block: Tensor, _ window: inout FrameWindow, _ isLast: Bool, _ outputLength: (Int) -> Int,
    _ layer: (Tensor) -> Tensor
  ) -> Tensor {
    isLast
      ? window.finish(block, outputLength: outputLength, layer: layer)
      : window.advance(block, layer: layer)
  }
}
