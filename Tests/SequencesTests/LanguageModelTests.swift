import Autograd
import Layers
import ModelFiles
import Sequences
import TestSupport
import Tensors
import Testing

@Suite struct LanguageModelTests {
  private static func model(
    _ lines: [String], unit: TextUnit = .character, tied: Bool = false,
    cell: RecurrentStackConfiguration.Cell = .lstm
  ) throws -> RecurrentLanguageModel {
    var configuration = LanguageModelConfiguration()
    configuration.embeddingSize = 8
    configuration.recurrent.hiddenSize = 16
    configuration.recurrent.cell = cell
    configuration.tied = tied
    var random = RandomSource(seed: 100)
    return RecurrentLanguageModel(
      configuration, vocabulary: try TokenStream.vocabulary(of: lines, unit: unit),
      random: &random)
  }

  private static func train(
    _ model: inout RecurrentLanguageModel, _ stream: TokenStream, epochs: Int
  ) {
    let pieces = stream.pieces(columns: 4, stepLength: 6)
    var states = model.initialStates
    model.network = Examples.train(model.network, steps: epochs * pieces.count) {
      network, step, tape in
      var current = model
      current.network = network
      if step % pieces.count == 0 { states = current.initialStates }
      return current.loss(pieces[step % pieces.count], states: &states, on: tape)
    }
  }

  @Test func streamsAndPieces() throws {
    let vocabulary = try TokenStream.vocabulary(of: ["ab", "b"], unit: .character)
    // The line's end is always there, and first; then b, then a.
    #expect(vocabulary.tokens == ["\n", "b", "a"])
    let stream = TokenStream(["ab", "b"], vocabulary: vocabulary)
    #expect(stream.labels == [2, 4, 3, 2, 3, 2])
    #expect(stream.tokenCount == 5 && stream.characterCount == 5)
    let pieces = stream.pieces(columns: 2, stepLength: 1)
    #expect(pieces.count == 2 && pieces.columnLength == 2)
    #expect(pieces[0] == TokenBatch(inputs: [2, 3], targets: [4, 2], columns: 2))
    #expect(pieces[1] == TokenBatch(inputs: [4, 2], targets: [3, 3], columns: 2))
    #expect(stream.pieces(columns: 9, stepLength: 4).columns == 5)
    let last = stream.pieces(columns: 1, stepLength: 3)
    #expect(last.count == 2 && last[1].inputs == [2, 3])
  }

  @Test func aModelThatKnowsNothingCostsTheLogarithmOfItsLabels() throws {
    let lines = ["abcab", "cab"]
    var model = try Self.model(lines)
    model.network.visitParameters { _, parameter in
      parameter.value = Tensor(zeros: parameter.shape)
    }
    let score = model.score(TokenStream(lines, vocabulary: model.vocabulary))
    // Padding, the unknown, the line's end, a, b and c; tokens are characters.
    expectClose([Float(score.perplexity)], [6], relative: 1e-6)
    expectClose([Float(score.bitsPerCharacter)], [2.584_962_5], relative: 1e-6)
    #expect(score.tokenCount == 10 && score.characterCount == 10 && score.unknownCount == 0)
  }

  @Test func unknownTokensAreCounted() throws {
    let model = try Self.model(["a b"], unit: .word)
    let score = model.score(TokenStream(["a c b", "d"], vocabulary: model.vocabulary))
    #expect(score.unknownCount == 2 && score.tokenCount == 6 && score.characterCount == 8)
  }

  @Test(arguments: RecurrentStackConfiguration.Cell.allCases, [false, true])
  func learnsAPattern(cell: RecurrentStackConfiguration.Cell, tied: Bool) throws {
    let lines = [String](repeating: "abcd", count: 24)
    var model = try Self.model(lines, tied: tied, cell: cell)
    let stream = TokenStream(lines, vocabulary: model.vocabulary)
    let before = model.score(stream).perplexity
    Self.train(&model, stream, epochs: 25)
    let after = model.score(stream)
    #expect(after.perplexity < 1.2, "from \(before) to \(after.perplexity)")
    var options = SamplingOptions()
    options.temperature = 0
    var sampler = TextSampler(model, prompt: "ab", options: options, seed: 1)
    #expect(sampler.text(length: 8) == "cd\nabcd\n")
  }

