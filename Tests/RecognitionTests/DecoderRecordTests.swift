import Decoding
import ModelFiles
import Recognition
import TestSupport
import Testing

/// The decoder that a model file carries.
@Suite struct DecoderRecordTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  @Test func itStaysWithTheModel() throws {
    var recognizer = try RecognizerFixtures.random(ModelVariant.deepSpeech.configuration)
    try recognizer.modelFile().write(to: path)
    #expect(try Recognizer(reading: path).decoder == nil)
    var record = DecoderRecord()
    var decoding = DecodingConfiguration()
    decoding.languageModelWeight = 0.8125
    decoding.maximumLabels = 7
    decoding.scoreThreshold = nil
    record.decoding = decoding
    record.calibration = ConfidenceCalibration()
    record.calibration?.bias = 0.25
    record.timing = WordTiming()
    record.timing?.silenceLevel = nil
    record.languageModels = ["words.lm", "letters.lm"]
    recognizer.decoder = record
    try recognizer.modelFile().write(to: path)
    #expect(try Recognizer(reading: path).decoder == record)
    let (small, _) = try quantized(path)
    #expect(try small.decoderRecord() == record)
  }

  private func quantized(_ path: String) throws -> (ModelFile, Quantization) {
    var file = try ModelFile(reading: path)
    let summary = try file.quantize(keeping: [])
    return (file, summary)
  }

  @Test(arguments: [
    ("{\"languageModels\":[\"../x.lm\"]}", "languageModels.0"),
    ("{\"languageModels\":[\"\"]}", "languageModels.0"),
    ("{\"decoding\":{\"beamWidth\":0}}", "beamWidth"),
    ("{\"decoding\":{\"beamwidth\":5}}", "beamwidth"),
    ("{\"calibration\":{\"values\":[1,0]}}", "calibration"),
    ("{\"timing\":{\"longestReach\":-1}}", "timing.longestReach"), ("[]", "decoder"),
    ("{", "decoder"),
  ])
  func aWrongOneIsRefusedByName(json: String, word: String) throws {
    var file = try RecognizerFixtures.random(ModelVariant.deepSpeech.configuration).modelFile()
    file[.decoder] = json
    try file.write(to: path)
    let error = #expect(throws: CheckpointError.self) { try Recognizer(reading: path) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.hasPrefix(path) && message.contains(word), "\(message)")
  }
}
