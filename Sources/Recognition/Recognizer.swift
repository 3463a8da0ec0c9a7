import Audio
import Autograd
import Decoding
import Layers
import Tensors

/// A trained network with all that it takes to turn recordings or lines of writing into text.
///
/// It is immutable; threads may share it.
public struct Recognizer: Sendable {
  /// What it was built from.
  public let configuration: RecognizerConfiguration
  /// The characters that it writes.
  public let alphabet: Alphabet
  /// How the input becomes frames.
  public let extractor: InputExtractor
  /// The network.
  public var model: any SequenceModel
  /// The attentive decoder beside the network's output, if there is one.
  public var speller: Speller?
  /// Whether rows of log-probabilities have the states of the network beside them, as a
  /// ``SpellingDecoder`` wants them; other decoders do not.
  public var givesStates = false
  /// The decoder that was tuned for it, if any.
  public var decoder: DecoderRecord?
  /// How many readings of each segment a transcript tells, if the decoder has them; 0 is none.
  public var alternativeCount = 0
  /// What makes the confidences of words probabilities; it belongs to the decoder that is used.
  public var calibration: ConfidenceCalibration?
  /// How the times of words of a recording follow from those of their letters; nil leaves them.
  public var timing: WordTiming?

  /// A recognizer of given parts.
  public init(
    configuration: RecognizerConfiguration, alphabet: Alphabet, extractor: InputExtractor,
    model: any SequenceModel, speller: Speller? = nil
  ) {
    precondition(
      model.inputSize == extractor.featureSize && model.labelCount == alphabet.labelCount,
      "Recognizer: a network from \(model.inputSize) features to \(model.labelCount) labels for "
        + "\(extractor.featureSize) features and \(alphabet.labelCount) labels")
    self.configuration = configuration
    self.alphabet = alphabet
    self.extractor = extractor
    self.model = model
    self.speller = speller
  }

  /// From one output frame to the next, in the unit of the input: seconds of sound, columns of a
  /// normalised line, points of resampled strokes.
  public var frameDuration: Double { extractor.hop * Double(model.frameStride) }

  /// The number of columns in a row of log-probabilities: a label each, and a feature of the state
  /// each where those are wanted.
  public var rowSize: Int { alphabet.labelCount + (givesStates ? model.stateSize : 0) }

  /// The log-probabilities of each sequence of features, `[time, feature]` to `[time', label]`, with
  /// further columns if ``givesStates``.
  ///
  /// The sequences go through the network as one batch.
  public func logProbabilities(_ features: [Tensor]) -> [Tensor] {
    let lengths = features.map { $0.shape[0] }
    let time = lengths.max() ?? 0
    guard time > 0 else { return features.map { _ in Tensor(zeros: [0, rowSize]) } }
    let batch = Tensor.padded(features, time: time)
    let (states, outputLengths) = model.states(Variable(batch), frameLengths: lengths, on: nil)
    let rows = model.logits(of: states, on: nil).tensor.logSoftmax()
    return (givesStates ? rows.beside(states.tensor) : rows).unpadded(lengths: outputLengths)
  }

  /// The log-probabilities of inputs, one tensor for each.
  public func logProbabilities(of signals: [InputSignal]) -> [Tensor] {
    logProbabilities(signals.map { extractor($0) })
  }

  /// The log-probabilities of pieces of sound, one tensor for each.
  public func logProbabilities(of waveforms: [Waveform]) -> [Tensor] {
    logProbabilities(of: waveforms.map { InputSignal.sound($0) })
  }

  /// The text of one input that fits in memory.
  ///
  /// The times of a transcript are in the unit of the input; see ``frameDuration``.
  public func transcript(of signal: InputSignal, decoder: some TranscriptDecoder) -> Transcript {
    transcript(of: decoder.decode(logProbabilities(of: [signal])[0]))
  }

  /// The text of one recording that fits in memory.
  public func transcript(
    of waveform: Waveform, decoder: some TranscriptDecoder
  ) -> Transcript {
    transcript(of: .sound(waveform), decoder: decoder)
  }

  /// The decoder that takes the best label of each frame.
  public var greedyDecoder: GreedyDecoder { GreedyDecoder(labelCount: alphabet.labelCount) }
}

extension Tensor {
  /// The features of each frame of `[.., feature]` and then those of another tensor.
  fileprivate func beside(_ right: Tensor) -> Tensor {
    let (rows, left, other) = (shape.rowCount, shape.rowSize, right.shape.rowSize)
    let extents = Array(shape.extents.dropLast()) + [left + other]
    return Tensor(unsafeUninitialized: Shape(extents)) { out in
      withUnsafeBufferPointer { x in
        right.withUnsafeBufferPointer { y in
          for row in 0..<rows {
            let target = out.baseAddress! + row * (left + other)
            target.update(from: x.baseAddress! + row * left, count: left)
            (target + left).update(from: y.baseAddress! + row * other, count: other)
          }
        }
      }
    }
  }

  /// Sequences `[time, feature]` beside each other as `[time, batch, feature]`, zeros after the end.
  static func padded(_ sequences: [Tensor], time: Int) -> Tensor {
    let (batch, size) = (sequences.count, sequences.first?.shape[1] ?? 0)
    return Tensor(unsafeUninitialized: [time, batch, size]) { out in
      out.update(repeating: 0)
      for (row, sequence) in sequences.enumerated() {
        sequence.withUnsafeBufferPointer { source in
          for frame in 0..<sequence.shape[0] {
            let target = out.baseAddress! + (frame * batch + row) * size
            target.update(from: source.baseAddress! + frame * size, count: size)
          }
        }
      }
    }
  }

  /// The rows of `[time, batch, feature]`, each cut to its length.
  package func unpadded(lengths: [Int]) -> [Tensor] {
    let (batch, size) = (shape[1], shape[2])
    return lengths.enumerated().map { row, length in
      Tensor(unsafeUninitialized: [length, size]) { out in
        withUnsafeBufferPointer { source in
          for frame in 0..<length {
            let origin = source.baseAddress! + (frame * batch + row) * size
            (out.baseAddress! + frame * size).update(from: origin, count: size)
          }
        }
      }
    }
  }
}
