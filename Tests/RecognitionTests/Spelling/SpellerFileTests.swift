import Decoding
import Layers
import ModelFiles
import Recognition
import Tensors
import TestSupport
import Testing

/// Recognisers with an attentive decoder in files, and where they are used.
@Suite struct SpellerFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("model.safetensors") }
  private let sound = RecognizerFixtures.noise(5000)

  init() throws { folder = try TemporaryFolder() }

  private func readings(_ recognizer: Recognizer) throws -> [Hypothesis] {
    var recognizer = recognizer
    let decoder = try #require(recognizer.spellingDecoder())
    recognizer.givesStates = true
    return decoder.decode(recognizer.logProbabilities(of: [sound])[0])
  }

  @Test func aModelReadBackSpellsTheSame() throws {
    let recognizer = try SpellerFixtures.recognizer(SpellerFixtures.speller())
    try recognizer.modelFile().write(to: path)
    let back = try Recognizer(reading: path)
    #expect(back.configuration == recognizer.configuration)
    #expect(try readings(back) == readings(recognizer))
    #expect(back.spelledText(of: .sound(sound)) == recognizer.spelledText(of: .sound(sound)))
    #expect(back.logProbabilities(of: [sound]) == recognizer.logProbabilities(of: [sound]))
  }

  @Test func filesWithoutASpellerAreWhatTheyWere() throws {
    let file = try SpellerFixtures.recognizer(nil).modelFile()
    #expect(!file.tensors.contains { $0.name.hasPrefix("speller.") })
    let text = try #require(file[.configuration])
    #expect(!text.contains("attention"))
    #expect(try Recognizer(file).speller == nil)
  }

  @Test func aFileThatLacksItsSpellerIsRefusedByName() throws {
    let file = try SpellerFixtures.recognizer(SpellerFixtures.speller()).modelFile()
    var lacking = try SpellerFixtures.recognizer(nil).modelFile()
    lacking[.configuration] = file[.configuration]
    try lacking.write(to: path)
    let error = #expect(throws: CheckpointError.self) { try Recognizer(reading: path) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.hasPrefix(path) && message.contains("speller.embedding.weight"), "\(message)")
    var needless = file
    needless[.configuration] = try SpellerFixtures.recognizer(nil).modelFile()[.configuration]
    let other = #expect(throws: CheckpointError.self) { try Recognizer(needless) }
    #expect(other.map { "\($0)".contains("speller.output.weight") } ?? false)
  }

  @Test func eightBitsSpellAlmostTheSame() throws {
    let recognizer = try SpellerFixtures.recognizer(SpellerFixtures.speller())
    var file = try recognizer.modelFile()
    let summary = try file.quantize()
    #expect(summary.matrixCount > 8)
    try file.write(to: path)
    let small = try Recognizer(reading: path)
    #expect(small.speller?.embedding.weight.quantized != nil)
    let (a, b) = (try readings(recognizer)[0], try readings(small)[0])
    #expect(abs(a.score - b.score) < 0.05 * abs(a.score), "\(a.score) \(b.score)")
    #expect(a != b, "the weights are rounded")
  }

  @Test func anotherAlphabetMovesTheRowsOfTheSpeller() throws {
    let recognizer = try SpellerFixtures.recognizer(SpellerFixtures.speller())
    var file = try recognizer.modelFile()
    let wider = try Alphabet("abc 'é")
    var random = RandomSource(seed: 8)
    var drawn = RecognitionNetwork(
      recognizer.configuration, inputSize: recognizer.extractor.featureSize,
      labelCount: wider.labelCount, random: &random)
    file.replaceAlphabet(recognizer.alphabet, by: wider, drawn: drawn)
    try file.load(into: &drawn)
    let (old, new) = (try #require(recognizer.speller), try #require(drawn.speller))
    for letter in recognizer.alphabet.graphemes {
      let from = try #require(recognizer.alphabet.label(of: letter))
      let to = try #require(wider.label(of: letter))
      #expect(old.output.bias.value.scalars[from] == new.output.bias.value.scalars[to])
      #expect(
        old.embedding.weight.value.scalars[from * 3] == new.embedding.weight.value.scalars[to * 3])
    }
    #expect(old.output.bias.value.scalars[0] == new.output.bias.value.scalars[0], "the mark")
  }

  @Test func longRecordingsAreSpelledInPiecesAndStreamsRefused() throws {
    var recognizer = try SpellerFixtures.recognizer(SpellerFixtures.speller())
    recognizer.givesStates = true
    #expect(throws: StreamingError.attention) { try recognizer.streamingParts() }
    #expect("\(StreamingError.attention)".contains("--decoder ctc"))
    let rows = recognizer.logProbabilities(of: [sound])[0]
    #expect(rows.shape[1] == recognizer.rowSize)
    let decoder = try #require(recognizer.spellingDecoder())
    // However the rows are cut, the result is the same.
    var state = decoder.begin()
    let (time, width) = (rows.shape[0], rows.shape[1])
    for start in stride(from: 0, to: time, by: 7) {
      let end = min(time, start + 7)
      decoder.advance(
        &state,
        by: Tensor(Array(rows.scalars[start * width..<end * width]), shape: [end - start, width]))
    }
    #expect(decoder.finish(state) == decoder.decode(rows))
    for span in decoder.decode(rows)[0].spans {
      #expect(span.start < span.end && span.end <= time && (0...1).contains(span.confidence))
    }
  }

  @Test func attentionAlonePlacesLettersWhereItLooked() throws {
    let recognizer = try SpellerFixtures.recognizer(SpellerFixtures.speller(ctcWeight: 0))
    let reading = try readings(recognizer)[0]
    #expect(zip(reading.spans, reading.spans.dropFirst()).allSatisfy { $0.start <= $1.start })
  }
}
