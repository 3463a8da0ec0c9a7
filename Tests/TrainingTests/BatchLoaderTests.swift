import Audio
import Decoding
import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite(.serialized) struct BatchLoaderTests {
  let folder: TemporaryFolder
  let recordings: [Sample]

  init() throws {
    folder = try TemporaryFolder()
    recordings = try Recordings.write(30, in: folder)
  }

  private func pipeline(augmented: Bool) throws -> SamplePipeline {
    var augmentation = AugmentationConfiguration()
    augmentation.speed.probability = 0.8
    augmentation.noise.probability = 0.5
    augmentation.gain.probability = 0.5
    augmentation.spectral.probability = 0.5
    let augmenter = try Augmenter(augmentation, sampleRate: Recordings.sampleRate)
    return SamplePipeline(
      signals: .sound(SignalCache(sampleRate: Recordings.sampleRate, byteLimit: 100_000)),
      extractor: .sound(try Recordings.extractor()), alphabet: Recordings.alphabet(),
      normalization: TextNormalization(), augmenter: augmented ? .sound(augmenter) : nil, seed: 9)
  }

  private func dataset(composed: Bool = true, augmented: Bool = false) throws -> Dataset {
    var batching = BatchConfiguration()
    batching.size = 4
    var composition = CompositionConfiguration()
    composition.maximumItems = 3
    composition.probability = 0.7
    let composer = try Composer(recordings, configuration: composition, seed: 9)
    return Dataset(
      recordings: recordings, composer: composed ? composer : nil,
      pipeline: try pipeline(augmented: augmented), batching: batching)
  }

  private func expectSame(_ found: [Batch], _ expected: [Batch]) {
    #expect(found.map(\.index) == expected.map(\.index))
    #expect(found.map(\.samples) == expected.map(\.samples))
    #expect(found.map(\.targets) == expected.map(\.targets))
    #expect(found.map(\.frameLengths) == expected.map(\.frameLengths))
    #expect(found.map(\.features) == expected.map(\.features), "features, bit for bit")
  }

  @Test(arguments: [0, 3])
  func batchesHoldWhatThePlanSays(epoch: Int) throws {
    let dataset = try dataset()
    let plan = dataset.epoch(epoch)
    let batches = Array(dataset.loader(plan))
    #expect(batches.map(\.index) == Array(plan.plan.batches.indices))
    for (batch, indices) in zip(batches, plan.plan.batches) {
      #expect(batch.dropped.isEmpty)
      #expect(batch.samples == indices.map { plan.samples[$0] })
      #expect(batch.frameLengths == batch.frameLengths.sorted(by: >))
      #expect(batch.frameCount == plan.plan.frameCounts[batch.index], "as planned: no augmentation")
      for (row, sample) in batch.samples.enumerated() {
        #expect(Recordings.alphabet().decode(batch.targets[row]) == sample.text)
        try expectRow(batch, row, of: sample, dataset.pipeline)
      }
    }
  }

  /// A row holds the features of its sample alone, and zeros after them.
  private func expectRow(
    _ batch: Batch, _ row: Int, of sample: Sample, _ pipeline: SamplePipeline
  ) throws {
    let alone = pipeline.extractor(try pipeline.signals.signal(of: sample))
    let (time, size) = (batch.frameLengths[row], pipeline.extractor.featureSize)
    #expect(alone.shape == [time, size])
    let all = batch.features.scalars
    for frame in 0..<batch.features.shape[0] {
      let start = (frame * batch.count + row) * size
      let expected =
        frame < time
        ? Array(alone.scalars[frame * size..<(frame + 1) * size])
        : [Float](repeating: 0, count: size)
      guard Array(all[start..<start + size]) == expected else {
        Issue.record("batch \(batch.index), row \(row), frame \(frame)")
        return
      }
    }
  }

  @Test func threadsAndQueueLengthChangeNothing() throws {
    let epoch = try dataset(augmented: true).epoch(2)
    let load = { (ahead: Int, threads: Int) in
      Array(try dataset(augmented: true).loader(epoch, ahead: ahead, threadCount: threads))
    }
    let reference = try load(1, 1)
    for (ahead, threads) in [(2, 1), (3, 2), (4, 4), (50, 3)] {
      expectSame(try load(ahead, threads), reference)
    }
  }

  @Test func augmentationDiffersByEpochAndIsLeftOutOfValidation() throws {
    let dataset = try dataset(composed: false, augmented: true)
    let sample = recordings[5]
    let item = { (epoch: Int, index: Int) in
      try dataset.pipeline.item(sample, epoch: epoch, index: index).features
    }
    #expect(try item(1, 5) == item(1, 5))
    #expect(try item(1, 5) != item(2, 5))
    #expect(try item(1, 5) != item(1, 6))
    let plain = try self.dataset(composed: false)
    expectSame(
      Array(dataset.loader(dataset.evaluation())), Array(plain.loader(plain.evaluation())))
  }

  @Test(arguments: [0, 1, 5])
  func resumingGivesTheTailOfTheEpoch(start: Int) throws {
    let dataset = try dataset(augmented: true)
    let epoch = dataset.epoch(1)
    let all = Array(dataset.loader(epoch))
    expectSame(Array(dataset.loader(epoch, startingAt: start)), Array(all.dropFirst(start)))
    let end = epoch.plan.batches.count
    #expect(dataset.loader(epoch, startingAt: end).next() == nil)
  }

  @Test func aFileThatVanishesIsDroppedAndTold() throws {
    let dataset = try dataset(composed: false)
    let victims = [recordings[3], recordings[17]]
    for victim in victims { try FileManager.default.removeItem(atPath: victim.clips[0].path) }
    let batches = Array(dataset.loader(dataset.epoch(0)))
    #expect(
      batches.flatMap(\.problems).map(\.sample.id).sorted() == victims.map(\.id).sorted())
    #expect(batches.flatMap(\.problems).allSatisfy { $0.reason.heading == "file missing" })
    #expect(batches.reduce(0) { $0 + $1.count } == 28)
  }

  @Test func aBatchWithoutAnyFileIsEmptyNotFatal() throws {
    let dataset = try dataset(composed: false)
    for sample in recordings { try FileManager.default.removeItem(atPath: sample.clips[0].path) }
    let batches = Array(dataset.loader(dataset.epoch(0)))
    #expect(batches.count == 8 && batches.allSatisfy(\.isEmpty))
    #expect(batches.reduce(0) { $0 + $1.dropped.count } == 30)
    #expect(batches[0].features.shape == [0, 0, 20])
  }

  @Test func cancellingStopsAndKeepsNothing() throws {
    weak var signals: SignalCache?
    do {
      let dataset = try dataset()
      guard case .sound(let cache) = dataset.pipeline.signals else { return }
      signals = cache
      let loader = dataset.loader(dataset.epoch(0), ahead: 4, threadCount: 2)
      _ = loader.next()
      loader.finish()
      #expect(loader.next() == nil)
      #expect(loader.next() == nil)
    }
    #expect(signals == nil, "no thread and no queue holds the loader's parts any more")
  }

  @Test func loadersMayBeLeftAtAnyTime() throws {
    let dataset = try dataset()
    let epoch = dataset.epoch(0)
    for taken in 0..<60 {
      let loader = dataset.loader(epoch, ahead: 1 + taken % 4, threadCount: 1 + taken % 3)
      for _ in 0..<taken % 7 { _ = loader.next() }
      if taken % 2 == 0 { loader.cancel() }
    }
  }

  @Test func evaluationVisitsEachRecordingOnceFromShortToLong() throws {
    let dataset = try dataset()
    let batches = Array(dataset.loader(dataset.evaluation()))
    let samples = batches.flatMap(\.samples)
    #expect(samples.map(\.id).sorted() == recordings.map(\.id).sorted())
    let longest = batches.map { $0.frameLengths[0] }
    #expect(longest == longest.sorted())
  }

  @Test func statisticsAreThoseOfAllFrames() throws {
    let extractor = try Recordings.extractor(.dataset)
    let signals = SignalCache(sampleRate: Recordings.sampleRate)
    let many = recordings + recordings + recordings  // more than one group
    let statistics = try Dataset.statistics(of: many, signals: signals, extractor: extractor)
    let rows = try recordings.flatMap { sample in
      let features = extractor.unnormalized(
        Waveform(samples: try signals.signal(of: sample), sampleRate: 8000))
      return (0..<features.shape[0]).map { frame in
        Array(features.scalars[frame * 20..<(frame + 1) * 20])
      }
    }
    #expect(statistics.frameCount == 3 * rows.count)
    let means = (0..<20).map { feature in
      rows.reduce(0.0) { $0 + Double($1[feature]) } / Double(rows.count)
    }
    expectClose(statistics.mean.map(Float.init), means.map(Float.init), absolute: 1e-4)
    try FileManager.default.removeItem(atPath: recordings[29].clips[0].path)
    let empty = SignalCache(sampleRate: Recordings.sampleRate)
    #expect(throws: SampleProblem.self) {
      try Dataset.statistics(of: many, signals: empty, extractor: extractor)
    }
  }
}

