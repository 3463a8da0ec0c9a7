import Configuration
import Foundation
import Recognition
import Tensors
import Testing
import Training

@Suite struct TrainerMemoryTests {
  /// Twenty epochs of fifty steps on strings of random lengths, in a process of its own, because
  /// the pool and the memory belong to the process.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/statm")))
  func aThousandStepsTakeNoMoreMemoryThanTheFirstHundred() throws {
    let folder = try TemporaryFolder()
    let data = try Tones.write(Tones.texts(20), to: "data", in: folder)
    let held = try Tones.write(["ab", "cabba"], to: "held", in: folder)
    var recipe = Tones.eventful(Tones.recipe(train: data, validation: held))
    recipe.rules.batching.size = 2
    recipe.composition?.itemsPerEpoch = 100
    recipe.rules.epochs = 20
    recipe.rules.checkpointSteps = 50
    let path = try folder.write("recipe.yaml", ConfigurationFile.yaml(of: recipe))
    let report = folder.path + "/memory.txt"
    let child = try ChildProcess(
      [path, folder.path + "/out", "2", "--memory"], output: report)
    #expect(child.wait() == .exited(0))

    let rows = try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: " ").compactMap { Int($0) } }
    try #require(rows.count >= 20 && rows.allSatisfy { $0.count == 3 })
    let epochs = rows.suffix(20)
    let (warm, last) = (epochs[epochs.startIndex + 3], epochs[epochs.endIndex - 1])
    let (poolGrowth, residentGrowth) = (last[0] - warm[0], last[2] - warm[2])
    // A batch longer than any before takes new blocks: a few, each of less than 100 kB.
    #expect(poolGrowth <= 1 << 20, "pool: \(epochs.map { $0[0] })")
    #expect(residentGrowth <= 4 << 20, "resident: \(epochs.map { $0[2] })")
    #expect(last[1] - warm[1] <= 100, "system allocations: \(epochs.map { $0[1] })")
  }
}
