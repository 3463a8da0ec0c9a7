import ArgumentParser
import Audio
import Configuration
import Tensors

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Time log-mel features of a minute of sound at 16 kHz, on one thread.")

  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try printer(Self.record(repetitions: options.repetitions))
  }

  static func record(repetitions: Int) throws -> BenchmarkRecord {
    WorkerPool.threadCount = 1
    var configuration = FeatureConfiguration()
    configuration.kind = .logMel
    let extractor = try FeatureExtractor(configuration)
    var random = RandomSource(seed: 4)
    let sound = Waveform(
      samples: (0..<60 * configuration.sampleRate).map { _ in random.uniform(in: -0.5...0.5) },
      sampleRate: configuration.sampleRate)
    let measurement = measure(repetitions: repetitions) { _ = extractor.unnormalized(sound) }
    let name = "log-mel of \(configuration.melCount) bands, 60 s"
    var record = BenchmarkRecord(name, threads: 1, measurement)
    record.audioSecondsPerSecond = (sound.duration / measurement.median).rounded()
    return record
  }
}
