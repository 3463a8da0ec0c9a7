import Audio
import Configuration
import Decoding
import Layers
import Recognition
import Testing
import Training

/// What a network must be able to do before anything else: learn one recording to the letter.
@Suite struct TrainerOverfitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var model: ModelConfiguration
    var learningRate: Float = 1e-2

    static let all = [
      Case(
        testDescription: "RNN",
        model: Tones.deepSpeech2(.rnn) { $0.hiddenSize = 32 }),
      Case(testDescription: "LSTM", model: Tones.deepSpeech2(.lstm) { $0.hiddenSize = 24 }),
      Case(testDescription: "GRU", model: Tones.deepSpeech2(.gru) { $0.hiddenSize = 24 }),
      Case(testDescription: "Deep Speech", model: deepSpeech, learningRate: 3e-3),
      Case(testDescription: "Deep Speech 2", model: deepSpeech2, learningRate: 5e-3),
    ]

    private static var deepSpeech: ModelConfiguration {
      var sizes = DeepSpeechConfiguration()
      (sizes.contextSize, sizes.hiddenSize) = (3, 64)
      return .deepSpeech(sizes)
    }

    private static var deepSpeech2: ModelConfiguration {
      Tones.deepSpeech2(.gru) {
        ($0.contextSize, $0.frameStride) = (0, 1)
        $0.convolutions = [
          ConvolutionConfiguration(
            channels: 4, kernel: Size2D(height: 5, width: 5), stride: Size2D(2)),
          ConvolutionConfiguration(
            channels: 4, kernel: Size2D(3), stride: Size2D(height: 2, width: 1)),
        ]
        ($0.layerCount, $0.hiddenSize) = (2, 24)
      }
    }
  }

  @Test(arguments: Case.all)
  func oneRecordingIsLearnedToTheLetter(example: Case) throws {
    let folder = try TemporaryFolder()
    let text = "abba dace ebbe cad"
    let path = try Tones.write([text], to: "one", in: folder) + "/00.wav"
    // The recording thirty times, so that an epoch is thirty steps.
    let row = "{\"audio_filepath\": \"one/00.wav\", \"text\": \"\(text)\"}\n"
    let manifest = try folder.write(
      "thirty.jsonl", String(repeating: row, count: 30))
    var recipe = Tones.recipe(train: manifest, validation: folder.path + "/one")
    recipe.rules.batching.size = 1
    recipe.model = example.model
    recipe.rules.optimizer.learningRate = example.learningRate
    recipe.rules.epochs = 12
    recipe.rules.checkpointSteps = 1000

    let output = folder.path + "/out"
    let outcome = try Tones.trainer(recipe, to: output).run()
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(best.cer == 0 && best.wer == 0, "\(best)")

    let recognizer = try Recognizer(reading: output + "/best.safetensors")
    let transcript = recognizer.transcript(
      of: try AudioFile.read(path), decoder: recognizer.greedyDecoder)
    #expect(transcript.text == text)
    // The letters are heard where they sound: 130 ms each, with the network's stride of play.
    let starts = transcript.characters.map(\.start)
    #expect(starts == starts.sorted() && starts.count == text.count)
  }
}