@Suite struct ComposedSetTests {
  @Test func stringsAreWrittenWithTheirManifest() throws {
    let folder = try TemporaryFolder()
    let samples = try Recordings.write(6, in: folder)
    let rows = samples.map {
      "{\"audio_filepath\": \"\($0.id)\", \"text\": \"\($0.text)\", \"speaker\": \"\($0.speaker ?? "")\"}"
    }
    let manifest = try folder.write("digits.jsonl", rows.joined(separator: "\n"))
    var configuration = CompositionConfiguration()
    configuration.minimumItems = 2
    configuration.maximumItems = 4
    let write = { (name: String, seed: UInt64) in
      try ComposedSet.write(
        manifest: manifest, to: folder.path + "/" + name, count: 12, configuration: configuration,
        seed: seed)
    }
    let written = try write("a", 4)
    let read = try Manifest.read(folder.path + "/a/manifest.jsonl")
    #expect(read == written)
    for sample in read {
      let info = try AudioFile.info(sample.clips[0].path)
      #expect(info.sampleRate == Recordings.sampleRate)
      #expect(abs((info.duration ?? 0) - (sample.duration ?? 1)) < 1e-9)
      #expect((2...4).contains(sample.text.split(separator: " ").count))
      try expectKnownCuts(sample)
    }
    _ = try write("b", 4)
    let other = try write("c", 5)
    let bytes = { (name: String) in
      try Data(contentsOf: URL(fileURLWithPath: folder.path + "/\(name)/string-0012.wav"))
    }
    #expect(try bytes("a") == bytes("b"))
    #expect(other.map(\.text) != written.map(\.text))
  }

