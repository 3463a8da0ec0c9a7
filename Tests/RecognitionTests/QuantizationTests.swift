import Autograd
import Decoding
import Layers
import ModelFiles
import Recognition
import Tensors
import TestSupport
import Testing

/// Models whose weights become 8-bit integers.
@Suite struct QuantizationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func network(_ edit: (inout DeepSpeech2Configuration) -> Void = { _ in })
    -> ModelConfiguration
  {
    var network = DeepSpeech2Configuration()
    network.convolutions = []
    (network.layerCount, network.hiddenSize) = (1, 8)
    edit(&network)
    return .deepSpeech2(network)
  }

  private func quantized(
    _ recognizer: Recognizer, keeping patterns: [String] = []
  ) throws -> (before: ModelFile, after: ModelFile, summary: Quantization) {
    let before = try recognizer.modelFile()
    var after = before
    let summary = try after.quantize(keeping: patterns.map(NamePattern.init))
    return (before, after, summary)
  }

  @Test func allWeightsAreRoundedAndNothingElse() throws {
    let model = network {
      $0.convolutions = [
        ConvolutionConfiguration(channels: 3, kernel: Size2D(3), stride: Size2D(2))
      ]
    }
    let (before, after, summary) = try quantized(
      RecognizerFixtures.random(model, normalization: .dataset))
    var count = 0
    for (old, new) in zip(before.tensors, after.tensors) {
      #expect(old.name == new.name)
      if old.tensor.shape.rank >= 2 {
        count += 1
        let matrix = QuantizedMatrix(old.tensor)
        #expect(after.quantized[old.name]?.matrix == matrix, "\(old.name)")
        #expect(new.tensor == matrix.dequantized(old.tensor.shape), "\(old.name)")
        let error = matrix.relativeError(to: old.tensor)
        #expect(error > 0 && error <= summary.greatestError && error < 0.01, "\(old.name)")
      } else {
        #expect(new.tensor == old.tensor && after.quantized[old.name] == nil, "\(old.name)")
      }
    }
    #expect(summary.matrixCount == count && count >= 4 && summary.kept == [] && summary.bits == 8)
    let worst = try #require(before.tensors.first { $0.name == summary.worstMatrix }).tensor
    #expect(QuantizedMatrix(worst).relativeError(to: worst) == summary.greatestError)
    #expect(try after.decode(Quantization.self, from: .quantization) == summary)
    for key in ModelFile.Key.allCases where key != .quantization {
      #expect(after[key] == before[key], "\(key)")
    }
    #expect(after.isQuantized && !before.isQuantized)
  }

  @Test func aFileOf32BitsShrinksNearlyFourTimes() throws {
    let (before, after, _) = try quantized(
      RecognizerFixtures.random(network { ($0.layerCount, $0.hiddenSize) = (2, 192) }))
    try before.write(to: folder.file("a"))
    try after.write(to: folder.file("b"))
    let headers = try ["a", "b"].map { try SafetensorsHeader(reading: folder.file($0)) }
    let sizes = headers.map(\.fileSize)
    #expect(Double(sizes[0]) > 3.7 * Double(sizes[1]) && sizes[0] < 4 * sizes[1], "\(sizes)")
    // A byte for each weight, four for each row of weights and for everything else.
    let expected = before.tensors.reduce(0) { sum, member in
      let shape = member.tensor.shape
      return sum + (shape.rank >= 2 ? shape.count + 4 * shape[0] : 4 * shape.count)
    }
    #expect(headers[1].entries.reduce(0) { $0 + $1.range.count } == expected)
  }

  @Test(arguments: [SafetensorsHeader.ElementType.float32, .float16])
  func aQuantizedModelComesBackExactly(type: SafetensorsHeader.ElementType) throws {
    var (_, file, _) = try quantized(RecognizerFixtures.random(network()))
    file.elementType = type
    try file.write(to: folder.file("a"))
    let read = try ModelFile(reading: folder.file("a"))
    #expect(read.isQuantized && read.elementType == type)
    try read.write(to: folder.file("b"))
    #expect(try contents(of: folder.file("a")) == contents(of: folder.file("b")))

    // Its network knows the integers, and stores them when it is written without a file.
    let recognizer = try Recognizer(read)
    for (path, parameter) in recognizer.model.namedParameters {
      #expect(parameter.quantized == read.quantized[path]?.matrix, "\(path)")
      #expect((parameter.quantized != nil) == (parameter.shape.rank >= 2), "\(path)")
    }
    let again = try recognizer.modelFile()
    #expect(again.isQuantized && again.quantized.count == read.quantized.count)
    try again.write(to: folder.file("c"))
    #expect(try ModelFile(reading: folder.file("c")).quantized["output.weight"] != nil)
  }

  @Test func theNetworkHearsTheSame() throws {
    let recognizer = try RecognizerFixtures.random(network { $0.hiddenSize = 64 })
    let (_, file, _) = try quantized(recognizer)
    let rounded = try Recognizer(file)
    let sound = RecognizerFixtures.noise(8000)
    let (exact, found) = (
      recognizer.logProbabilities(of: [sound])[0], rounded.logProbabilities(of: [sound])[0]
    )
    let distance = zip(exact.scalars, found.scalars).map { abs($0 - $1) }.max() ?? .infinity
    #expect(distance > 0 && distance < 0.05, "\(distance)")
  }

  @Test func weightsThatAreKept() throws {
    let recognizer = try RecognizerFixtures.random(network())
    let (before, after, summary) = try quantized(
      recognizer, keeping: ["output.weight", "*.recurrent_weight"])
    #expect(summary.kept.contains("output.weight") && summary.kept.count > 1)
    for name in summary.kept {
      #expect(name == "output.weight" || name.hasSuffix("recurrent_weight"))
      #expect(after.quantized[name] == nil)
      let tensors = [before, after].map { $0.tensors.first { $0.name == name }?.tensor }
      #expect(tensors[0] == tensors[1])
    }
    #expect(after.isQuantized)
    var file = before
    let error = #expect(throws: CheckpointError.self) {
      try file.quantize(keeping: [NamePattern("output.bias")])
    }
    #expect("\(try #require(error))".contains("'output.bias'"))
    #expect("\(try #require(error))".contains("output.weight"))
    #expect(!file.isQuantized)
  }

  @Test func whatCannotBeQuantized() throws {
    let recognizer = try RecognizerFixtures.random(network())
    var (file, after, _) = try quantized(recognizer)
    #expect(throws: CheckpointError.alreadyQuantized(path: "the model in memory")) {
      try after.quantize()
    }
    let index = try #require(file.tensors.firstIndex { $0.name == "output.weight" })
    file.tensors[index].tensor[0, 0] = -.infinity
    #expect(
      throws: CheckpointError.notFinite(
        path: "the model in memory", name: "output.weight", value: -.infinity)
    ) { try file.quantize() }
    #expect(!file.isQuantized && file[.quantization] == nil)
  }

  @Test func trainingStateGoesAndErrorsAreMarked() throws {
    var file = try RecognizerFixtures.random(network()).modelFile()
    file.setGroup("optimizer", to: [("output.weight", Tensor(zeros: [3, 4]))])
    file[.trainingState] = "{}"
    try file.encode(
      [MeasuredError(data: "a test", characterErrorRate: 0.5)], as: .measuredErrors)
    try file.quantize()
    #expect(file.group("optimizer").isEmpty && file[.trainingState] == nil)
    let errors = try file.decode([MeasuredError].self, from: .measuredErrors)
    #expect(
      errors == [MeasuredError(data: "a test, before quantising", characterErrorRate: 0.5)])
  }

  @Test func floatsAgain() throws {
    let (_, file, _) = try quantized(RecognizerFixtures.random(network()))
    let floats = file.dequantized
    #expect(!floats.isQuantized && floats[.quantization] == nil)
    #expect(zip(floats.tensors, file.tensors).allSatisfy { $0.tensor == $1.tensor })
    try floats.write(to: folder.file("x"))
    let header = try SafetensorsHeader(reading: folder.file("x"))
    #expect(header.entries.allSatisfy { $0.type == .float32 } && header.scaleNames == [])
  }

  @Test func anotherAlphabetDropsTheIntegersOfTheLastLayerOnly() throws {
    let recognizer = try RecognizerFixtures.random(network())
    var (_, file, _) = try quantized(recognizer)
    let wider = try Alphabet("ab 'éz")
    var random = RandomSource(seed: 3)
    var drawn = recognizer.configuration.model.makeModel(
      inputSize: recognizer.extractor.featureSize, labelCount: wider.labelCount, random: &random)
    file.replaceAlphabet(recognizer.alphabet, by: wider, drawn: drawn)
    try file.load(into: &drawn)
    for (path, parameter) in drawn.namedParameters where parameter.shape.rank >= 2 {
      #expect((parameter.quantized == nil) == (path == "output.weight"), "\(path)")
    }
  }

  @Test func patterns() {
    for (pattern, name, expected) in [
      ("a.b", "a.b", true), ("a.b", "a.bc", false), ("a.*", "a.b.c", true), ("a.*", "ba.", false),
      ("*", "", true), ("*", "x", true), ("", "", true), ("", "x", false), ("*.w", "x.w", true),
      ("*.w", ".w.", false), ("a*a", "a", false), ("a*a", "aa", true), ("a*b*c", "a1b2c", true),
      ("a*b*c", "acb", false), ("*ab*ab*", "xab", false), ("*ab*ab*", "abab", true),
      ("a**c", "abc", true), ("*a*", "bab", true), ("x?", "xy", false),
    ] {
      #expect(NamePattern(pattern).matches(name) == expected, "\(pattern) \(name)")
    }
  }
}
