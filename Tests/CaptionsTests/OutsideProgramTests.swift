import Captions
import Decoding
import Foundation
import Tensors
import Testing

/// Captions as ffmpeg reads them.
@Suite(.enabled(if: program("ffmpeg") != nil, "ffmpeg is not installed"))
struct CaptionsInFFmpegTests {
  private struct Cue: Equatable {
    var start: Int
    var end: Int
    var text: String
  }

  private func cues(_ text: String, format: String) throws -> [Cue] {
    let arguments = ["-nostdin", "-v", "error", "-f", format, "-i", "INPUT", "-f", "srt", "-"]
    let blocks = try output(of: "ffmpeg", arguments, on: text)
      .replacing("\r\n", with: "\n").components(separatedBy: "\n\n")
    return try blocks.filter { !$0.allSatisfy(\.isWhitespace) }.map { block in
      let lines = block.split(separator: "\n").map(String.init)
      let times = lines[1].components(separatedBy: " --> ").map(milliseconds)
      try #require(times.count == 2)
      let text = lines.dropFirst(2).joined(separator: " ")
      return Cue(start: times[0], end: times[1], text: text)
    }
  }

  /// `01:02:03,004` in milliseconds.
  private func milliseconds(_ text: String) -> Int {
    let parts = text.split { ":,".contains($0) }.compactMap { Int($0) }
    return parts.count == 4 ? ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3] : -1
  }

  private func expected(_ recording: TranscribedRecording) -> [Cue] {
    let end = Int(((recording.offset + recording.duration) * 1000).rounded())
    return CaptionLayout().captions(of: recording.transcript, limit: end).map {
      Cue(start: $0.start, end: $0.end, text: $0.text.joined(separator: " "))
    }
  }

  // What looks like a tag is one in SubRip, which cannot escape it; ffmpeg trims marks of byte order.
  private let plain = hostileWords.filter {
    !$0.unicodeScalars.contains { "<>{}&\\\u{FEFF}".unicodeScalars.contains($0) }
  }

  @Test(arguments: 0..<6) func subRip(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 11)
    let made = recording(
      randomTranscript(&source, count: 40, words: plain), offset: Double(seed) * 1800)
    let text = TranscriptFormatter().text(made, as: .srt)
    #expect(try cues(text, format: "srt") == expected(made), "seed \(seed)")
  }

  @Test(arguments: [false, true]) func webVTT(wordTimestamps: Bool) throws {
    for seed in 0..<4 {
      var source = RandomSource(seed: UInt64(seed), 12)
      let made = recording(
        randomTranscript(&source, count: 40, words: plain), offset: Double(seed) * 1800)
      var formatter = TranscriptFormatter()
      formatter.wordTimestamps = wordTimestamps
      let text = formatter.text(made, as: .vtt)
      #expect(try cues(text, format: "webvtt") == expected(made), "seed \(seed)")
    }
  }

  @Test func escapedTextComesBack() throws {
    let made = recording(transcript([word("a<b>c</b>", 0, 500), word("&amp;", 500, 900)]))
    let text = TranscriptFormatter().text(made, as: .vtt)
    #expect(text.contains("a&lt;b&gt;c&lt;/b&gt; &amp;amp;"))
    let shown = try cues(text, format: "webvtt").map(\.text).joined()
    #expect(shown.contains("b") && shown.contains("c"), "\(shown)")
  }
}

/// JSON as Python reads it.
@Suite(.enabled(if: program("python3") != nil, "python3 is not installed"))
struct JSONInPythonTests {
  private static let check = """
    import json, sys, math
    for line in open(sys.argv[1], encoding='utf-8'):
        d = json.loads(line)
        if 'task' in d:
            assert set(d) == {'task', 'duration', 'language', 'text', 'segments', 'words'}, set(d)
            for i, s in enumerate(d['segments']):
                assert set(s) == {'id', 'seek', 'start', 'end', 'text', 'tokens', 'temperature',
                    'avg_logprob', 'compression_ratio', 'no_speech_prob', 'confidence'}, set(s)
                assert s['id'] == i and s['seek'] == int(s['start'] * 100 + 1e-6)
                assert s['avg_logprob'] <= 0 and s['compression_ratio'] > 0
            import zlib
            for s in d['segments']:
                b = s['text'].encode()
                if b: assert abs(len(b) / len(zlib.compress(b)) - s['compression_ratio']) < 1e-5
            assert ' '.join(s['text'] for s in d['segments']) == d['text']
        assert [set(w) for w in d['words']] == [{'word', 'start', 'end', 'confidence'}] * len(d['words'])
        print('|'.join('%s,%.3f,%.3f' % (w['word'].encode().hex(), w['start'], w['end']) for w in d['words']))
    """

  @Test(arguments: [TranscriptFormat.json, .verboseJSON], 0..<4)
  func everyWordComesBack(format: TranscriptFormat, seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 13)
    let recordings = (0..<2).map { _ in recording(randomTranscript(&source, count: 30)) }
    let text = TranscriptFormatter().text(recordings, as: format)
    let expected = recordings.map { recording in
      recording.transcript.words.map { word in
        let hex = word.text.utf8.map { String(format: "%02x", $0) }.joined()
        return hex + String(format: ",%.3f,%.3f", word.start, word.end)
      }.joined(separator: "|") + "\n"
    }.joined()
    #expect(try output(of: "python3", ["-c", Self.check, "INPUT"], on: text) == expected)
  }
}
