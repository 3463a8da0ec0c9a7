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
    guard let calibration else {
      return Transcript(
        readings[0], alphabet: alphabet, frameDuration: frameDuration, startTime: startTime)
    }
    return Transcript(
      hypotheses: readings, alphabet: alphabet, frameDuration: frameDuration,
      startTime: startTime, calibration: calibration)
  }
}
