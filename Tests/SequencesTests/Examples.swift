import Autograd
import Foundation
import Layers
import Sequences
import TestSupport
import Tensors

/// Small problems that a network can learn in moments.
enum Examples {
  /// Strings of a, b and c; the class is the first of a and b that occurs.
  static func firstOfTwo(_ count: Int, seed: UInt64) -> [ClassifiedSequence] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
      let length = random.integer(in: 2...9)
      var text = (0..<length).map { _ in ["a", "b", "c"][random.integer(in: 0...2)] }
      if !text.contains("a"), !text.contains("b") { text[0] = "a" }
      return ClassifiedSequence(
        .text(text.joined()), label: text.first { $0 != "c" } == "a" ? "A" : "B")
    }
  }

  /// Words x and y; the label of each says whether there were y an odd number of times so far.
  static func parity(_ count: Int, seed: UInt64) -> [LabelledSequence] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
      let tokens = (0..<random.integer(in: 1...6)).map { _ in random.chance(0.5) ? "x" : "y" }
      var odd = false
      return LabelledSequence(
        .tokens(tokens),
        labels: tokens.map {
          if $0 == "y" { odd.toggle() }
          return odd ? "odd" : "even"
        })
    }
  }

  static func encoder(_ contents: [SequenceContent], unit: TextUnit) throws -> SequenceEncoder {
    .tokens(
      try Vocabulary(counts: Vocabulary.counts(in: contents, unit: unit), unit: unit))
  }

  static func configuration(
    _ cell: RecurrentStackConfiguration.Cell = .gru, pooling: SequencePooling.Kind = .last,
    direction: RecurrentDirection = .bidirectional
  ) -> SequenceModelConfiguration {
    var configuration = SequenceModelConfiguration()
    configuration.embeddingSize = 8
    configuration.recurrent.cell = cell
    configuration.recurrent.hiddenSize = 12
    configuration.recurrent.direction = direction
    configuration.pooling = pooling
    configuration.attentionSize = 6
    return configuration
  }

  /// Steps of Adam over one loss.
  static func train<M: Module>(
    _ untrained: M, steps: Int, learningRate: Float = 0.02,
    _ loss: (M, Int, Tape) -> Variable
  ) -> M {
    var model = untrained
    var configuration = OptimizerConfiguration()
    configuration.kind = .adam
    var optimizer = Optimizer(configuration)
    for step in 0..<steps {
      let tape = Tape(random: RandomSource(seed: 5, step))
      let gradients = tape.gradients(of: loss(model, step, tape)).parameters
      optimizer.update(model: &model, gradients: gradients, learningRate: learningRate)
    }
    return model
  }

  /// A file with this text.
  static func file(_ text: String, in folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/data.txt"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
