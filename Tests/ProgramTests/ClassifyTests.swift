import Classification
import Foundation
import ModelFiles
import Tensors
import Testing

/// `scribe classify`, and `scribe inspect` of classifiers.
@Suite struct ClassifyTests {
  private let folder: TemporaryFolder
  /// Tells whether a + b exceeds 1, by 4 (a + b − 1).
  private let sums: String
  private let rows = "b,a,class\n0,0,small\n1,1,large\n1,0.5,small\n"

  init() throws {
    folder = try TemporaryFolder()
    var input = ClassifierInput()
    (input.columns, input.classes, input.label) = (["a", "b"], ["small", "large"], "class")
    var sizes = FeedForwardConfiguration()
    sizes.hiddenSizes = []
    sums = try Self.write(sizes, input, to: folder.file("sums.safetensors")) { path, parameter in
      path.hasSuffix("weight") ? Tensor(rows: [[-2, -2], [2, 2]]) : Tensor([2, -2])
    }
  }

  private static func write(
    _ sizes: FeedForwardConfiguration, _ input: ClassifierInput, to path: String,
    _ value: (String, Tensor) -> Tensor
  ) throws -> String {
    var random = RandomSource(seed: 1)
    let configuration = ClassifierConfiguration.feedForward(sizes)
    var network = ClassifierNetwork(configuration, input: input, random: &random)
    network.visitParameters { $1.value = value($0, $1.value) }
    try Classifier(configuration: configuration, input: input, network: network)
      .modelFile().write(to: path)
    return path
  }

  private func classify(
    _ arguments: String..., input: String? = nil
  ) throws -> ScribeProgram.Run {
    try ScribeProgram.run(
      ["classify", "--model", sums] + arguments, input: input.map { Data($0.utf8) })
  }

  @Test func rowsOfATable() throws {
    let table = try folder.write("t.csv", rows.utf8)
    let run = try classify(table)
    // The logits differ by 4 (a + b − 1): -4, 4 and 2.
    #expect(run.code == 0 && run.errors == "")
    #expect(
      run.output == """
        \(table):2\tsmall\t0.9820
        \(table):3\tlarge\t0.9820
        \(table):4\tlarge\t0.8808

        """)
    let two = try classify("--top", "2", table)
    #expect(two.output.hasPrefix("\(table):2\tsmall\t0.9820\tlarge\t0.0180\n"))
  }

  @Test func standardInputAndJSON() throws {
    let run = try classify("--json", "-", input: "a,b\n1,1\n")
    #expect(run.code == 0)
    #expect(run.output.hasPrefix("{\"label\":\"large\",\"place\":\"standard input:2\",\"probab"))
    let top = try classify("--json", "--top", "2", "-", input: "a,b\n1,1\n")
    #expect(top.output.contains("\"choices\":[{\"label\":\"large\""))
  }

  @Test func comparedWithTheRightClasses() throws {
    let table = try folder.write("t.csv", rows.utf8)
    let picture = folder.file("confusion.svg")
    let run = try classify(
      "--labels", "class", "--picture", picture, "--record", "three rows", table)
    #expect(run.code == 0 && run.errors == "")
    #expect(
      run.output == """
        \(sums) on \(table): error 33.33 % (1 of 3 wrong)

        class      small  large  recall
        small          1      1    50.0
        large          .      1   100.0
        precision  100.0   50.0

        """)
    #expect(try folder.text("confusion.svg").contains("<svg"))
    let listed = try ScribeProgram.run(["models"], environment: ["SCRIBE_MODELS": folder.path])
    #expect(listed.output.contains("error 33.33 % on three rows (3 samples)"))
    let json = try classify("--labels", "class", "--json", table)
    #expect(json.output.contains("\"confusion\":[[1,1],[0,1]],\"count\":3"))
  }

  @Test func failuresHaveTheirCodes() throws {
    let table = try folder.write("t.csv", rows.utf8)
    let lacking = try folder.write("l.csv", "a,c\n1,2\n".utf8)
    let run = try classify(folder.file("none.csv"), lacking, table)
    #expect(run.code == 66, "the first failure")
    #expect(run.errors.contains("no such file") && run.errors.contains("no column 'b'"))
    #expect(run.output.contains("\(table):3\tlarge"), "the others are still done")
    #expect(try classify(lacking).code == 65)
    let text = try folder.write("x.csv", "a,b\n1,two\n".utf8)
    let named = try classify(text)
    #expect(named.code == 65 && named.errors.contains("line 2, column 'b': found 'two'"))
    #expect(try classify("--labels", "class", table, table).code == 64)
    #expect(try classify("--picture", "a.png", table).code == 64)
    #expect(try classify("--labels", "kind", table).code == 65)
    let materials = try Materials.shared.get()
    let other = try ScribeProgram.run(["classify", "--model", materials.model, table])
    #expect(other.code == 65 && other.errors.contains("expected 'perceptron' or 'feedForward'"))
  }

  @Test func planesAndWeightsAreDrawn() throws {
    let table = try folder.write("t.csv", rows.utf8)
    let plane = folder.file("plane.svg")
    let run = try ScribeProgram.run(["inspect", table, "--model", sums, "-o", plane])
    #expect(run.code == 0 && run.errors == "")
    #expect(try folder.text("plane.svg").contains("<svg"))
    let none = try ScribeProgram.run(["inspect", table, "-o", plane])
    #expect(none.code == 64 && none.errors.contains("--model"))
    let numbers = try ScribeProgram.run(["inspect", sums, "-o", plane])
    #expect(numbers.code == 64 && numbers.errors.contains("tables with the columns a, b"))

    var input = ClassifierInput()
    (input.pictures, input.classes) = (PictureFormat(), ["0", "1", "2"])
    let digits = try Self.write(
      FeedForwardConfiguration(), input, to: folder.file("digits.safetensors")
    ) { $1 }
    let weights = folder.file("weights.png")
    #expect(try ScribeProgram.run(["inspect", digits, "-o", weights]).code == 0)
    let bytes = try Data(contentsOf: URL(filePath: weights))
    #expect(bytes.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    let wrong = try ScribeProgram.run(["inspect", table, "--model", digits, "-o", plane])
    #expect(wrong.code == 64 && wrong.errors.contains("pictures of 28 × 28 pixels"))
    // A picture that the program drew itself is read like any other.
    let read = try ScribeProgram.run(["classify", "--model", digits, weights])
    #expect(read.code == 0 && read.output.hasPrefix("\(weights)\t"))
  }
}
