import Audio
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct WritingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func whatIsWrittenIsRead() throws {
    var random = RandomSource(seed: 5)
    let samples = (0..<1001).map { _ in random.uniform(in: -1...1) }
    let sound = Waveform(samples: samples, sampleRate: 22050)
    let steps: [(AudioFile.Encoding, Float, String)] = [
      (.pcm16, 0x1p-16, "Signed 16 bit PCM"), (.pcm24, 0x1p-24, "Signed 24 bit PCM"),
      (.float32, 0, "32 bit float"),
    ]
    for (encoding, tolerance, name) in steps {
      let path = folder("\(encoding).wav")
      try AudioFile.write(sound, to: path, encoding: encoding)
      let found = try AudioFile.read(path)
      #expect(found.sampleRate == 22050)
      expectClose(found.samples, samples, absolute: tolerance * 1.01, name)
      #expect(try AudioFile.info(path).format == "WAV (Microsoft), \(name)")
    }
    #expect(try folder.contents == ["float32.wav", "pcm16.wav", "pcm24.wav"])
  }

  @Test func sixteenBitFilesAreTheBytesOfTheSpecification() throws {
    let path = folder("bytes.wav")
    try AudioFile.write(
      Waveform(samples: [0, 0.5, -1, 2, -2, 1 / 32768], sampleRate: 8000), to: path)
    let values = [0, 16384, -32768, 32767, -32768, 1]
    let found = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(found == WaveBytes(pcm16: values, rate: 8000).bytes)
  }

  @Test func failuresAreReportedAndLeaveNothing() throws {
    let sound = Waveform(samples: [0.1, 0.2], sampleRate: 8000)
    func expectUnwritable(_ path: String, _ reason: String) {
      #expect(throws: AudioError.unwritable(file: path, reason: reason)) {
        try AudioFile.write(sound, to: path)
      }
      #expect(AudioError.unwritable(file: path, reason: reason).category == .inputOutput)
    }
    if FileManager.default.fileExists(atPath: "/dev/full") {
      expectUnwritable("/dev/full", "no space left on the device; free some and try again")
    }
    expectUnwritable(folder("no/such.wav"), "no such file or folder; check the path")
    expectUnwritable(folder.path, "is a folder, expected a file")
    let bad = Waveform(samples: [0, .nan], sampleRate: 8000)
    #expect(throws: AudioError.notFinite(file: folder("nan.wav"), frame: 1, value: "nan")) {
      try AudioFile.write(bad, to: folder("nan.wav"))
    }
    #expect(try folder.contents.isEmpty)
  }

  @Test func linksStayAndTheirTargetIsReplaced() throws {
    let target = try folder.write("target.wav", [1, 2, 3])
    let link = folder("link.wav")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try AudioFile.write(Waveform(samples: [0.5], sampleRate: 8000), to: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    #expect(try AudioFile.read(target).samples == [0.5])
    #expect(try folder.contents == ["link.wav", "target.wav"])
  }

  @Test func slicesAreClippedToTheRecording() {
    let sound = Waveform(samples: (0..<100).map { Float($0) }, sampleRate: 10)
    #expect(sound.slice(from: 1, to: 1.5).samples == [10, 11, 12, 13, 14])
    #expect(sound.slice(from: -5, to: 0.2).samples == [0, 1])
    #expect(sound.slice(from: 9.9, to: 99).samples == [99])
    #expect(sound.slice(from: 20, to: 30).samples.isEmpty)
    #expect(sound.slice(from: 5, to: 4).samples.isEmpty)
    #expect(sound.duration == 10)
  }
}
