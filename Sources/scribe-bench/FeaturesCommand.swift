import ArgumentParser
import Audio
import Benchmarking
import Configuration
import Tensors

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Time log-mel features of a minute of sound at 16 kHz, on one thread.",
    discussion: "Frames of 25 ms every 10 ms, transforms of 512 samples, 40 and 80 bands.")

  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try Self.forEachRecord(repetitions: options.repetitions, printer.callAsFunction)
  }

  static func forEachRecord(
    repetitions: Int, _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    for bands in [FeatureConfiguration().melCount, 80] {
      try body(record(bands: bands, repetitions: repetitions))
    }
  }

  private static func record(bands: Int, repetitions: Int) throws -> BenchmarkRecord {
    WorkerPool.threadCount = 1
    var configuration = FeatureConfiguration()
    configuration.kind = .logMel
    configuration.melCount = bands
    configuration.fftSize = 512
    let extractor = try FeatureExtractor(configuration)
    var random = RandomSource(seed: 4)
    let sound = Waveform(
      samples: (0..<60 * configuration.sampleRate).map { _ in random.uniform(in: -0.5...0.5) },
      sampleRate: configuration.sampleRate)
    let measurement = measure(repetitions: repetitions) { _ = extractor.unnormalized(sound) }
    var record = BenchmarkRecord("log-mel of \(bands) bands, 60 s", threads: 1, measurement)
    record.audioSecondsPerSecond = (sound.duration / measurement.median).rounded()
    return record
  }
}