  @Test func piecesOfAScoreChangeNothing() throws {
    let lines = ["abcab", "cab", "bbca"]
    let model = try Self.model(lines, tied: true)
    let stream = TokenStream(lines, vocabulary: model.vocabulary)
    let whole = model.score(stream, stepLength: 1000)
    let pieces = model.score(stream, stepLength: 3)
    expectClose([Float(pieces.nats)], [Float(whole.nats)], relative: 1e-6)
    #expect(model.score(stream, columns: 3).tokenCount == 15)
  }

  @Test func theSameSeedWritesTheSameText() throws {
    let model = try Self.model(["the quick brown fox"])
    func text(seed: UInt64, _ options: SamplingOptions = .init()) -> String {
      var sampler = TextSampler(model, prompt: "the ", options: options, seed: seed)
      return sampler.text(length: 30)
    }
    #expect(text(seed: 1) == text(seed: 1))
    #expect(text(seed: 1) != text(seed: 2))
    var greedy = SamplingOptions()
    greedy.temperature = 0
    var single = SamplingOptions()
    single.topK = 1
    var narrow = SamplingOptions()
    narrow.topP = 1e-6
    #expect(text(seed: 1, greedy) == text(seed: 2, single))
    #expect(text(seed: 1, greedy) == text(seed: 3, narrow))
  }

  /// Drawn tokens are as frequent as the temperature, the count and the share allow.
  @Test func drawsFollowTheProbabilities() throws {
    var model = try Self.model(["aab", "c"])
    model.network.visitParameters { path, parameter in
      // Labels are padding, unknown, the line's end, a, b, c: shares of ½, ¼ and ⅛, ⅛ of the last
      // four in the order a, b, c, line's end.
      parameter.value =
        path == "output.bias"
        ? Tensor([9, 9, -1.386_294_4, 0, -0.693_147_2, -1.386_294_4])
        : Tensor(zeros: parameter.shape)
    }
    func shares(_ change: (inout SamplingOptions) -> Void) -> [Float] {
      var options = SamplingOptions()
      change(&options)
      var sampler = TextSampler(model, options: options, seed: 7)
      var counts: [String: Float] = [:]
      for _ in 0..<4000 { counts[sampler.next(), default: 0] += 1 / 4000 }
      return ["a", "b", "c", "\n"].map { counts[$0] ?? 0 }
    }
    // Four deviations of 4,000 draws are 3.2 points.
    expectClose(shares { _ in }, [0.5, 0.25, 0.125, 0.125], absolute: 0.032)
    expectClose(shares { $0.topK = 2 }, [2.0 / 3, 1.0 / 3, 0, 0], absolute: 0.032)
    expectClose(shares { $0.topP = 0.7 }, [2.0 / 3, 1.0 / 3, 0, 0], absolute: 0.032)
    expectClose(
      shares { $0.temperature = 0.5 }, [16.0 / 22, 4.0 / 22, 1.0 / 22, 1.0 / 22],
      absolute: 0.032)
  }

  @Test(arguments: [false, true]) func filesGiveTheSameModelBack(tied: Bool) throws {
    let folder = try TemporaryFolder()
    let model = try Self.model(["abc"], tied: tied, cell: .gru)
    let path = folder.path + "/model.safetensors"
    try model.modelFile().write(to: path)
    let read = try RecurrentLanguageModel(ModelFile(reading: path))
    let stream = TokenStream(["cabba"], vocabulary: model.vocabulary)
    #expect(read.vocabulary == model.vocabulary && read.configuration == model.configuration)
    #expect(read.score(stream) == model.score(stream))
    #expect(throws: CheckpointError.self) {
      try SequenceClassifier(ModelFile(reading: path))
    }
  }

  @Test func optionsAreChecked() {
    for change in [
      { $0.temperature = -1 }, { $0.temperature = .nan }, { $0.topK = 0 }, { $0.topP = 0 },
      { $0.topP = 1.5 },
    ] as [(inout SamplingOptions) -> Void] {
      var options = SamplingOptions()
      change(&options)
      #expect(throws: (any Error).self) { try options.validate() }
    }
  }
}
