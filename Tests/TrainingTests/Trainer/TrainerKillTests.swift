import Configuration
import Foundation
import ModelFiles
import Tensors
import Testing
import Training

@Suite struct TrainerKillTests {
  /// What is trained on.
  enum Kind: CaseIterable {
    case recordings
    /// Pictures of lines, varied, by a convolutional and recurrent network.
    case lines
    /// Points of a table, by a feed-forward net.
    case points
    /// A wave.
    case series
    /// The next letter of a text, whose state goes on from batch to batch.
    case letters
    /// Words of one language to those of another, subwords drawn anew in each epoch.
    case sentences

    /// How many trainings are killed.
    var trainings: Int { self == .recordings ? 20 : self == .lines ? 6 : 3 }
  }

  let folder: TemporaryFolder
  var recipePath: String { folder.path + "/recipe.yaml" }

  init() throws { folder = try TemporaryFolder() }

  private func writeRecipe(_ kind: Kind) throws {
    var recipe: RecognitionRecipe
    switch kind {
    case .recordings:
      let data = try Tones.write(Tones.texts(6), to: "data", in: folder)
      let held = try Tones.write(["ab"], to: "held", in: folder)
      recipe = Tones.eventful(Tones.recipe(train: data, validation: held))
    case .lines:
      let data = try Bars.write(Tones.texts(6), to: "data", in: folder)
      let held = try Bars.write(["ab"], to: "held", in: folder)
      recipe = try Bars.eventful(Bars.recipe(train: data, validation: held))
    case .points, .series, .letters, .sentences:
      let rules = "seed: 3\nepochs: 3\ncheckpointSteps: 1\nkeptEpochs: 2\n"
      _ = try folder.write("recipe.yaml", rules + KillMaterials.recipe(kind, in: folder))
      return
    }
    recipe.rules.checkpointSteps = 1
    recipe.rules.epochs = 3
    try folder.write("recipe.yaml", ConfigurationFile.yaml(of: recipe))
  }

  private func child(_ output: String, threads: Int) throws -> ChildProcess {
    let isBegun = FileManager.default.fileExists(atPath: output + "/last.safetensors")
    return try ChildProcess(
      [recipePath, output, "\(threads)"] + (isBegun ? ["--resume"] : []),
      output: output + ".txt")
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ProgressReporter.monotonicSeconds()
    try body()
    return ProgressReporter.monotonicSeconds() - start
  }

  /// Whatever stands in the folder can be read at any time.
  private func expectReadable(_ output: String, _ comment: Comment) {
    for name in ["last", "best"] {
      let path = output + "/\(name).safetensors"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      #expect(throws: Never.self, comment) { try ModelFile(reading: path) }
    }
    #expect(throws: Never.self, comment) { try MetricsLog.read(output + "/metrics.jsonl") }
  }

  /// Trainings, each killed at random moments until it comes to its end: three times if the moments are
  /// early. What is left behind is read after each kill.
  @Test(arguments: Kind.allCases)
  func killedTrainingsEndWithTheSameBits(kind: Kind) throws {
    try writeRecipe(kind)
    let trainings = kind.trainings
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = RandomSource(seed: seed)
    let whole = folder.path + "/whole"
    let duration = try seconds {
      let child = try child(whole, threads: 1)
      #expect(child.wait() == .exited(0))
    }
    let expected = try ["last", "best"].map { try Tones.bytes(whole + "/\($0).safetensors") }
    let log = try Tones.timeless(whole + "/metrics.jsonl")

    var (kills, begun, killed) = (0, 0, 0)
    for number in 0..<3 * trainings where killed < trainings {
      let output = folder.path + "/killed-\(number)"
      var (end, killsHere) = (ChildProcess.End.killed(SIGKILL), 0)
      while end != .exited(0) {
        let child = try child(output, threads: 1 + random.integer(in: 0...1))
        if killsHere < 2 {
          usleep(UInt32(Double(random.uniform()) * duration * 1e6))
          child.kill()
        }
        end = child.wait()
        let comment: Comment = "training \(number), seed \(seed)"
        expectReadable(output, comment)
        guard end == .killed(SIGKILL) || end == .exited(0) else {
          let words = try String(contentsOfFile: output + ".txt", encoding: .utf8)
          Issue.record("\(end), seed \(seed): \(words)")
          return
        }
        if end == .killed(SIGKILL) {
          killsHere += 1
          begun += FileManager.default.fileExists(atPath: output + "/last.safetensors") ? 1 : 0
        }
      }
      kills += killsHere
      killed += killsHere > 0 ? 1 : 0
      let found = try ["last", "best"].map { try Tones.bytes(output + "/\($0).safetensors") }
      #expect(found == expected, "training \(number) of \(killsHere) kills, seed \(seed)")
      #expect(try Tones.timeless(output + "/metrics.jsonl") == log, "seed \(seed)")
      let left = try FileManager.default.contentsOfDirectory(atPath: output)
      #expect(!left.contains { $0.hasSuffix(".safetensors.partial") }, "\(left), seed \(seed)")
    }
    #expect(killed == trainings, "seed \(seed): too many ended before they were killed")
    #expect(
      begun >= trainings / 4, "seed \(seed): \(begun) of \(kills) kills came after a checkpoint")
  }
}
