import Captions
import Decoding
import Foundation
import Testing

@Suite struct VerboseJSONTests {
  private struct Answer: Decodable {
    struct Segment: Decodable {
      var tokens: [Int]
      var temperature: Double
      var avg_logprob: Double
      var no_speech_prob: Double?
      var confidence: Double
      var text: String
    }
    var task: String
    var language: String
    var duration: Double
    var segments: [Segment]
  }

  private func answer(_ recording: TranscribedRecording) throws -> Answer {
    let text = TranscriptFormatter().text(recording, as: .verboseJSON)
    return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
  }

  @Test func valuesAreComputedOrAbsent() throws {
    var made = transcript(
      [word("a", 0, 10, confidence: 0.5), word("b", 20, 30, confidence: 0.125)])
    var recording = recording(made)
    var segment = try #require(answer(recording).segments.first)
    #expect(abs(segment.avg_logprob - log(0.25)) < 1e-6)
    #expect(segment.no_speech_prob == nil && segment.tokens == [] && segment.temperature == 0)
    made.segments[0].noSpeechProbability = 0.25
    recording = TranscribedRecording(made, file: "x", model: "m", duration: 1)
    recording.labels = { $0.unicodeScalars.map { Int($0.value) } }
    recording.language = "english"
    segment = try #require(answer(recording).segments.first)
    #expect(segment.no_speech_prob == 0.25 && segment.tokens == [97, 32, 98])
    #expect(try answer(recording).language == "english")
  }

  @Test func zeroConfidenceIsFinite() throws {
    let made = recording(transcript([word("a", 0, 10, confidence: 0)]))
    let segment = try #require(answer(made).segments.first)
    #expect(segment.avg_logprob < -9 && segment.avg_logprob.isFinite)
  }

  @Test func silenceIsAnAnswerToo() throws {
    let made = TranscribedRecording(
      Transcript(joining: []), file: "x.wav", model: "m", duration: 2)
    #expect(try answer(made).segments.isEmpty)
    #expect(try answer(made).duration == 2)
  }
}
