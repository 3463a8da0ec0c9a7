import Decoding

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A recording with its words, as this program has always written it.
struct PlainJSON: Encodable {
  struct Word: Encodable {
    var word: String
    var start: Double
    var end: Double
    var confidence: Float
  }

  var file: String
  /// The channel, where each is transcribed on its own.
  var channel: Int?
  var model: String
  /// The seconds that were listened to.
  var duration: Double
  var text: String
  var confidence: Float
  var words: [Word]
  /// The segments with their readings, if more than the best was asked for.
  var segments: [Segment]?

  struct Segment: Encodable {
    var start: Double
    var end: Double
    var alternatives: [Transcript.Alternative]
  }

  init(_ recording: TranscribedRecording) {
    let transcript = recording.transcript
    (file, model, channel) = (recording.file, recording.model, recording.part)
    duration = Double(recording.duration.milliseconds) / 1000
    text = transcript.text
    confidence = transcript.confidence.share
    words = transcript.words.map {
      Word(word: $0.text, start: $0.start, end: $0.end, confidence: $0.confidence.share)
    }
    let readings = transcript.segments.compactMap { segment in
      segment.alternatives.map {
        Segment(start: segment.start, end: segment.end, alternatives: $0)
      }
    }
    segments = readings.isEmpty ? nil : readings
  }
}

extension Encodable {
  /// The value as one line of JSON, keys sorted.
  var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("\(Self.self): all numbers are finite, yet: \(error)")
    }
  }
}

extension Float {
  /// The number inside `0...1`; 0 if it is none.
  var share: Float { self >= 0 ? min(self, 1) : 0 }
}
