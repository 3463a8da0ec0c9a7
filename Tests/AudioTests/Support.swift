import Audio
import Foundation
import Tensors
import Testing

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/scribe-audio-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes bytes and returns the path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }

  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// A WAV file laid down byte by byte, so that its header may lie.
struct WaveBytes {
  var rate = 16000
  var channels = 1
  var bits = 16
  var formatTag = 1
  var data: [UInt8] = []
  var declaredData: Int?
  var declaredRIFF: Int?
  /// Chunks between the format and the samples.
  var extra: [UInt8] = []

  var bytes: [UInt8] {
    let block = channels * bits / 8
    var format = little(formatTag, 2) + little(channels, 2) + little(rate, 4)
    format += little(rate * block, 4) + little(block, 2) + little(bits, 2)
    let body = tag("WAVE") + tag("fmt ") + little(16, 4) + format + extra + tag("data")
    let size = body.count + 4 + data.count
    return tag("RIFF") + little(declaredRIFF ?? size, 4) + body
      + little(declaredData ?? data.count, 4) + data
  }

  init(pcm16 samples: [Int], rate: Int = 16000, channels: Int = 1) {
    (self.rate, self.channels) = (rate, channels)
    data = samples.flatMap { little($0, 2) }
  }

  init(float samples: [Float], rate: Int = 16000, channels: Int = 1) {
    (self.rate, self.channels, bits, formatTag) = (rate, channels, 32, 3)
    data = samples.flatMap { little(Int($0.bitPattern), 4) }
  }
}

func tag(_ text: String) -> [UInt8] { Array(text.utf8) }

func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func big(_ value: Int, _ count: Int) -> [UInt8] { little(value, count).reversed() }

/// A sine of half of full scale.
func sine(_ frequency: Double, rate: Int, seconds: Double, amplitude: Float = 0.5) -> [Float] {
  (0..<Int(seconds * Double(rate))).map {
    amplitude * Float(sin(2 * Double.pi * frequency * Double($0) / Double(rate)))
  }
}

func rootMeanSquare(_ samples: some Collection<Float>) -> Float {
  Float(
    (samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count)))
      .squareRoot())
}

/// The part of `samples` that is a sine of this frequency: its amplitude.
func amplitude(of frequency: Double, in samples: some Collection<Float>, rate: Int) -> Float {
  var (re, im) = (0.0, 0.0)
  for (index, sample) in samples.enumerated() {
    let phase = 2 * Double.pi * frequency * Double(index) / Double(rate)
    re += Double(sample) * cos(phase)
    im += Double(sample) * sin(phase)
  }
  return Float(2 * (re * re + im * im).squareRoot() / Double(samples.count))
}

/// The path of a program, or nil where it is not installed.
func program(_ name: String) -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile(atPath:))
}

/// Runs a program to its end and expects success.
func run(_ name: String, _ arguments: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: try #require(program(name)))
  process.arguments = arguments
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0, "\(name) \(arguments.joined(separator: " "))")
}

/// The numbers of features.json, made by features.py beside it.
struct Reference {
  private struct Entry: Decodable {
    var shape: [Int]
    var values: [Float]
  }

  private let entries: [String: Entry]

  init() throws {
    let folder = try #require(Bundle.module.resourceURL)
    let data = try Data(contentsOf: folder.appendingPathComponent("Reference/features.json"))
    entries = try JSONDecoder().decode([String: Entry].self, from: data)
  }

  func callAsFunction(_ name: String) throws -> Tensor {
    let entry = try #require(entries[name], "no \(name) in features.json")
    return Tensor(entry.values, shape: Shape(entry.shape))
  }
}
