import Audio
import Configuration
import Foundation
import Recognition
import Tensors
import Testing
import Training

/// A language that a small network learns in seconds: each letter is a tone.
enum Tones {
  static let sampleRate = 8000
  private static let frequencies: [Character: Double] = [
    "a": 350, "b": 600, "c": 950, "d": 1450, "e": 2200,
  ]

  /// A text as sound: 90 ms for a letter, 40 ms after it, 120 ms of silence for a space.
  static func samples(_ text: String, seed: UInt64, amplitude: Double = 0.4) -> [Float] {
    var random = RandomSource(seed: seed)
    var samples: [Float] = []
    func add(_ duration: Double, _ frequency: Double?) {
      let step = 2 * Double.pi * (frequency ?? 0) / Double(sampleRate)
      let loudness = frequency == nil ? 0 : amplitude
      for index in 0..<Int(duration * Double(sampleRate)) {
        samples.append(
          Float(loudness * sin(step * Double(index))) + 0.01 * random.uniform(in: -1...1))
      }
    }
    add(0.05, nil)
    for letter in text {
      add(0.09, frequencies[letter])
      add(0.04, nil)
    }
    return samples
  }

  /// Random words.
  static func texts(_ count: Int, letters: String = "abc", seed: UInt64 = 1) -> [String] {
    var random = RandomSource(seed: seed)
    let letters = Array(letters)
    return (0..<count).map { _ in
      String((0..<random.integer(in: 1...5)).map { _ in letters.randomElement(using: &random)! })
    }
  }

  /// Writes each text beside its recording; the folder is a manifest.
  @discardableResult
  static func write(
    _ texts: [String], to name: String, in folder: TemporaryFolder, seed: UInt64 = 10
  ) throws -> String {
    for (index, text) in texts.enumerated() {
      let stem = "\(name)/\(index < 10 ? "0" : "")\(index)"
      let path = try folder.write(stem + ".txt", text).dropLast(4) + ".wav"
      try AudioFile.write(
        Waveform(samples: samples(text, seed: seed + UInt64(index)), sampleRate: sampleRate),
        to: String(path))
    }
    return folder.path + "/" + name
  }

  /// A small recipe; recordings are twenty times longer than a step.
  static func recipe(train: String, validation: String? = nil) -> RecognitionRecipe {
    var recipe = RecognitionRecipe()
    recipe.data.train = [train]
    recipe.data.validation = validation.map { [$0] } ?? []
    recipe.features.sound.sampleRate = sampleRate
    recipe.features.sound.windowLength = 0.02
    recipe.features.sound.melCount = 16
    recipe.rules.batching.size = 3
    recipe.rules.optimizer.kind = .adam
    recipe.rules.optimizer.learningRate = 3e-3
    recipe.model = deepSpeech2(.gru)
    recipe.rules.epochs = 3
    return recipe
  }

  /// A small Deep Speech 2 that sees every second frame.
  static func deepSpeech2(
    _ cell: DeepSpeech2Configuration.Cell,
    _ change: (inout DeepSpeech2Configuration) -> Void = { _ in }
  ) -> ModelConfiguration {
    var sizes = DeepSpeech2Configuration()
    (sizes.convolutions, sizes.contextSize, sizes.frameStride) = ([], 1, 2)
    (sizes.cell, sizes.layerCount, sizes.hiddenSize) = (cell, 1, 12)
    change(&sizes)
    return .deepSpeech2(sizes)
  }

  /// Everything that is random in a training: augmentation, composition, dropout; and the running
  /// statistics of batch normalisation.
  static func eventful(_ recipe: RecognitionRecipe) -> RecognitionRecipe {
    var recipe = recipe
    recipe.augmentation.sound.speed.probability = 0.5
    recipe.augmentation.sound.noise.probability = 0.5
    recipe.augmentation.sound.gain.probability = 0.5
    recipe.augmentation.sound.reverberation.probability = 0.3
    recipe.augmentation.sound.telephone.probability = 0.3
    recipe.augmentation.sound.spectral.probability = 0.5
    recipe.augmentation.sound.spectral.timeMaskFrames = 4
    recipe.augmentation.sound.spectral.timeWarpFrames = 2
    var composition = CompositionConfiguration()
    (composition.maximumItems, composition.itemsPerEpoch) = (3, 10)
    composition.sameSpeakerProbability = 0
    recipe.composition = composition
    recipe.features.sound.normalization = .dataset
    switch recipe.model {
    case .deepSpeech(var sizes):
      sizes.dropout = 0.2
      recipe.model = .deepSpeech(sizes)
    case .deepSpeech2(var sizes):
      (sizes.dropout, sizes.batchNorm) = (0.2, true)
      sizes.layerCount = 2
      recipe.model = .deepSpeech2(sizes)
    case .convolutionalRecurrent(var sizes):
      (sizes.dropout, sizes.layerCount) = (0.2, 2)
      recipe.model = .convolutionalRecurrent(sizes)
    }
    return recipe
  }

  /// A reporter that nobody hears.
  static var quiet: ProgressReporter {
    ProgressReporter(output: .init(isTerminal: false) { _ in })
  }

  static func trainer(
    _ recipe: RecognitionRecipe, to folder: String, resume: Bool = false,
    stop: StopFlag = StopFlag()
  ) throws -> Trainer<RecognitionTask> {
    var options = TrainerOptions(outputFolder: folder)
    options.resume = resume
    return try Trainer<RecognitionTask>(recipe, options: options, stop: stop, reporter: quiet)
  }

  static func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// The records of a log without what a clock measured.
  static func timeless(_ path: String) throws -> [MetricsRecord] {
    try MetricsLog.read(path).map { record in
      var record = record
      (record.seconds, record.framesPerSecond) = (nil, nil)
      return record
    }
  }
}
