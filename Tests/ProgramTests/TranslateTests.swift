import Foundation
import ModelFiles
import Tensors
import Testing
import Translation

/// `scribe translate` and `scribe average` with networks that have learned nothing.
@Suite struct TranslateTests {
  private let folder: TemporaryFolder
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.file("one.safetensors")
    try write(model, text: ["a man rides a bicycle .", "ein Mann fährt Rad ."], seed: 1)
  }

  /// A translator with random weights and the characters of these texts.
  private func write(_ path: String, text: [String], seed: UInt64) throws {
    let source = folder.file("source.txt")
    try text.joined(separator: "\n").write(toFile: source, atomically: true, encoding: .utf8)
    var vocabulary = VocabularyConfiguration()
    vocabulary.unit = .character
    let vocabularies = try VocabularyPair(
      learningFrom: ParallelCorpus(source: source, target: source), vocabulary)
    var configuration = TranslatorConfiguration()
    (configuration.model.embeddingSize, configuration.model.hiddenSize) = (8, 6)
    (configuration.model.decoder.hiddenSize, configuration.model.decoder.outputSize) = (8, 8)
    var random = RandomSource(seed: seed)
    let network = TranslationNetwork(
      configuration.model, sourceCount: vocabularies.source.count,
      targetCount: vocabularies.target.count, random: &random)
    try Translator(
      configuration: configuration, vocabularies: vocabularies, network: network
    ).modelFile().write(to: path)
  }

  private func run(_ arguments: [String], input: String = "") throws -> ScribeProgram.Run {
    try ScribeProgram.run(arguments, input: Data(input.utf8))
  }

  @Test func aLineComesForEachLine() throws {
    let run = try run(["translate", "-m", model], input: "a man\r\n\nrides a bicycle")
    #expect(run.code == 0 && run.errors == "")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[1] == "" && lines[3] == "")
  }

  @Test func alternativesHaveNumbersAndScores() throws {
    let run = try run(["translate", "-m", model, "--n-best", "3"], input: "a man\na\n")
    let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 6)
    #expect(rows.map { String($0[0]) } == ["1", "1", "1", "2", "2", "2"])
    let scores = rows.compactMap { Double($0[1]) }
    #expect(scores.count == 6 && scores[0] >= scores[1] && scores[1] >= scores[2])
  }

  @Test func attentionIsPrintedAndDrawn() throws {
    let picture = folder.file("picture.png")
    let run = try run(
      ["translate", "-m", model, "--json", "--attention", picture], input: "a man\n")
    #expect(run.code == 0, "\(run.errors)")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let best = try #require((object["translations"] as? [[String: Any]])?.first)
    let rows = try #require(best["attention"] as? [[Double]])
    #expect(rows.count == (best["tokens"] as? [String])?.count)
    #expect(rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 })
    #expect(try Data(contentsOf: URL(filePath: picture)).starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func modelsOfOneVocabularyDecideTogether() throws {
    let other = folder.file("two.safetensors")
    try write(other, text: ["a man rides a bicycle .", "ein Mann fährt Rad ."], seed: 2)
    #expect(try run(["translate", "-m", model, "-m", other], input: "a\n").code == 0)
    let stranger = folder.file("three.safetensors")
    try write(stranger, text: ["xyz"], seed: 3)
    let refused = try run(["translate", "-m", model, "-m", stranger], input: "a\n")
    #expect(refused.code == 65 && refused.errors.contains(stranger))
    let mean = folder.file("mean.safetensors")
    #expect(try run(["average", model, other, "-o", mean]).code == 0)
    #expect(try run(["translate", "-m", mean], input: "a\n").code == 0)
    let none = try run(["average", model, stranger, "-o", mean])
    #expect(none.code == 65 && none.errors.contains(stranger))
  }

  @Test func translationsAreComparedAndTheFigureIsStored() throws {
    let (source, target) = (folder.file("a.txt"), folder.file("b.txt"))
    try "a man\nrides\n".write(toFile: source, atomically: true, encoding: .utf8)
    let translated = try run(["translate", "-m", model, source])
    try translated.output.write(toFile: target, atomically: true, encoding: .utf8)
    let same = try run(
      ["translate", "-m", model, source, "--reference", target, "--record", "itself"])
    #expect(same.code == 0 && same.output.contains("chrF 100.00 on 2 sentences"), "\(same)")
    let stored = try ModelFile(reading: model).decode(
      [MeasuredError].self, from: .measuredErrors)
    #expect(stored.map(\.data) == ["itself"] && stored[0].count == 2)
    try "one\n".write(toFile: target, atomically: true, encoding: .utf8)
    let uneven = try run(["translate", "-m", model, source, "--reference", target])
    #expect(uneven.code == 65 && uneven.errors.contains(target) && uneven.errors.contains(source))
    #expect(try run(["translate", "-m", model, source, "--record", "x"]).code == 64)
  }

  @Test func whatIsWrongIsNamed() throws {
    let missing = try run(["translate", "-m", model, folder.file("none.txt")])
    #expect(missing.code == 66 && missing.errors.contains("none.txt"))
    let bytes = folder.file("bytes.txt")
    try Data([0x61, 0x0A, 0xFF, 0x0A]).write(to: URL(filePath: bytes))
    let foreign = try run(["translate", "-m", model, bytes])
    #expect(foreign.code == 65 && foreign.errors.contains("\(bytes):2"))
    let materials = try Materials.shared.get()
    let kind = try run(["translate", "-m", materials.model], input: "a\n")
    #expect(kind.code == 65 && kind.errors.contains("translator"))
    #expect(try run(["translate", "-m", model, "--beam-width", "0"], input: "a\n").code == 65)
    #expect(try run(["translate", "-m", model, "--n-best", "0"], input: "a\n").code == 64)
  }
}
