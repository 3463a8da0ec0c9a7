extension WordTiming {
  /// A transcript and where its right words are known to be.
  public struct Example: Sendable {
    /// With the times of the decoder.
    public var transcript: Transcript
    /// For each word the time at which it is known to start; nil where that is not known or the word
    /// is wrong.
    public var starts: [Double?]
    /// For each word the time at which it is known to end, or nil.
    public var ends: [Double?]
    /// The length of the input, which begins at 0.
    public var duration: Double
    /// The loudness of the input; nil for what is not sound.
    public var loudness: LoudnessCurve?

    /// A transcript of an input with known times; see the properties.
    public init(
      transcript: Transcript, starts: [Double?], ends: [Double?], duration: Double,
      loudness: LoudnessCurve? = nil
    ) {
      precondition(
        starts.count == transcript.words.count && ends.count == starts.count,
        "WordTiming.Example: \(starts.count) starts and \(ends.count) ends for "
          + "\(transcript.words.count) words")
      (self.transcript, self.starts, self.ends) = (transcript, starts, ends)
      (self.duration, self.loudness) = (duration, loudness)
    }

    /// The differences between the words' times, after `timing` if there is one, and the known ones.
    public func differences(_ timing: WordTiming?) -> (starts: [Double], ends: [Double]) {
      let words =
        (timing?(transcript, to: duration, loudness: loudness) ?? transcript).words
      return (
        zip(words, starts).compactMap { word, time in time.map { word.start - $0 } },
        zip(words, ends).compactMap { word, time in time.map { word.end - $0 } }
      )
    }
  }

  /// The silence levels that are tried.
  private static let levels: [Float] = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]

  /// The timing with the smallest mean absolute error.
  ///
  /// The offsets are the medians of what the decoder's times lack; levels of silence are tried, and
  /// none at all. Among equally good levels the middle one is taken. Without known times the timing
  /// is the default.
  public init(fitting examples: [Example]) {
    self.init()
    let raw = Self.differences(examples, nil)
    guard raw.starts.count + raw.ends.count > 0 else { return }
    startOffset = -TimeErrors(raw.starts).bias
    endOffset = -TimeErrors(raw.ends).bias
    var silent = self
    silent.silenceLevel = nil
    guard examples.contains(where: { $0.loudness != nil }) else {
      self = silent
      return
    }
    let errors = Self.levels.map { level in
      var timing = self
      timing.silenceLevel = level
      return Self.meanError(examples, timing)
    }
    let least = errors.min() ?? .infinity
    guard least < Self.meanError(examples, silent) else {
      self = silent
      return
    }
    let good = errors.indices.filter { errors[$0] <= least + 0.0005 }
    silenceLevel = Self.levels[good[good.count / 2]]
  }

  /// How far the starts and the ends of all words are from the known ones, after `timing` if there is
  /// one.
  public static func errors(
    _ examples: [Example], _ timing: WordTiming?
  ) -> (starts: TimeErrors, ends: TimeErrors) {
    let differences = differences(examples, timing)
    return (TimeErrors(differences.starts), TimeErrors(differences.ends))
  }

  private static func differences(
    _ examples: [Example], _ timing: WordTiming?
  ) -> (starts: [Double], ends: [Double]) {
    examples.map { $0.differences(timing) }.reduce(into: ([], [])) { all, next in
      all.0 += next.starts
      all.1 += next.ends
    }
  }

  private static func meanError(_ examples: [Example], _ timing: WordTiming) -> Double {
    let (starts, ends) = errors(examples, timing)
    return (starts.mean * Double(starts.count) + ends.mean * Double(ends.count))
      / Double(max(1, starts.count + ends.count))
  }
}
