import Autograd
import Benchmarking
import Layers
import Tensors
import Translation

/// Sentences of made-up tokens and the network of `configs/en-de.yaml`; `bench/translate.py` makes the
/// same.
struct TranslationWorkload {
  static let tokenCount = 6000
  static let pairCount = 64
  static let sentenceCount = 256
  static let labelSmoothing: Float = 0.1
  static let maximumGradientNorm: Float = 1
  static let padding = 0
  static let begin = 1
  static let end = 2

  /// The length of a sentence, 13 to 19 with the mark of the end, 16 on average.
  static func sourceLength(_ index: Int) -> Int { 13 + index * 5 % 7 }

  /// The length of its translation: pairs of one batch have about as many tokens in all.
  static func targetLength(_ index: Int) -> Int { 32 - sourceLength(index) }

  /// The most tokens of a translation, all of which are written: random weights would not end.
  ///
  /// - Parameter length: Of the source.
  static func writtenLength(_ length: Int) -> Int { 10 + length / 2 }

  static func network(_ precision: Precision) -> TranslationNetwork {
    var configuration = TranslationNetworkConfiguration()
    configuration.decoder.cell = .gru
    configuration.decoder.hiddenSize = 384
    configuration.decoder.attention.kind = .general
    var random = RandomSource(seed: 5)
    var network = TranslationNetwork(
      configuration, sourceCount: tokenCount, targetCount: tokenCount, random: &random)
    network.setPrecision(precision)
    return network
  }

  static func tokens(_ count: Int, random: inout RandomSource) -> [Int] {
    (0..<count).map { _ in random.integer(in: 3...tokenCount - 1) }
  }
}

/// One batch of pairs, trained on again and again.
struct TranslationTrainingStep {
  private var network: TranslationNetwork
  private var optimizer: Optimizer
  private let source: LabelBatch
  private let input: LabelBatch
  private let targets: LabelBatch
  private var count = 0

  /// Of the last step.
  private(set) var loss: Float = .nan

  init(_ precision: Precision) {
    typealias Workload = TranslationWorkload
    network = Workload.network(precision)
    var configuration = OptimizerConfiguration()
    configuration.kind = .adam
    configuration.weightDecay = 0
    optimizer = Optimizer(configuration)
    var random = RandomSource(seed: 6)
    var (sources, written): ([[Int]], [[Int]]) = ([], [])
    for index in 0..<Workload.pairCount {
      sources.append(
        Workload.tokens(Workload.sourceLength(index) - 1, random: &random) + [Workload.end])
      written.append(Workload.tokens(Workload.targetLength(index) - 1, random: &random))
    }
    source = LabelBatch(sources, padding: Workload.padding)
    input = LabelBatch(written.map { [Workload.begin] + $0 }, padding: Workload.padding)
    targets = LabelBatch(written.map { $0 + [Workload.end] }, padding: Workload.padding)
  }

  /// The tokens of the translations, marks of the end included.
  var tokenCount: Int { targets.frameLengths.reduce(0, +) }

  /// What `TranslationTask` and the trainer do with a batch.
  mutating func run() {
    typealias Workload = TranslationWorkload
    count += 1
    let tape = Tape(random: RandomSource(seed: 7, count))
    let logits = network.packedLogits(
      input, memory: network.encode(source, on: tape), memoryLengths: source.frameLengths,
      on: tape)
    let (loss, _) = crossEntropy(
      logits: logits, targets: targets.rows.map { targets.labels[$0] },
      labelSmoothing: Workload.labelSmoothing, on: tape)
    let gradients = tape.gradients(of: loss).parameters
    let norm = network.gradientNorm(gradients)
    optimizer.update(
      model: &network, gradients: gradients, learningRate: 1e-4,
      gradientScale: clippingScale(norm: norm, maximum: Workload.maximumGradientNorm))
    self.loss = loss.tensor.item
  }
}

/// Sentences that are translated with weights as they were drawn.
struct TranslationSearchWork {
  private let search: TranslationSearch
  private let batches: [[[Int]]]

  init(_ precision: Precision, beamWidth: Int) {
    typealias Workload = TranslationWorkload
    var configuration = TranslationSearchConfiguration()
    configuration.beamWidth = beamWidth
    configuration.maximumLengthRatio = 0.5
    search = TranslationSearch(
      [Workload.network(precision)], configuration: configuration, begin: Workload.begin,
      end: Workload.end, excluded: [Workload.padding, Workload.begin, Workload.end])
    var random = RandomSource(seed: 8)
    // Sentences of similar length lie together, as a translator puts them.
    let sentences = (0..<Workload.sentenceCount).map { index in
      Workload.tokens(Workload.sourceLength(index) - 1, random: &random) + [Workload.end]
    }.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
      .map(\.element)
    batches = stride(from: 0, to: sentences.count, by: configuration.sentencesAtOnce).map {
      Array(sentences[$0..<min($0 + configuration.sentencesAtOnce, sentences.count)])
    }
  }

  /// The tokens of the best translations.
  var tokenCount: Int {
    batches.joined().reduce(0) { $0 + TranslationWorkload.writtenLength($1.count) }
  }

  /// Translates all sentences and says how many tokens the best translations have.
  func run() -> Int {
    batches.reduce(0) { sum, batch in
      search(batch).reduce(sum) { $0 + ($1.first?.tokens.count ?? 0) }
    }
  }
}
