import Configuration
import Foundation
import Tensors
import Testing
import Training

@Suite struct ComposerTests {
  private static let recordings: [Sample] = (0..<40).map { index in
    Sample(
      id: "\(index)", source: .audio(AudioClip(path: "\(index).wav")),
      text: ["zero", "one", "two", " three "][index % 4], duration: 0.25 + Double(index % 7) / 8,
      speaker: "speaker \(index % 3)", origin: .init(file: "digits.jsonl", line: index + 1))
  }

  private static func composer(
    seed: UInt64 = 3, _ change: (inout CompositionConfiguration) -> Void = { _ in }
  ) throws -> Composer {
    var configuration = CompositionConfiguration()
    change(&configuration)
    return try Composer(recordings, configuration: configuration, seed: seed)
  }

  private static func composition(_ sample: Sample) throws -> Composition {
    guard case .composition(let composition) = sample.source else {
      throw ManifestError.empty(path: sample.id)
    }
    return composition
  }

  @Test func stringsKeepTheirBoundsTextAndLength() throws {
    let composer = try Self.composer {
      $0.minimumItems = 3
      $0.maximumItems = 7
      $0.minimumPause = 0.1
      $0.maximumPause = 0.4
      $0.minimumEdgeSilence = 0.05
      $0.maximumEdgeSilence = 0.2
      $0.itemsPerEpoch = 200
    }
    let byPath = Dictionary(uniqueKeysWithValues: Self.recordings.map { ($0.clips[0].path, $0) })
    var counts: Set<Int> = []
    for sample in composer.samples(epoch: 2) {
      let composition = try Self.composition(sample)
      let pieces = composition.parts.compactMap { byPath[$0.clip.path] }
      counts.insert(pieces.count)
      #expect(sample.text == pieces.map { $0.text.filter { $0 != " " } }.joined(separator: " "))
      #expect(Set(pieces.map(\.speaker)) == [sample.speaker])
      #expect((0.05...0.2).contains(composition.parts[0].silenceBefore))
      #expect((0.05...0.2).contains(composition.trailingSilence))
      #expect(composition.parts.dropFirst().allSatisfy { (0.1...0.4).contains($0.silenceBefore) })
      let silence = composition.parts.reduce(composition.trailingSilence) { $0 + $1.silenceBefore }
      let length = pieces.reduce(silence) { $0 + ($1.duration ?? .nan) }
      #expect(abs(length - (sample.duration ?? 0)) < 1e-9)
    }
    #expect(counts == [3, 4, 5, 6, 7])
  }

  @Test func itemsDependOnSeedEpochAndIndexAlone() throws {
    let composer = try Self.composer()
    let all = composer.samples(epoch: 4)
    #expect(composer.sample(epoch: 4, index: 17) == all[17])
    #expect(try Self.composer().samples(epoch: 4) == all)
    #expect(try Self.composer(seed: 4).samples(epoch: 4) != all)
    #expect(composer.samples(epoch: 5) != all)
    #expect(Set(all.map(\.source)).count == all.count)
  }

  @Test func probabilityMixesStringsAndRecordings() throws {
    let none = try Self.composer { $0.probability = 0 }.samples(epoch: 0)
    #expect(none == Self.recordings)
    let half = try Self.composer {
      $0.probability = 0.5
      $0.itemsPerEpoch = 1000
    }.samples(epoch: 0)
    let strings = half.count { if case .composition = $0.source { true } else { false } }
    // Binomial with a standard deviation of 16.
    #expect((420...580).contains(strings), "\(strings)")
  }

  @Test func speakersMixWhereAskedFor() throws {
    let mixed = try Self.composer {
      $0.sameSpeakerProbability = 0
      $0.minimumItems = 6
    }.samples(epoch: 0)
    #expect(mixed.contains { $0.speaker == nil })
  }

  @Test func assemblyPutsEverySampleInItsPlace() {
    let composition = Composition(
      parts: [
        .init(clip: AudioClip(path: "a"), silenceBefore: 0.2),
        .init(clip: AudioClip(path: "b"), silenceBefore: 0),
        .init(clip: AudioClip(path: "a"), silenceBefore: 0.1),
      ], trailingSilence: 0.3)
    let result = composition.assemble([[1, 2], [3], [4, 5, 6]], sampleRate: 10)
    #expect(result == [0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0])
  }

  @Test func fadesTakeTheClicksOff() {
    let composition = Composition(
      parts: [.init(clip: AudioClip(path: "a"), silenceBefore: 0.1)], trailingSilence: 0.1,
      fadeDuration: 0.2)
    let signal = [Float](repeating: 1, count: 6)
    #expect(
      composition.assemble([signal], sampleRate: 10) == [0, 0.25, 0.75, 1, 1, 0.75, 0.25, 0])
    // A recording shorter than two fades still fades to its middle and keeps its length.
    #expect(composition.assemble([[1, 1, 1]], sampleRate: 10) == [0, 0.5, 1, 0.5, 0])
  }

  @Test func unfitRecordingsAreNamed() throws {
    let configuration = CompositionConfiguration()
    let good = Self.recordings[0]
    var (unknownLength, unknownSpeaker) = (good, good)
    unknownLength.duration = nil
    unknownSpeaker.speaker = nil
    let string = try Self.composer().sample(epoch: 0, index: 0)
    for (samples, expected) in [
      ([], CompositionError.noRecordings), ([good, unknownLength], .unknownDuration(good.origin)),
      ([unknownSpeaker], .unknownSpeaker(good.origin)), ([string], .notARecording(string.origin)),
    ] {
      #expect(throws: expected) {
        _ = try Composer(samples, configuration: configuration, seed: 1)
      }
    }
    var mixed = configuration
    mixed.sameSpeakerProbability = 0
    #expect(throws: Never.self) {
      _ = try Composer([unknownSpeaker], configuration: mixed, seed: 1)
    }
  }

  @Test func configurationIsReadBackAndRefusesUnknownKeys() throws {
    var configuration = CompositionConfiguration()
    (configuration.minimumItems, configuration.maximumItems) = (3, 9)
    (configuration.minimumPause, configuration.maximumPause) = (0.125, 2)
    (configuration.minimumEdgeSilence, configuration.maximumEdgeSilence) = (0.25, 3)
    (configuration.fadeDuration, configuration.itemsPerEpoch) = (0.5, 99)
    (configuration.probability, configuration.sameSpeakerProbability) = (0.75, 0.5)
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(CompositionConfiguration.self, from: data) == configuration)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(CompositionConfiguration.self, from: Data(#"{"pause": 3}"#.utf8))
    }
  }

  @Test func configurationIsChecked() {
    for change: (inout CompositionConfiguration) -> Void in [
      { $0.minimumItems = 0 }, { $0.maximumItems = 0 }, { $0.minimumPause = -0.1 },
      { $0.minimumPause = 1 }, { $0.maximumEdgeSilence = .nan }, { $0.probability = 1.5 },
      { $0.fadeDuration = -1 }, { $0.itemsPerEpoch = 0 },
    ] {
      var configuration = CompositionConfiguration()
      change(&configuration)
      #expect(throws: (any Error).self) { try configuration.validate() }
    }
    #expect(throws: Never.self) { try CompositionConfiguration().validate() }
  }
}