  /// Each cut holds a recording, and between the cuts is nothing but silence.
  private func expectKnownCuts(_ sample: Sample) throws {
    #expect(sample.cuts.map(\.text).joined(separator: " ") == sample.text)
    let samples = try AudioFile.read(sample.clips[0].path).samples
    var position = 0
    for cut in sample.cuts {
      let start = Int((cut.start * Double(Recordings.sampleRate)).rounded())
      let end = Int((cut.end * Double(Recordings.sampleRate)).rounded())
      #expect(position <= start && start < end && end <= samples.count)
      #expect(samples[position..<start].dropFirst(2).dropLast(2).allSatisfy { $0 == 0 })
      #expect(samples[start..<end].contains { $0 != 0 })
      position = end
    }
    #expect(samples[position...].dropFirst(2).allSatisfy { $0 == 0 })
  }

  @Test func knownCutsAreReadAndChecked() throws {
    let folder = try TemporaryFolder()
    func read(_ words: String) throws -> [KnownCut] {
      let row = "{\"audio_filepath\": \"a.wav\", \"text\": \"one two\", \"words\": \(words)}"
      return try Manifest.read(try folder.write("w.jsonl", row))[0].cuts
    }
    #expect(
      try read("[{\"word\": \"one\", \"start\": 0.5, \"end\": 1}]") == [
        KnownCut(text: "one", start: 0.5, end: 1)
      ])
    for other in ["[]", "3", "[\"one\", \"two\"]", "null", "[{\"w\": 1}]"] {
      #expect(try read(other).isEmpty)
    }
    for wrong in ["{\"word\": \"one\"}", "{\"word\": \"one\", \"start\": 2, \"end\": 1}"] {
      #expect(throws: ManifestError.self) { try read("[\(wrong)]") }
    }
  }

  @Test func whatCannotBeReadOrWrittenIsNamed() throws {
    let folder = try TemporaryFolder()
    let good = try Recordings.write(1, in: folder)[0]
    let manifest = try folder.write(
      "m.jsonl", "{\"audio_filepath\": \"\(good.id)\", \"text\": \"one\", \"speaker\": \"a\"}")
    let missing = try folder.write(
      "n.jsonl", "{\"audio_filepath\": \"none.wav\", \"text\": \"one\", \"speaker\": \"a\"}")
    let write = { (manifest: String, target: String) in
      _ = try ComposedSet.write(
        manifest: manifest, to: target, count: 1, configuration: CompositionConfiguration(), seed: 1
      )
    }
    #expect(throws: SampleProblem.self) { try write(missing, folder.path + "/out") }
    #expect(throws: ManifestError.self) { try write(manifest, folder.path + "/m.jsonl") }
    #expect(throws: ManifestError.self) { try write(manifest, folder.path + "/no/such/folder") }
    #expect(throws: ManifestError.self) { try write(folder.path + "/none", folder.path + "/out") }
  }
}
