import Audio
import Configuration
import Decoding
import Layers
import ModelFiles
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
  /// - Parameters:
  ///   - file: A model or checkpoint, whose weights, alphabet and statistics are taken; its network must
  ///     be that of the recipe.
  ///   - policy: What becomes of the file's alphabet.
  init(
    _ recipe: RecognitionRecipe, strict: Bool, file: ModelFile?, policy: AlphabetPolicy = .keep,
    progress: (String) -> Void
  ) throws(TrainerError) {
    let stored = try file.map { file throws(TrainerError) in
      try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in try Recognizer(file) }
    }
    let samples = try Self.read(recipe.data.train).filter {
      !recipe.data.excludedSpeakers.contains($0.speaker ?? "")
    }
    let validationSamples = try Self.read(recipe.data.validation)
    var counts = Self.characterCounts(samples, recipe)
    if let note = Self.rareCharacterNote(samples, counts: counts, recipe) { progress(note) }
    Self.countSeparators(recipe, in: &counts)
    let alphabet = try Self.alphabet(
      of: counts, recipe, stored: stored, policy: policy, path: file?.path)
    var extractor = try mapping(TrainerError.configuration) { () throws(ConfigurationError) in
      try InputExtractor(recipe.features, statistics: stored?.extractor.statistics)
    }
    let signals = SignalSource(
      extractor, byteLimit: recipe.data.cacheMegabytes << 20,
      maximumDuration: recipe.data.maximumDuration)
    let model = try Self.model(
      recipe, inputSize: extractor.featureSize, alphabet: alphabet, file: file,
      fileAlphabet: stored?.alphabet)

    let rules = DatasetAudit.Rules(
      alphabet: alphabet, normalization: recipe.text,
      maximumDuration: recipe.data.maximumDuration, maximumFrames: recipe.data.maximumFrames,
      frameCount: { [extractor] in extractor.frameCount(of: $0) },
      outputLength: { model.outputLength($0) })
    progress("checking \(samples.count) + \(validationSamples.count) samples")
    let audit = DatasetAudit(samples, rules: rules, signals: signals)
    let validationAudit = DatasetAudit(validationSamples, rules: rules, signals: signals)
    problems = audit.problems + validationAudit.problems
    for (audit, name) in [(audit, "training"), (validationAudit, "validation")] {
      if let note = Self.unknownCharacterNote(audit, of: name) { progress(note) }
    }
    let accepted = try mapping(TrainerError.audit) { () throws(AuditError) in
      try audit.samples(strict: strict)
    }
    if extractor.needsStatistics, case .sound(let sound) = extractor,
      case .sound(let recordings) = signals
    {
      progress("gathering feature statistics")
      let statistics = try mapping(TrainerError.sample) { () throws(SampleProblem) in
        try Dataset.statistics(of: accepted, signals: recordings, extractor: sound)
      }
      extractor = try mapping(TrainerError.configuration) { () throws(ConfigurationError) in
        try InputExtractor(recipe.features, statistics: statistics)
      }
    }
    recognizer = Recognizer(
      configuration: recipe.recognizer, alphabet: alphabet, extractor: extractor, model: model)
    let pipeline = SamplePipeline(
      signals: signals, extractor: extractor, alphabet: alphabet, normalization: recipe.text,
      augmenter: try InputAugmenter(recipe.augmentation, extractor: extractor),
      seed: UInt64(recipe.rules.seed))
    training = Dataset(
      recordings: accepted,
      composer: try mapping(TrainerError.composition) { () throws(CompositionError) in
        try recipe.composition.map { configuration throws(CompositionError) in
          try Composer(accepted, configuration: configuration, seed: UInt64(recipe.rules.seed))
        }
      }, pipeline: pipeline, batching: recipe.rules.batching)
    guard !validationSamples.isEmpty else { return }
    var held = try mapping(TrainerError.audit) { () throws(AuditError) in
      try validationAudit.samples(strict: strict)
    }
    if var configuration = recipe.composition {
      // One string for each recording, the same ones after every epoch.
      configuration.itemsPerEpoch = nil
      held = try mapping(TrainerError.composition) { () throws(CompositionError) in
        try Composer(held, configuration: configuration, seed: UInt64(recipe.rules.seed))
          .samples(epoch: 0)
      }
    }
    validation = Dataset(
      recordings: held, pipeline: pipeline.withoutAugmentation, batching: recipe.rules.batching)
  }

  /// The recipe's network, with drawn weights or with those of a file.
  private static func model(
    _ recipe: RecognitionRecipe, inputSize: Int, alphabet: Alphabet, file: ModelFile?,
    fileAlphabet: Alphabet?
  ) throws(TrainerError) -> any SequenceModel {
    var random = RandomSource(
      seed: UInt64(recipe.rules.seed), RandomPurpose.initialization.rawValue)
    var model = recipe.model.makeModel(
      inputSize: inputSize, labelCount: alphabet.labelCount, random: &random)
    if var file {
      if let fileAlphabet { file.replaceAlphabet(fileAlphabet, by: alphabet, drawn: model) }
      try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
        try file.load(into: &model)
      }
    }
    return model
  }

  private static func read(_ manifests: [String]) throws(TrainerError) -> [Sample] {
    var samples: [Sample] = []
    for path in manifests {
      samples += try mapping(TrainerError.manifest) { () throws(ManifestError) in
        try Manifest.read(path)
      }
    }
    return samples
  }
}
