import Autograd
import Layers
import ModelFiles
import Tensors
import Translation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Learning to translate: sentences become tokens, and the loss is the cross-entropy of each token of
/// the translation, given the ones before.
public struct TranslationTask: TrainingTask {
  /// Better translations are those of more BLEU.
  public static let criterion: Measure? = .bleu
  /// Speed is told in tokens of the target language.
  public static let unit = "tokens"

  private let recipe: TranslationRecipe
  private var translator: Translator
  private let training: [TokenPair]
  private let validation: [TokenPair]
  private let held: ParallelCorpus?
  private let resampling: SubwordResampling?

  private var target: Vocabulary { translator.vocabularies.target }

  /// Reads the texts, learns the vocabularies or takes those of the file, and makes the network.
  public init(
    _ recipe: TranslationRecipe, start: TrainingStart, note: (String) -> Void
  ) throws(TrainerError) {
    self.recipe = recipe
    let corpus = try Self.read(recipe.data.source, recipe.data.target)
    let stored = try start.file.map { file throws(TrainerError) in
      try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in try Translator(file) }
    }
    var vocabularies = stored?.vocabularies
    if vocabularies == nil {
      note("learning the vocabulary of \(corpus.count) pairs of sentences")
      vocabularies = try mapping(TrainerError.translation) { () throws(TranslationError) in
        try VocabularyPair(
          learningFrom: corpus, recipe.vocabulary)
      }
    }
    guard let vocabularies else { preconditionFailure("TranslationTask: no vocabulary") }
    let filter = PairFilter(
      maximumLength: recipe.data.maximumLength, maximumLengthRatio: recipe.data.maximumLengthRatio)
    let (fit, leftOut) = filter(Self.tokens(of: corpus, vocabularies)) {
      ($0.source.count - 1, $0.target.count)
    }
    training = fit
    if leftOut.count > 0 { note("left out \(leftOut.count) pairs: \(leftOut)") }
    resampling = SubwordResampling(recipe, vocabularies)
    guard !training.isEmpty else { throw .noExamples(path: recipe.data.source) }
    var held: ParallelCorpus?
    if let source = recipe.data.validationSource, let target = recipe.data.validationTarget {
      held = try Self.read(source, target)
    }
    validation = held.map { Self.tokens(of: $0, vocabularies) } ?? []
    self.held = held
    translator = try Self.translator(recipe, vocabularies, file: start.file)
    note(
      "\(training.count) + \(validation.count) pairs of sentences, \(vocabularies.source.count) and "
        + "\(vocabularies.target.count) tokens, \(translator.network.parameterCount) parameters")
    translator.network.setPrecision(recipe.rules.precision)
  }

  private static func read(
    _ source: String, _ target: String
  ) throws(TrainerError) -> ParallelCorpus {
    try mapping(TrainerError.translation) { () throws(TranslationError) in
      try ParallelCorpus(source: source, target: target)
    }
  }

  private static func tokens(
    of corpus: ParallelCorpus, _ vocabularies: VocabularyPair
  ) -> [TokenPair] {
    zip(corpus.source, corpus.target).map {
      TokenPair(
        source: vocabularies.source.encode($0) + [vocabularies.source.end],
        target: vocabularies.target.encode($1))
    }
  }

  private static func translator(
    _ recipe: TranslationRecipe, _ vocabularies: VocabularyPair, file: ModelFile?
  ) throws(TrainerError) -> Translator {
    var random = RandomSource(
      seed: UInt64(recipe.rules.seed), RandomPurpose.initialization.rawValue)
    var network = TranslationNetwork(
      recipe.model, sourceCount: vocabularies.source.count,
      targetCount: vocabularies.target.count, random: &random)
    if let file {
      try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
        try file.load(into: &network)
      }
    }
    var configuration = TranslatorConfiguration()
    configuration.model = recipe.model
    configuration.search = recipe.search
    return Translator(configuration: configuration, vocabularies: vocabularies, network: network)
  }

  /// Shows the parameters of the network.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    translator.network.visit(&visitor)
  }

  private func plan(epoch: Int) -> BatchPlan {
    BatchPlan(
      lengths: training.map { $0.source.count + $0.target.count },
      configuration: recipe.rules.batching, seed: UInt64(recipe.rules.seed), epoch: epoch)
  }

  /// The number of batches of an epoch.
  public func batchCount(epoch: Int) -> Int { plan(epoch: epoch).batches.count }

  /// The batches of an epoch, sentences of similar length together.
  public func batches(epoch: Int, startingAt start: Int) -> BatchLoader<TranslationBatch> {
    let (plan, pairs, target) = (plan(epoch: epoch), training, target)
    let resampling = resampling
    return BatchLoader(count: plan.batches.count, startingAt: start) { index, _ in
      TranslationBatch(
        plan.batches[index].map {
          resampling?(pairs[$0], epoch: epoch, index: $0) ?? pairs[$0]
        }, padding: target.padding, begin: target.begin, end: target.end)
    }
  }

  /// The mean cost of a token, in nats.
  public func loss(
    of batch: TranslationBatch, at progress: TrainingProgress, on tape: Tape
  ) -> Variable {
    let probability = recipe.scheduledSampling.probability(at: progress)
    var batch = batch
    if probability > 0 { mix(&batch, probability, random: &tape.random) }
    return cost(of: batch, labelSmoothing: recipe.labelSmoothing, on: tape).loss
  }

  private func mix(
    _ batch: inout TranslationBatch, _ probability: Float, random: inout RandomSource
  ) {
    let logits = translator.network.logits(
      batch.input, memory: translator.network.encode(batch.source),
      memoryLengths: batch.source.frameLengths)
    batch.input = ScheduledSampling.mix(
      batch.input, logits.tensor, probability: probability, random: &random)
  }

  private func cost(
    of batch: TranslationBatch, labelSmoothing: Float, on tape: Tape? = nil
  ) -> (loss: Variable, perRow: [Float]) {
    let network = translator.network
    let logits = network.packedLogits(
      batch.input, memory: network.encode(batch.source, on: tape),
      memoryLengths: batch.source.frameLengths, on: tape)
    let targets = batch.targets.rows.map { batch.targets.labels[$0] }
    return crossEntropy(
      logits: logits, targets: targets, labelSmoothing: labelSmoothing, on: tape)
  }

  /// The mean cost of a token without smoothing, its exponential, and BLEU and chrF of the
  /// translations.
  public func score() -> TaskScore? {
    guard !validation.isEmpty else { return nil }
    var (sum, count) = (0.0, 0)
    let plan = BatchPlan(
      sorting: validation.map { $0.source.count + $0.target.count },
      configuration: recipe.rules.batching)
    for indices in plan.batches {
      let batch = TranslationBatch(
        indices.map { validation[$0] }, padding: target.padding, begin: target.begin,
        end: target.end)
      sum += cost(of: batch, labelSmoothing: 0).perRow.reduce(0.0) { $0 + Double($1) }
      count += batch.frameCount
    }
    let loss = sum / Double(max(1, count))
    var measures: [Measure: Double] = [.perplexity: exp(loss)]
    let tried = min(recipe.data.validationTranslations, validation.count)
    guard let held, tried > 0 else { return TaskScore(loss: loss, measures: measures) }
    // From the texts: words that the vocabulary lacks are copied from them.
    let translations = translator.translate(Array(held.source[..<tried]))
      .map { $0.first?.text ?? "" }
    let references = held.target[..<tried].map { [$0] }
    measures[.bleu] = BLEU().score(translations, references: references).score
    measures[.chrF] = ChrF().score(translations, references: references).score
    return TaskScore(loss: loss, measures: measures)
  }

  /// The translator.
  public func modelFile() throws(CheckpointError) -> ModelFile { try translator.modelFile() }
}
