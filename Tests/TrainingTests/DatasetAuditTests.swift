import Audio
import Decoding
import Recognition
import Foundation
import Synchronization
import Tensors
import Testing
import Training

@Suite struct DatasetAuditTests {
  let folder: TemporaryFolder
  let good: [Sample]

  init() throws {
    folder = try TemporaryFolder()
    good = try Recordings.write(3, in: folder)
  }

  private func rules(
    subsampling: Int = 1, maximumDuration: Double = 60
  ) throws -> DatasetAudit.Rules {
    let extractor = try Recordings.extractor()
    return DatasetAudit.Rules(
      alphabet: Recordings.alphabet(), normalization: TextNormalization(),
      maximumDuration: maximumDuration,
      frameCount: { InputExtractor.sound(extractor).frameCount(of: $0) },
      outputLength: { $0 / subsampling })
  }

  private func sample(_ name: String, bytes: [UInt8]? = nil, text: String = "one") throws -> Sample
  {
    if let bytes { try folder.write(name, bytes: bytes) }
    return Sample(
      id: name, source: .audio(AudioClip(path: folder.path + "/" + name)), text: text,
      origin: .init(file: "train.jsonl", line: 7))
  }

  private func audit(
    _ samples: [Sample], subsampling: Int = 1, maximumDuration: Double = 60
  ) throws -> DatasetAudit {
    DatasetAudit(
      samples, rules: try rules(subsampling: subsampling, maximumDuration: maximumDuration),
      signals: .sound(SignalCache(sampleRate: Recordings.sampleRate)))
  }

  @Test func everyKindOfProblemIsFound() throws {
    let tone = Recordings.tone(seconds: 0.5, seed: 1)
    var broken = tone
    broken[1234] = .nan
    let whole = Recordings.wav(tone)
    let long = Recordings.wav(Recordings.tone(seconds: 3, seed: 2))
    let bad = [
      try sample("missing.wav"),
      try sample("text.wav", bytes: Array("this is no recording at all".utf8)),
      try sample("empty.wav", bytes: []),
      try sample("cut.wav", bytes: Array(whole.prefix(whole.count / 2))),
      try sample("nan.wav", bytes: Recordings.floatWAV(broken)),
      try sample("long.wav", bytes: long),
      try sample("blank.wav", bytes: whole, text: " \t"),
      try sample("foreign.wav", bytes: whole, text: "öne two ö"),
      try sample("short.wav", bytes: Recordings.wav(Array(tone.prefix(400))), text: "three three"),
      try sample("click.wav", bytes: Recordings.wav([0.5]), text: "o"),
    ]
    let audit = try audit(good + bad + good, maximumDuration: 2)
    #expect(audit.accepted == good + good)
    #expect(audit.problems.map(\.sample.id) == bad.map(\.id))
    #expect(
      audit.problems.map(\.reason.heading) == [
        "file missing", "file unreadable", "file unreadable", "file unreadable",
        "samples that are no finite numbers", "recording too long", "transcript empty",
        "characters outside the alphabet", "too short for its transcript",
        "too short for its transcript",
      ])
    for problem in audit.problems { #expect("\(problem)".hasPrefix("train.jsonl:7: ")) }
    #expect("\(audit.problems[1])".contains("expected WAV"))
    #expect(audit.fullList.split(separator: "\n").count == bad.count)
    let summary = audit.summary(examples: 2)
    #expect(summary.hasPrefix("6 of 16 samples are fit for training; left out:\n"))
    #expect(summary.contains("3 × file unreadable") && summary.contains("and 1 more"))
    #expect(summary.contains("'ö' (U+00F6) × 2 in 1 samples: foreign.wav"))
  }

  @Test func framesNeededCountRepeatedLabels() {
    #expect(DatasetAudit.framesNeeded(for: []) == 0)
    #expect(DatasetAudit.framesNeeded(for: [1, 2, 1]) == 3)
    #expect(DatasetAudit.framesNeeded(for: [3, 3, 3, 1, 1]) == 8)
  }

  @Test func theLimitIsTheFrameThatCTCNeeds() throws {
    // "three" has five letters and one repeated pair: six frames after subsampling.
    let extractor = try Recordings.extractor()
    let count = try #require((1...8000).first { extractor.frameCount(sampleCount: $0) >= 6 * 4 })
    let fits = try sample(
      "fits.wav", bytes: Recordings.wav(.init(repeating: 0.1, count: count)), text: "three")
    let misses = try sample(
      "misses.wav", bytes: Recordings.wav(.init(repeating: 0.1, count: count - 1)), text: "three")
    let audit = try audit([fits, misses], subsampling: 4)
    #expect(audit.accepted.map(\.id) == ["fits.wav"])
    #expect(audit.problems.map(\.reason) == [.tooShort(frames: 5, needed: 6)])
  }

  @Test func lengthsAreMeasuredNotBelieved() throws {
    var lying = good[0]
    lying.duration = 1000
    let audit = try audit([lying])
    #expect(audit.accepted.map(\.duration) == [good[0].duration])
  }

