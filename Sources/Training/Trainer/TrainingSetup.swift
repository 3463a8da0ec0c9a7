import Audio
import Decoding
import Layers
import Recognition
import Tensors

/// The data of a training, read and checked, and the recognizer that it begins with.
struct TrainingSetup {
  var recognizer: Recognizer
  var training: Dataset
  var validation: Dataset?
  /// Samples that were left out, with reasons.
  var problems: [SampleProblem] = []

  /// Reads manifests, checks every sample, and builds alphabet, statistics and network.
  ///
  /// - Parameter stored: The recognizer of a checkpoint, whose alphabet and statistics are kept.
  init(
    _ recipe: Recipe, strict: Bool, stored: Recognizer?, progress: (String) -> Void
  ) throws(TrainerError) {
    let samples = try Self.read(recipe.data.train).filter {
      !recipe.data.excludedSpeakers.contains($0.speaker ?? "")
    }
    let validationSamples = try Self.read(recipe.data.validation)
    let alphabet = stored?.alphabet ?? Self.alphabet(of: samples, recipe)
    let signals = SignalCache(
      sampleRate: recipe.features.sampleRate, byteLimit: recipe.data.cacheMegabytes << 20,
      maximumDuration: recipe.data.maximumDuration)
    var random = RandomSource(seed: UInt64(recipe.seed), RandomPurpose.initialization.rawValue)
    var extractor = try mapping(TrainerError.configuration) { () throws(_) in
      try FeatureExtractor(recipe.features, statistics: stored?.extractor.statistics)
    }
    let model =
      stored?.model
      ?? recipe.model.makeModel(
        inputSize: extractor.featureSize, labelCount: alphabet.labelCount, random: &random)

    let rules = DatasetAudit.Rules(
      alphabet: alphabet, normalization: recipe.text,
      maximumDuration: recipe.data.maximumDuration
    ) { [extractor] in model.outputLength(extractor.frameCount(sampleCount: $0)) }
    progress("checking \(samples.count) + \(validationSamples.count) samples")
    let audit = DatasetAudit(samples, rules: rules, signals: signals)
    let validationAudit = DatasetAudit(validationSamples, rules: rules, signals: signals)
    problems = audit.problems + validationAudit.problems
    let accepted = try mapping(TrainerError.audit) { () throws(_) in
      try audit.samples(strict: strict)
    }
    if extractor.needsStatistics {
      progress("gathering feature statistics")
      let statistics = try mapping(TrainerError.sample) { () throws(_) in
        try Dataset.statistics(of: accepted, signals: signals, extractor: extractor)
      }
      extractor = try mapping(TrainerError.configuration) { () throws(_) in
        try FeatureExtractor(recipe.features, statistics: statistics)
      }
    }
    recognizer = Recognizer(
      configuration: recipe.recognizer, alphabet: alphabet, extractor: extractor, model: model)
    let pipeline = SamplePipeline(
      signals: signals, extractor: extractor, alphabet: alphabet, normalization: recipe.text,
      augmenter: try mapping(TrainerError.audio) { () throws(_) in
        try Augmenter(recipe.augmentation, sampleRate: recipe.features.sampleRate)
      }, seed: UInt64(recipe.seed))
    training = Dataset(
      recordings: accepted,
      composer: try mapping(TrainerError.composition) { () throws(_) in
        try recipe.composition.map { configuration throws(CompositionError) in
          try Composer(accepted, configuration: configuration, seed: UInt64(recipe.seed))
        }
      }, pipeline: pipeline, batching: recipe.batching)
    guard !validationSamples.isEmpty else { return }
    let held = try mapping(TrainerError.audit) { () throws(_) in
      try validationAudit.samples(strict: strict)
    }
    validation = Dataset(
      recordings: held, pipeline: pipeline.withoutAugmentation, batching: recipe.batching)
  }

  private static func read(_ manifests: [String]) throws(TrainerError) -> [Sample] {
    var samples: [Sample] = []
    for path in manifests {
      samples += try mapping(TrainerError.manifest) { () throws(_) in try Manifest.read(path) }
    }
    return samples
  }

  private static func alphabet(of samples: [Sample], _ recipe: Recipe) -> Alphabet {
    Alphabet(
      counts: Alphabet.graphemeCounts(in: samples.lazy.map { recipe.text($0.text) }),
      minimumCount: recipe.data.minimumCharacterCount)
  }
}
