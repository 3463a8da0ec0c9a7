import ArgumentParser
import Benchmarking
import Decoding
import Files
import Foundation
import Tensors

struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract:
      "Time the beam search with a word 3-gram, one utterance of 500 frames, on one thread.",
    discussion: """
      Times are those of one of five utterances, beam 100. With --export the log-probabilities, the \
      language model and the texts that were found are written for other decoders.
      """)

  @Option(help: "A folder that the work and the texts are written into, made if missing.")
  var export: String?

  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    let scratch = FileManager.default.temporaryDirectory.appending(
      path: "scribe-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let workload = try DecodingWorkload(folder: scratch.path(percentEncoded: false))
    if let export {
      try FileManager.default.createDirectory(
        atPath: export, withIntermediateDirectories: true)
      try workload.export(to: export)
    }
    WorkerPool.threadCount = 1
    for setting in Setting.allCases {
      let search = try setting.search(workload)
      try printer(Self.record(setting, search, workload, repetitions: options.repetitions))
      guard let export, let file = setting.file else { continue }
      let texts = workload.utterances.map { workload.alphabet.decode(search.best($0).labels) }
      try AtomicFile.write(
        Array(texts.joined(separator: "\n").utf8), to: "\(export)/\(file)")
    }
  }

  /// What is pruned, and whether there is a language model.
  private enum Setting: CaseIterable {
    case full, narrow, withoutModel

    func search(_ workload: DecodingWorkload) throws -> PrefixBeamSearch {
      var configuration = DecodingConfiguration()
      if self != .full {
        (configuration.minimumLogProbability, configuration.scoreThreshold) = (-5, 10)
      }
      return try PrefixBeamSearch(
        alphabet: workload.alphabet, configuration: configuration,
        models: self == .withoutModel ? [] : [workload.model])
    }

    /// Where the texts go that were found with the language model.
    var file: String? {
      switch self {
      case .full: "defaults.txt"
      case .narrow: "narrow.txt"
      case .withoutModel: nil
      }
    }

    var name: String { self == .withoutModel ? "decode, no model" : "decode, word 3-gram" }
    var mode: String { self == .full ? "defaults" : "labels over e^-5, scores within 10" }
  }

  private static func record(
    _ setting: Setting, _ search: PrefixBeamSearch, _ workload: DecodingWorkload, repetitions: Int
  ) -> BenchmarkRecord {
    let measurement = measure(repetitions: repetitions) {
      for utterance in workload.utterances { _ = search.best(utterance) }
    }
    let count = Double(workload.utterances.count)
    return BenchmarkRecord(
      setting.name, mode: setting.mode, threads: 1,
      Measurement(measurement.seconds.map { $0 / count }))
  }
}