  @Test func partsOfRecordingsAreChecked() throws {
    let path = good[0].clips[0].path
    let part = Sample(
      id: "part", source: .audio(AudioClip(path: path, start: 0.05, end: 0.15)), text: "oh",
      origin: .init(file: "k"))
    let beyond = Sample(
      id: "beyond", source: .audio(AudioClip(path: path, start: 99)), text: "oh",
      origin: .init(file: "k"))
    let audit = try audit([part, beyond])
    #expect(audit.accepted.first?.duration == 0.1)
    #expect(audit.problems.map(\.sample.id) == ["beyond"])
  }

  @Test func strictAndEmptySetsEndTheRun() throws {
    let missing = try sample("missing.wav")
    let mixed = try audit(good + [missing])
    #expect(try mixed.samples(strict: false) == good)
    let strict = #expect(throws: AuditError.self) { try mixed.samples(strict: true) }
    #expect(strict == .strict(problems: mixed.problems, total: 4))
    #expect("\(try #require(strict))".contains("missing.wav"))
    let none = try audit([missing])
    #expect(throws: AuditError.nothingLeft(problems: none.problems)) {
      try none.samples(strict: false)
    }
    #expect(try audit(good).samples(strict: true) == good)
    #expect(try audit(good).summary() == "all 3 samples are fit for training")
  }

  @Test func unknownCharactersAreCountedAcrossFiles() throws {
    let samples = try ["é1", "é", "ééone2"].enumerated().map {
      try sample("\($0.offset)b.wav", bytes: Recordings.wav([0.1]), text: $0.element)
    }
    let unknown = try audit(samples).unknownCharacters
    #expect(unknown.map(\.grapheme) == ["é", "1", "2"])
    #expect(unknown.map(\.count) == [4, 1, 1])
    #expect(unknown[0].samples.map(\.id) == ["0b.wav", "1b.wav", "2b.wav"])
  }

  @Test func progressCountsToTheEnd() throws {
    let last = Mutex(0)
    _ = DatasetAudit(
      good, rules: try rules(), signals: .sound(SignalCache(sampleRate: Recordings.sampleRate))
    ) { done in last.withLock { $0 = max($0, done) } }
    #expect(last.withLock { $0 } == 3)
  }

  @Test(
    .enabled(if: SharedData.has("speech/fsdd/test.jsonl"), "the spoken digits are not here"))
  func realDigitsAreFit() throws {
    let samples = try Manifest.read(SharedData.root + "/speech/fsdd/test.jsonl")
    let rules = DatasetAudit.Rules(
      alphabet: Alphabet(buildingFrom: samples.map(\.text)), normalization: TextNormalization(),
      frameCount: { Int($0.duration * 100) }, outputLength: { $0 })
    let audit = DatasetAudit(samples, rules: rules, signals: .sound(SignalCache(sampleRate: 8000)))
    #expect(audit.problems.isEmpty, "\(audit.summary())")
    for (listed, measured) in zip(samples, audit.accepted) {
      #expect(abs((listed.duration ?? 0) - (measured.duration ?? 0)) < 0.002)
    }
  }
}

@Suite struct SignalCacheTests {
  @Test func keepsWhatFitsAndReadsTheRest() throws {
    let folder = try TemporaryFolder()
    let samples = try Recordings.write(4, in: folder)
    let sizes = samples.map { Int(($0.duration ?? 0) * Double(Recordings.sampleRate)) * 4 }
    let cache = SignalCache(sampleRate: Recordings.sampleRate, byteLimit: sizes[0] + sizes[1])
    let first = try samples.map { try cache.signal(of: $0) }
    #expect(cache.byteCount == sizes[0] + sizes[1])
    let second = try samples.map { try cache.signal(of: $0) }
    #expect(first == second)
    try FileManager.default.removeItem(atPath: folder.path + "/0.wav")
    try FileManager.default.removeItem(atPath: folder.path + "/3.wav")
    #expect(try cache.signal(of: samples[0]) == first[0])
    #expect(throws: AudioError.self) { try cache.signal(of: samples[3]) }
  }

  @Test func longRecordingsAreCutJustBeyondTheLimit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "long.wav", bytes: Recordings.wav(.init(repeating: 0.1, count: 8000 * 20)))
    let cache = SignalCache(sampleRate: Recordings.sampleRate, maximumDuration: 2)
    #expect(try cache.signal(of: AudioClip(path: path)).count == 8000 * 3)
  }

  @Test func compositionsAreAssembledFromTheirParts() throws {
    let folder = try TemporaryFolder()
    let samples = try Recordings.write(2, in: folder)
    let cache = SignalCache(sampleRate: Recordings.sampleRate)
    let composition = Composition(
      parts: samples.reversed().map { .init(clip: $0.clips[0], silenceBefore: 0.25) },
      trailingSilence: 0.5)
    let string = Sample(
      id: "s", source: .composition(composition), text: "", origin: .init(file: "f"))
    let (a, b) = (try cache.signal(of: samples[0]), try cache.signal(of: samples[1]))
    let silence = [Float](repeating: 0, count: 2000)
    #expect(try cache.signal(of: string) == silence + b + silence + a + silence + silence)
  }
}
