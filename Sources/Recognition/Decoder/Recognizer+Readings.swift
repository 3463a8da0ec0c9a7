import Decoding

extension Recognizer {
  /// The best of a decoder's readings as a transcript, with calibrated confidences if there is a
  /// calibration.
  ///
  /// - Parameters:
  ///   - readings: The best first; not empty.
  ///   - startTime: When the first frame begins, in the unit of the input.
  public func transcript(of readings: [Hypothesis], startTime: Double = 0) -> Transcript {
    precondition(!readings.isEmpty, "Recognizer: got no readings, expected 1 or more")
    var transcript =
      calibration.map {
        Transcript(
          hypotheses: readings, alphabet: alphabet, frameDuration: frameDuration,
          startTime: startTime, calibration: $0)
      }
      ?? Transcript(
        readings[0], alphabet: alphabet, frameDuration: frameDuration, startTime: startTime)
    if alternativeCount > 0, !transcript.segments.isEmpty {
      transcript.segments[0].alternatives = readings.prefix(alternativeCount).map {
        Transcript.Alternative($0, alphabet: alphabet)
      }
    }
    return transcript
  }
}
